// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.overload.BigLists;
import dev.brain.bench.overload.Compaction;
import dev.brain.bench.overload.Flood;
import dev.brain.bench.overload.LeaseStorm;
import dev.brain.bench.overload.Scenario;
import dev.brain.bench.overload.StalledWatchers;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench overload}: asks too much of a server, one scenario per command. */
@Command(
    name = "overload",
    description = {
      "Asks too much of one server and checks what must hold meanwhile. Exits with 0 if all of it holds."
    },
    subcommands = HelpCommand.class,
    synopsisSubcommandLabel = "SCENARIO")
final class OverloadCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;

  @Command(
      name = "flood",
      description = "Many writers at once: what is refused is not applied, what is answered is.")
  int flood(
      @Mixin ScenarioOptions options,
      @Option(
              names = "--writers",
              paramLabel = "N",
              defaultValue = "5000",
              description = "Writes under way at once (default: ${DEFAULT-VALUE}).")
          int writers,
      @Option(
              names = "--count",
              paramLabel = "N",
              defaultValue = "200000",
              description = "Writes in all (default: ${DEFAULT-VALUE}).")
          int count)
      throws IOException, InterruptedException {
    options.check("--writers", writers, 1, 100_000);
    options.check("--count", count, 1, 100_000_000);
    return options.play(new Flood(writers, count, options.duration));
  }

  @Command(
      name = "big-lists",
      description = "Lists of everything at once: each is served in full or refused, writes go on.")
  int bigLists(
      @Mixin ScenarioOptions options,
      @Option(
              names = "--lists",
              paramLabel = "N",
              defaultValue = "64",
              description = "Lists at once (default: ${DEFAULT-VALUE}).")
          int lists,
      @Option(
              names = "--megabytes",
              paramLabel = "N",
              defaultValue = "200",
              description =
                  "Values in each list, in millions of bytes (default: ${DEFAULT-VALUE}).")
          int megabytes)
      throws IOException, InterruptedException {
    options.check("--lists", lists, 1, 10_000);
    options.check("--megabytes", megabytes, 1, 2_000);
    Scenario scenario =
        new BigLists(lists, megabytes, options.rate, options.duration, options.patience);
    return options.play(scenario);
  }

  @Command(
      name = "stalled-watchers",
      description =
          "Watchers that stop reading: nobody else feels it, and they get everything later.")
  int stalledWatchers(
      @Mixin ScenarioOptions options,
      @Option(
              names = "--watchers",
              paramLabel = "N",
              defaultValue = "1000",
              description = "Watchers that stop reading (default: ${DEFAULT-VALUE}).")
          int watchers,
      @Option(
              names = "--streams",
              paramLabel = "N",
              defaultValue = "100",
              description = "Streams they share (default: ${DEFAULT-VALUE}).")
          int streams,
      @Option(
              names = "--megabytes",
              paramLabel = "N",
              defaultValue = "1000",
              description =
                  "Values that are written meanwhile, in millions of bytes (default: ${DEFAULT-VALUE}).")
          int megabytes)
      throws IOException, InterruptedException {
    options.check("--streams", streams, 1, 10_000);
    options.check("--watchers", watchers, streams, 100_000);
    options.check("--megabytes", megabytes, 1, 1_000_000);
    Scenario scenario =
        new StalledWatchers(watchers, streams, megabytes, options.rate, options.duration);
    return options.play(scenario);
  }

  @Command(
      name = "lease-storm",
      description = "Leases that expire at once: all are gone soon, and writes hardly feel it.")
  int leaseStorm(
      @Mixin ScenarioOptions options,
      @Option(
              names = "--leases",
              paramLabel = "N",
              defaultValue = "100000",
              description = "Leases, each with a key (default: ${DEFAULT-VALUE}).")
          int leases,
      @Option(
              names = "--ttl",
              paramLabel = "TIME",
              defaultValue = "60s",
              description =
                  "From the first grant until they expire; must suffice to grant them all (default:"
                      + " ${DEFAULT-VALUE}).")
          Duration timeToLive)
      throws IOException, InterruptedException {
    options.check("--leases", leases, 1, 10_000_000);
    options.check("--ttl in seconds", timeToLive.toSeconds(), 1, 86_400);
    Scenario scenario =
        new LeaseStorm(leases, timeToLive, options.rate, options.duration, options.patience);
    return options.play(scenario);
  }

  @Command(
      name = "compaction",
      description = "A compaction of many revisions: writes hardly feel it.")
  int compaction(
      @Mixin ScenarioOptions options,
      @Option(
              names = "--keys",
              paramLabel = "N",
              defaultValue = "1000000",
              description =
                  "Keys that are written again before, so that as many versions are compacted (default:"
                      + " ${DEFAULT-VALUE}).")
          int keys,
      @Option(
              names = "--batch-size",
              paramLabel = "N",
              defaultValue = "100",
              description = "Keys per transaction of that (default: ${DEFAULT-VALUE}).")
          int batchSize)
      throws IOException, InterruptedException {
    options.check("--keys", keys, 1, 100_000_000);
    options.check("--batch-size", batchSize, 1, 10_000);
    return options.play(new Compaction(keys, batchSize, options.rate, options.duration));
  }
}
