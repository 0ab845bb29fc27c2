// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.conformance.process.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same random requests to a real etcd and to Brain have the same answers and events. A failure
 * names the seed and the request; {@code -Dconformance.seed=S} replays it, and {@code
 * -Dconformance.requests=N} makes the run shorter or longer.
 */
class RandomDifferentialTest {
  private static final int REQUESTS = Integer.getInteger("conformance.requests", 10_000);

  @TempDir Path directory;

  @Test
  void answers_ofRandomRequests_areThoseOfEtcd() {
    Explained explained = Explained.of("random");
    for (long seed : seeds()) {
      run(Program.BRAIN, explained, seed, REQUESTS);
    }
    assertThat(explained.unused()).as("rules that explain nothing any more").isEmpty();
  }

  private void run(Program subject, Explained explained, long seed, int requests) {
    System.out.println("random differential: seed " + seed + ", " + requests + " requests");
    Path place = directory.resolve(subject + "-" + seed);
    try (Pair pair = Pair.start(place, subject, explained)) {
      new RandomRun(pair, seed).send(requests);
      assertThat(pair.differences())
          .as(
              () ->
                  pair.differences().stream()
                      .map(Difference::toString)
                      .collect(Collectors.joining("\n", "differences:\n", "\n")))
          .isEmpty();
      System.out.println("random differential: compared " + pair.kinds());
      // A run that is refused everything would find nothing.
      assertThat(pair.kinds().getOrDefault("PutResponse", 0)).isGreaterThan(requests / 10);
      assertThat(pair.kinds().getOrDefault("TxnResponse", 0)).isGreaterThan(requests / 20);
      assertThat(pair.kinds().getOrDefault("RangeResponse", 0)).isGreaterThan(requests / 10);
      assertThat(pair.kinds().getOrDefault("event", 0)).isGreaterThan(requests / 2);
    }
  }

  private static List<Long> seeds() {
    Long seed = Long.getLong("conformance.seed");
    return seed == null ? List.of(1L, 2L) : List.of(seed);
  }
}
