// SPDX-License-Identifier: Apache-2.0

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks the Java sources of every module, or rewrites them: {@code Sources check|write}, run at
 * the root of the project. Prints one line for each fault and exits with 1 if there was one.
 *
 * <p>The rules: google-java-format, the licence line first, no file longer than {@value #LONGEST}
 * lines.
 */
final class Sources {
  private static final String LICENCE = "// SPDX-License-Identifier: Apache-2.0\n";
  private static final int LONGEST = 500;

  private Sources() {}

  public static void main(String[] arguments) throws IOException {
    boolean write = arguments.length == 1 && arguments[0].equals("write");
    if (!write && !(arguments.length == 1 && arguments[0].equals("check"))) {
      System.err.println("sources.mode: " + List.of(arguments) + " (expected: check or write)");
      System.exit(2);
    }
    List<String> faults =
        sources().parallel().map(file -> fault(file, write)).flatMap(Optional::stream).toList();
    faults.forEach(System.err::println);
    if (!faults.isEmpty()) {
      System.exit(1);
    }
  }

  /** Returns every {@code .java} file below a {@code src} of a module, and those of the build. */
  private static Stream<Path> sources() throws IOException {
    try (Stream<Path> children = Files.list(Path.of(""))) {
      return children
          .flatMap(child -> Stream.of(child.resolve("src"), child))
          .filter(path -> path.endsWith("src") || path.endsWith("build"))
          .filter(Files::isDirectory)
          .flatMap(Sources::javaBelow)
          .sorted()
          .toList()
          .stream();
    }
  }

  private static Stream<Path> javaBelow(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> fault(Path file, boolean write) {
    try {
      String found = Files.readString(file);
      String wanted = format(found);
      if (!found.equals(wanted)) {
        if (!write) {
          return Optional.of(file + ": format or licence line differs; run ./format");
        }
        Files.writeString(file, wanted);
      }
      long lines = wanted.lines().count();
      return lines > LONGEST
          ? Optional.of(
              file + ": " + lines + " lines (expected: at most " + LONGEST + "); split it by noun")
          : Optional.empty();
    } catch (FormatterException e) {
      return Optional.of(file + ":" + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Formats as the formatter's own command line does, with the licence line in front. */
  private static String format(String source) throws FormatterException {
    String licensed = source.startsWith(LICENCE) ? source : LICENCE + source;
    JavaFormatterOptions options = JavaFormatterOptions.defaultOptions();
    String ordered =
        RemoveUnusedImports.removeUnusedImports(
            ImportOrderer.reorderImports(licensed, options.style()));
    return new Formatter(options).formatSource(ordered);
  }
}
