// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.etcdctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import dev.brain.conformance.process.Tool;
import dev.brain.proto.etcdserverpb.RangeResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code etcdctl snapshot save} gets from Brain, {@code brain snapshot} examines and restores.
 */
class SnapshotTest {
  @TempDir Path directory;

  @Test
  void snapshot_savedByEtcdctl_isRestoredExactlyOrRefused() throws IOException {
    assumeTrue(Subject.program() == Program.BRAIN, "etcd's snapshots are for etcdutl");
    RangeResponse saved = save();
    Path snapshot = directory.resolve("snapshot.db");
    assertThat(brain("snapshot", "status", snapshot.toString()).code()).isZero();

    try (Server restored = Server.of(Program.BRAIN, directory.resolve("restored"))) {
      String[] restore = {
        "snapshot", "restore", "--data-dir=" + restored.data(), snapshot.toString()
      };
      assertThat(brain(restore)).returns(0, Tool.Result::code);
      // The directory is not empty any more.
      assertThat(brain(restore).code()).isNotZero();
      restored.start();
      try (Client client = Client.to(restored.port())) {
        RangeResponse all = client.answer(Requests.all());
        assertThat(all.getKvsList()).isEqualTo(saved.getKvsList());
        assertThat(all.getHeader().getRevision()).isEqualTo(saved.getHeader().getRevision());
        assertThat(client.answer(Requests.put("after", "1")).getHeader().getRevision())
            .isEqualTo(saved.getHeader().getRevision() + 1);
      }
    }

    byte[] whole = Files.readAllBytes(snapshot);
    for (int at : new int[] {0, whole.length / 3, whole.length / 2, whole.length - 1}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      refuse(damaged);
      refuse(Arrays.copyOf(whole, at));
    }
  }

  private RangeResponse save() {
    Path place = directory.resolve("source");
    try (Server source = Server.started(Program.BRAIN, place);
        Client client = Client.to(source.port())) {
      client.answer(Requests.grant(77, 3_600));
      for (int i = 0; i < 200; i++) {
        String value = "v".repeat(i * 50);
        client.answer(
            Requests.put("k" + i % 60, value, p -> p.setLease(value.length() % 3 == 0 ? 77 : 0)));
      }
      client.answer(Requests.delete("k7", ""));
      Tool.Result result =
          new Etcdctl(source, place)
              .run("snapshot", "save", directory.resolve("snapshot.db").toString());
      assertThat(result).returns(0, Tool.Result::code);
      return client.answer(Requests.all());
    }
  }

  private void refuse(byte[] bytes) throws IOException {
    Path damaged = Files.write(directory.resolve("damaged.db"), bytes);
    Path target = directory.resolve("refused");
    Tool.Result result = brain("snapshot", "restore", "--data-dir=" + target, damaged.toString());
    assertThat(result.code()).as(result::toString).isNotZero();
    assertThat(result.err()).isNotBlank();
    assertThat(Files.exists(target.resolve("CURRENT"))).isFalse();
  }

  private Tool.Result brain(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Program.launcher().toString()));
    command.addAll(List.of(arguments));
    try (Tool tool = Tool.start(directory, Map.of(), "", command)) {
      return tool.await(Duration.ofSeconds(60));
    }
  }
}
