// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench fill}: puts data on a server and leaves it there. */
@Command(
    name = "fill",
    description = "Creates the keys that get, list, list-all and count read, and leaves them.")
final class FillCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin ServerOption server;

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description =
          "How many keys there are to be; the missing ones are created, one by one (default: ${DEFAULT-VALUE}).")
  int keys;

  @Option(
      names = "--rewrites",
      paramLabel = "N",
      defaultValue = "0",
      description = "How often each key is written again (default: ${DEFAULT-VALUE}).")
  int rewrites;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "100",
      description = "Keys per transaction when they are written again (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Mixin ClientOptions options;

  @Override
  public Integer call() throws InterruptedException {
    List<String> faults = options.faults();
    ClientOptions.check(faults, "--keys", keys, 1, 100_000_000);
    ClientOptions.check(faults, "--rewrites", rewrites, 0, 1_000);
    ClientOptions.check(faults, "--batch-size", batchSize, 1, 10_000);
    Main.refuse(spec, faults);
    try (Bench bench = new Bench(options, spec.commandLine().getErr());
        Session session = bench.connect(server.endpoint, 0)) {
      session.fill(keys, rewrites, batchSize);
    }
    return 0;
  }
}
