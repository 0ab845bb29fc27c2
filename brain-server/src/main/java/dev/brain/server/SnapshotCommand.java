// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import ch.qos.logback.classic.LoggerContext;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.server.snapshot.RestoreOptions;
import dev.brain.server.snapshot.SnapshotRestore;
import dev.brain.server.snapshot.SnapshotSummary;
import dev.brain.server.transport.ClientChannels;
import dev.brain.server.transport.TlsException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code brain snapshot}. */
@Command(
    name = "snapshot",
    header = "Saves, restores and examines snapshots.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    mixinStandardHelpOptions = true)
final class SnapshotCommand {
  @Spec CommandSpec spec;

  @Command(
      name = "save",
      description = {
        "Saves all data of a running server to a file, as of one revision. The file is complete and"
            + " checked once it has its name."
      },
      mixinStandardHelpOptions = true)
  int save(
      @Parameters(paramLabel = "FILE", description = "The file to write; replaced if it exists.")
          Path file,
      @Option(
              names = {"--endpoints", "--endpoint"},
              paramLabel = "URL",
              defaultValue = "http://127.0.0.1:2379",
              description = "The server. Default: ${DEFAULT-VALUE}")
          String endpoint,
      @Option(
              names = "--cacert",
              paramLabel = "FILE",
              description = "Certificates of the authorities that sign the server's, in PEM.")
          @Nullable Path authorities,
      @Option(names = "--cert", paramLabel = "FILE", description = "Your certificate, in PEM.")
          @Nullable Path certificate,
      @Option(names = "--key", paramLabel = "FILE", description = "Its private key, in PEM.")
          @Nullable Path key) {
    return run(
        () -> {
          SnapshotDownload.save(
              endpoint, new ClientChannels.Files(authorities, certificate, key), file);
          return "saved " + file + ": " + text(SnapshotSummary.of(file));
        });
  }

  @Command(
      name = "restore",
      description = {
        "Makes a new data directory from a snapshot. A server that starts on it is a new cluster.",
        "Clients that have seen newer revisions than the snapshot has must not meet the same numbers"
            + " with other contents: give --bump-revision and --mark-compacted then, as always with"
            + " Kubernetes."
      },
      mixinStandardHelpOptions = true)
  int restore(
      @Parameters(paramLabel = "FILE", description = "The snapshot.") Path file,
      @Option(
              names = "--data-dir",
              paramLabel = "DIR",
              required = true,
              description = "The directory to make; must not exist, or be empty.")
          Path directory,
      @Option(
              names = "--bump-revision",
              paramLabel = "NUMBER",
              defaultValue = "0",
              description = "How far above the snapshot's revision to go on. Default: 0")
          long bumpRevision,
      @Option(
              names = "--mark-compacted",
              description = "Count everything up to there as compacted; needs --bump-revision.")
          boolean markCompacted,
      @Option(
              names = "--engine",
              paramLabel = "NAME",
              defaultValue = "rocksdb",
              description = "The engine of the new directory. Default: ${DEFAULT-VALUE}")
          String engine,
      @Option(
              names = "--engine-option",
              paramLabel = "NAME=VALUE",
              description = "A setting of the engine; may be given several times.")
          @Nullable Map<String, String> engineOptions) {
    return run(
        () -> {
          SnapshotSummary summary =
              SnapshotRestore.restore(
                  file,
                  Engines.factory(engine),
                  new EngineSettings(directory, engineOptions == null ? Map.of() : engineOptions),
                  new RestoreOptions(bumpRevision, markCompacted),
                  new SecureRandom());
          return "restored " + directory + ": " + text(summary);
        });
  }

  @Command(
      name = "status",
      description = "Reads and checks a whole snapshot, and says what is in it.",
      mixinStandardHelpOptions = true)
  int status(
      @Parameters(paramLabel = "FILE", description = "The snapshot.") Path file,
      @Option(
              names = {"-w", "--write-out"},
              paramLabel = "FORMAT",
              defaultValue = "simple",
              description = "simple or json. Default: ${DEFAULT-VALUE}")
          Format format) {
    return run(
        () -> {
          SnapshotSummary summary = SnapshotSummary.of(file);
          return format == Format.json ? json(summary) : text(summary);
        });
  }

  /** In lower case, as operators write them. */
  enum Format {
    simple,
    json
  }

  private static String text(SnapshotSummary summary) {
    return String.format(
        Locale.ROOT,
        "hash %08x, revision %d, %d key versions, %d bytes",
        summary.hash(),
        summary.revision(),
        summary.totalKeys(),
        summary.totalBytes());
  }

  /** With the names that etcdutl uses. */
  private static String json(SnapshotSummary summary) {
    return String.format(
        Locale.ROOT,
        "{\"hash\":%d,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d}",
        Integer.toUnsignedLong(summary.hash()),
        summary.revision(),
        summary.totalKeys(),
        summary.totalBytes());
  }

  /** Runs something that returns what to print, and turns what can go wrong into one line. */
  private int run(Callable<String> action) {
    PrintWriter err = spec.commandLine().getErr();
    String fault;
    // Without a configuration the library would log everything to stdout.
    try (Logging _ = Logging.startQuietly((LoggerContext) LoggerFactory.getILoggerFactory())) {
      spec.commandLine().getOut().println(action.call());
      spec.commandLine().getOut().flush();
      return Main.OK;
    } catch (NoSuchFileException e) {
      fault = e.getFile() + ": no such file or directory";
    } catch (StatusRuntimeException e) {
      fault = "the server answered " + e.getMessage();
    } catch (IOException | TlsException | StartException | EngineException e) {
      fault = String.valueOf(e.getMessage());
    } catch (IllegalArgumentException e) {
      err.println("brain snapshot: " + e.getMessage());
      err.flush();
      return Main.USAGE;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    err.println("brain snapshot: " + fault);
    err.flush();
    return Main.FAILED;
  }
}
