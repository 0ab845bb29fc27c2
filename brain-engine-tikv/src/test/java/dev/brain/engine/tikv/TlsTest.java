// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static dev.brain.engine.tikv.Ledger.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineException;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.Space;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.TestCertificates;
import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS to the placement driver and to the stores; never anything less. */
class TlsTest {
  @TempDir Path directory;
  private TestCertificates certificates;

  @BeforeEach
  void certify() {
    certificates = TestCertificates.in(directory);
  }

  @Test
  void open_withCertificate_readsAndWrites() {
    try (TikvEmulator emulator = TikvEmulator.start(2, 0, certificates.server());
        Engine engine = open(emulator, patiently(files()))) {
      assertThat(engine.commit(new WriteBatch().put(Space.HEAD, bytes("a"), bytes("1"))))
          .isInstanceOf(CommitOutcome.Committed.class);
      assertThat(engine.get(Space.HEAD, bytes("a"))).isEqualTo(bytes("1"));
    }
  }

  @Test
  void open_serversWantTlsAndNoFilesAreGiven_isUnavailable() {
    try (TikvEmulator emulator = TikvEmulator.start(1, 0, certificates.server())) {
      assertThatThrownBy(() -> open(emulator, Map.of()))
          .isInstanceOf(EngineException.Unavailable.class);
    }
  }

  @Test
  void open_serversHaveNoTls_isUnavailableAndNotInClearText() {
    try (TikvEmulator emulator = TikvEmulator.start(1)) {
      assertThatThrownBy(() -> open(emulator, files()))
          .isInstanceOf(EngineException.Unavailable.class);
      assertThat(emulator.calls("GetMembers")).isZero();
    }
  }

  @Test
  void open_fileIsMissingOrSomethingElse_isRefusedByItsName() throws IOException {
    Path other = Files.writeString(directory.resolve("other"), "no certificate");
    try (TikvEmulator emulator = TikvEmulator.start(1, 0, certificates.server())) {
      for (String name : new String[] {"cacert", "cert", "key"}) {
        for (Path wrong : new Path[] {directory.resolve("missing"), other}) {
          Map<String, String> files = new HashMap<>(files());
          files.put(name, wrong.toString());

          assertThatThrownBy(() -> open(emulator, files))
              .isInstanceOf(EngineException.InvalidSettings.class)
              .hasMessageContaining(name)
              .hasMessageContaining(wrong.toString());
        }
      }
    }
  }

  private Map<String, String> files() {
    return Map.of(
        "cacert", certificates.authority().toString(),
        "cert", certificates.client().toString(),
        "key", certificates.clientKey().toString());
  }

  /** For a busy machine; those that fail need not take so long. */
  private static Map<String, String> patiently(Map<String, String> files) {
    Map<String, String> options = new HashMap<>(files);
    options.put("request-timeout", "1m");
    return options;
  }

  private static Engine open(TikvEmulator emulator, Map<String, String> files) {
    Map<String, String> options = new HashMap<>(files);
    options.put("pd-endpoints", emulator.pdAddress());
    return new TikvEngineFactory().open(new EngineSettings(Path.of("unused"), options));
  }
}
