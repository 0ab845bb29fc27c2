// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.conformance.process.Program;
import dev.brain.conformance.process.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables of hand-picked cases, from the borders of the API, answered by a real etcd and by Brain.
 * Each table starts with two fresh servers. {@code -Dconformance.table=NAME} runs one table.
 */
class EdgeCaseDifferentialTest {
  private static final Program SUBJECT = Subject.program();

  @TempDir Path directory;

  @Test
  void answers_ofEdgeCases_areThoseOfEtcd() {
    Explained explained = Explained.of("edge");
    List<Difference> differences = new ArrayList<>();
    String only = System.getProperty("conformance.table");
    tables()
        .forEach(
            (table, rows) -> {
              if (only == null || only.equals(table)) {
                differences.addAll(run(table, rows, explained));
              }
            });
    assertThat(differences)
        .as(
            () ->
                differences.stream()
                    .map(Difference::toString)
                    .collect(
                        Collectors.joining("\n", differences.size() + " differences:\n", "\n")))
        .isEmpty();
    if (only == null && SUBJECT == Program.BRAIN) {
      assertThat(explained.unused()).as("rules that explain nothing any more").isEmpty();
    }
  }

  @Test
  void tables_together_haveAtLeast300Rows() {
    assertThat(tables().values().stream().mapToInt(List::size).sum()).isGreaterThanOrEqualTo(300);
  }

  private List<Difference> run(String table, List<Case> rows, Explained explained) {
    try (Pair pair = Pair.start(directory.resolve(table), SUBJECT, explained)) {
      for (Case row : rows) {
        row.run(table, pair);
      }
      System.out.println(
          "edge cases: " + table + ", " + rows.size() + " rows, compared " + pair.kinds());
      return pair.differences();
    }
  }

  private static Map<String, List<Case>> tables() {
    Map<String, List<Case>> tables = new LinkedHashMap<>();
    tables.put("range", RangeCases.rows());
    tables.put("write", WriteCases.rows());
    tables.put("compare", CompareCases.rows());
    tables.put("txn", TxnCases.rows());
    tables.put("compact", CompactCases.rows());
    tables.put("watch", WatchCases.rows());
    tables.put("lease", LeaseCases.rows());
    tables.put("maintenance", MaintenanceCases.rows());
    tables.put("cluster", ClusterCases.rows());
    tables.put("auth", AuthCases.rows());
    tables.put("concurrency", ConcurrencyCases.rows());
    tables.put("transport", TransportCases.rows());
    tables.put("divergent", DivergentCases.rows());
    return tables;
  }
}
