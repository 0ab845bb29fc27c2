// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.tikv.common.TiSession;

/**
 * What stands on the class path beside TiKV's client must not meet older copies of itself in it.
 */
class ClientJarTest {
  /** First packages of classes that are TiKV's own, or that nobody else would bring. */
  private static final String OWN =
      "(org/tikv|com/pingcap|com/sangupta|android|binlog|configpb|deadlock|enginepb|eraftpb"
          + "|replication_modepb|rustproto)/.*";

  @Test
  void clientJar_holdsOnlyRelocatedLibraries() throws IOException {
    String path = TiSession.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try (JarFile jar = new JarFile(new File(path))) {
      assertThat(
              jar.stream()
                  .map(JarEntry::getName)
                  .filter(name -> name.endsWith(".class") && !name.matches(OWN))
                  .toList())
          .isEmpty();
    }
  }
}
