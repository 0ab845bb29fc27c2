// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.etcdctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Server;
import dev.brain.conformance.process.Subject;
import dev.brain.conformance.process.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of etcdctl that go on until they are ended, on a real etcd and on Brain. */
class EtcdctlToolsTest {
  private static final Program SUBJECT = Subject.program();

  @TempDir Path directory;

  @Test
  void watch_fromARevision_printsTheSameEvents() {
    requireSame(
        etcdctl -> {
          for (String value : List.of("1", "2", "3")) {
            etcdctl.run("put", "w1", value);
          }
          etcdctl.run("put", "w2", "x");
          etcdctl.run("del", "w1");
          etcdctl.run("put", "last", "last");
          List<String> outputs = new ArrayList<>();
          outputs.add(until(etcdctl, "DELETE\nw1\n", "watch", "w1", "--rev=1"));
          outputs.add(until(etcdctl, "DELETE\nw1\n", "watch", "w1", "--rev=3", "--prev-kv"));
          outputs.add(until(etcdctl, "last\nlast\n", "watch", "", "--prefix", "--rev=2"));
          outputs.add(until(etcdctl, "x\n", "watch", "w2", "w3", "--rev=2", "--prev-kv"));
          outputs.add(
              until(etcdctl, "\"last\"", "watch", "l", "--prefix", "--rev=2", "-w", "fields"));
          return outputs;
        });
  }

  @Test
  void watch_ofALiveKey_printsWhatIsPut() {
    requireSame(
        etcdctl -> {
          String input = "watch live\nwatch other\nprogress\n";
          try (Tool watch = etcdctl.interactive(input, "watch", "-i")) {
            // The progress answer says that both watches are there.
            String progress = watch.awaitOutput(out -> out.contains("progress notify"));
            etcdctl.run("put", "live", "1");
            etcdctl.run("put", "other", "2");
            etcdctl.run("del", "live");
            return List.of(progress, watch.awaitOutput(out -> out.contains("DELETE\nlive\n")));
          }
        });
  }

  @Test
  void watch_fromACompactedRevision_isCanceled() {
    requireSame(
        etcdctl -> {
          etcdctl.run("put", "a", "1");
          etcdctl.run("put", "a", "2");
          etcdctl.run("put", "a", "3");
          etcdctl.run("compaction", "4");
          Tool.Result result = etcdctl.run("watch", "a", "--rev=2");
          return List.of(result.code() + "", result.out(), withoutLog(result.err()));
        });
  }

  @Test
  void lock_heldByAnother_isWaitedFor() {
    requireSame(
        etcdctl -> {
          try (Tool holder = etcdctl.start("lock", "mutex")) {
            String held = holder.awaitOutput(out -> out.contains("mutex/"));
            try (Tool waiter = etcdctl.start("lock", "mutex", "echo", "mine")) {
              Awaitility.await("a second key")
                  .until(
                      () ->
                          etcdctl
                                  .run("get", "mutex/", "--prefix", "--keys-only")
                                  .out()
                                  .lines()
                                  .filter(line -> !line.isEmpty())
                                  .count()
                              == 2);
              String before = waiter.out();
              holder.terminate();
              String after = waiter.awaitOutput(out -> out.contains("mine"));
              waiter.await(Duration.ofSeconds(20));
              return List.of(held, before, after, etcdctl.run("get", "mutex/", "--prefix").out());
            }
          }
        });
  }

  @Test
  void elect_ofTwoCandidates_handsOver() {
    requireSame(
        etcdctl -> {
          try (Tool observer = etcdctl.start("elect", "-l", "office");
              Tool first = etcdctl.start("elect", "office", "first")) {
            String won = first.awaitOutput(out -> out.contains("first\n"));
            try (Tool second = etcdctl.start("elect", "office", "second")) {
              Awaitility.await("a second candidate")
                  .until(
                      () ->
                          etcdctl
                                  .run("get", "office/", "--prefix", "--keys-only")
                                  .out()
                                  .lines()
                                  .filter(line -> !line.isEmpty())
                                  .count()
                              == 2);
              first.terminate();
              String next = second.awaitOutput(out -> out.contains("second\n"));
              String seen = observer.awaitOutput(out -> out.contains("second\n"));
              return List.of(won, next, seen);
            }
          }
        });
  }

  @Test
  void makeMirror_toAndFromAnEtcd_copiesAllKeys() {
    try (Server etcd = Server.started(Program.ETCD, directory.resolve("etcd"));
        Server brain = Server.started(SUBJECT, directory.resolve("brain"))) {
      mirror(etcd, brain, "there/");
      mirror(brain, etcd, "back/");
    }
  }

  @Test
  void checkPerf_withASmallLoad_completes() {
    try (Server server = Server.started(SUBJECT, directory.resolve("subject"));
        Tool check =
            new Etcdctl(server, directory)
                .start("check", "perf", "--load=s", "--auto-compact", "--auto-defrag")) {
      Tool.Result result = check.await(Duration.ofMinutes(3));
      System.out.println("check perf: " + result.out().replaceAll("(?s).*\r", "").trim());
      // How fast this machine is matters to nobody here, only that all was answered.
      assertThat(result.out() + result.err())
          .contains("Throughput")
          .contains("Compacting with revision")
          .contains("Defragmented")
          .doesNotContain("FAIL: too many errors");
    }
  }

  private void mirror(Server source, Server target, String prefix) {
    Etcdctl from = new Etcdctl(source, directory.resolve(prefix));
    Etcdctl to = new Etcdctl(target, directory.resolve(prefix));
    for (int i = 0; i < 20; i++) {
      from.run("put", "m" + i, "before");
    }
    try (Tool _ =
        from.start(
            "make-mirror",
            "--prefix=m",
            "--dest-prefix=" + prefix,
            "--no-dest-prefix=false",
            "127.0.0.1:" + target.port())) {
      awaitKeys(to, prefix, 20, "before");
      for (int i = 0; i < 20; i++) {
        from.run("put", "m" + i, "after");
      }
      from.run("del", "m0");
      from.run("del", "m1", "m12");
      awaitKeys(to, prefix, 16, "after");
    }
  }

  private static void awaitKeys(Etcdctl etcdctl, String prefix, int count, String value) {
    String[] wanted = new String[count];
    Arrays.fill(wanted, value);
    Awaitility.await("keys of the mirror")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        etcdctl.run("get", prefix, "--prefix", "--print-value-only").out().lines())
                    .containsExactly(wanted));
  }

  private void requireSame(Function<Etcdctl, List<String>> observe) {
    List<String> etcd = observed(Program.ETCD, directory.resolve("etcd"), observe);
    List<String> brain = observed(SUBJECT, directory.resolve("brain"), observe);
    assertThat(brain).isEqualTo(etcd);
  }

  private List<String> observed(
      Program program, Path place, Function<Etcdctl, List<String>> observe) {
    try (Server server = Server.started(program, place)) {
      return observe.apply(new Etcdctl(server, place)).stream()
          .map(output -> output.lines().map(Script::normal).toList().toString())
          .toList();
    }
  }

  // The watch ends after what is expected; whatever is too much came before it.
  private static String until(Etcdctl etcdctl, String end, String... arguments) {
    try (Tool watch = etcdctl.start(arguments)) {
      return watch.awaitOutput(out -> out.contains(end));
    }
  }

  private static String withoutLog(String err) {
    return err.lines().filter(line -> !line.startsWith("{")).toList().toString();
  }
}
