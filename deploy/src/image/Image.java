// SPDX-License-Identifier: Apache-2.0

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;

/**
 * Makes the container image without Docker: {@code Image BASE DISTRIBUTION TAR NAME}, where BASE is
 * an image of a registry, {@code tar://} and the path of a saved image, or {@code scratch}, which
 * has no Java and is for tests. It says of the image what the Dockerfile says; a test compares the
 * two. The same input gives the same bytes.
 */
final class Image {
  private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.get("/opt/brain");
  private static final AbsoluteUnixPath DATA = AbsoluteUnixPath.get("/var/lib/brain");
  private static final String USER = "65532:65532";

  private Image() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      System.err.println("usage: Image BASE DISTRIBUTION TAR NAME");
      System.exit(2);
    }
    String base = arguments[0];
    JibContainerBuilder image = base.equals("scratch") ? Jib.fromScratch() : Jib.from(base);
    image
        .setFileEntriesLayers(program(Path.of(arguments[1])), data())
        .setUser(USER)
        .setWorkingDirectory(DATA)
        .setVolumes(Set.of(DATA))
        .setExposedPorts(Port.tcp(2379), Port.tcp(2380), Port.tcp(2381))
        .setEntrypoint("/opt/brain/bin/brain")
        .setProgramArguments("server")
        .addEnvironmentVariable("BRAIN_DATA_DIR", "/var/lib/brain/data")
        .addEnvironmentVariable("BRAIN_LISTEN_CLIENT_URLS", "http://0.0.0.0:2379")
        .addEnvironmentVariable("BRAIN_LISTEN_METRICS_URLS", "http://0.0.0.0:2381");
    image.containerize(
        Containerizer.to(TarImage.at(Path.of(arguments[2])).named(arguments[3]))
            .setOfflineMode(base.equals("scratch") || base.startsWith(Jib.TAR_IMAGE_PREFIX)));
    System.out.println("wrote " + arguments[2]);
  }

  private static FileEntriesLayer program(Path distribution) throws IOException {
    return FileEntriesLayer.builder()
        .setName("program")
        .addEntryRecursive(
            distribution,
            HOME,
            (path, _) ->
                FilePermissions.fromOctalString(
                    Files.isDirectory(path) || Files.isExecutable(path) ? "755" : "644"))
        .build();
  }

  /** The directory of the data, empty. */
  private static FileEntriesLayer data() throws IOException {
    Path empty = Files.createTempDirectory("brain-image");
    empty.toFile().deleteOnExit();
    return FileEntriesLayer.builder()
        .setName("data")
        .addEntry(empty, DATA, FilePermissions.fromOctalString("700"), Instant.EPOCH, USER)
        .build();
  }
}
