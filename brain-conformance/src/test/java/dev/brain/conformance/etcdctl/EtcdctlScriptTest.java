// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.etcdctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.conformance.differential.Comparison;
import dev.brain.conformance.differential.Difference;
import dev.brain.conformance.differential.Explained;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same commands of etcdctl print the same for a real etcd and for Brain. */
class EtcdctlScriptTest {
  private static final Program SUBJECT = Subject.program();

  @TempDir Path directory;

  @Test
  void outputs_ofEtcdctl_areThoseOfEtcd() {
    List<Script.Command> commands = Script.load("etcdctl-script.txt");
    List<List<String>> etcd = run(commands, Program.ETCD, directory.resolve("etcd"));
    List<List<String>> brain = run(commands, SUBJECT, directory.resolve("brain"));
    Explained explained = Explained.of("etcdctl");
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < commands.size(); i++) {
      differences.addAll(
          explained.unexplained(
              Comparison.ofLines(commands.get(i).toString(), "output", etcd.get(i), brain.get(i))));
    }
    assertThat(differences)
        .as(
            () ->
                differences.stream()
                    .map(Difference::toString)
                    .collect(Collectors.joining("\n", "differences:\n", "\n")))
        .isEmpty();
    if (SUBJECT == Program.BRAIN) {
      assertThat(explained.unused()).as("rules that explain nothing any more").isEmpty();
    }
  }

  private List<List<String>> run(List<Script.Command> commands, Program program, Path place) {
    try (Server server = Server.started(program, place)) {
      return Script.run(commands, new Etcdctl(server, place));
    }
  }
}
