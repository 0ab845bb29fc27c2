// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class FlagsDocumentTest {
  /** Tests run in the directory of their module. */
  private static final Path DOCUMENT = Path.of("..", "docs", "flags.md");

  /** With -Dflags.write=true it writes the document instead. */
  @Test
  void document_isUpToDate() throws IOException {
    if (Boolean.getBoolean("flags.write")) {
      Files.writeString(DOCUMENT, FlagsDocument.text());
    }
    assertThat(Files.readString(DOCUMENT))
        .as(
            "docs/flags.md; write it anew with mvn test -Dtest=FlagsDocumentTest -DargLine=-Dflags.write=true")
        .isEqualTo(FlagsDocument.text());
  }
}
