// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench;

import dev.brain.bench.workload.WorkloadKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The workloads as the command line knows them: by their names, and in its help. */
final class Workloads implements ITypeConverter<WorkloadKind> {
  /** Those that every etcd has and that go as fast as it can, in the order of their comparison. */
  static final List<WorkloadKind> COMMON =
      Arrays.stream(WorkloadKind.values())
          .filter(kind -> kind != WorkloadKind.RANGE_STREAM && kind != WorkloadKind.NODE_SCALE)
          .toList();

  @Override
  public WorkloadKind convert(String name) {
    return Arrays.stream(WorkloadKind.values())
        .filter(kind -> kind.toString().equals(name))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException(fault(name)));
  }

  private static String fault(String name) {
    String names =
        Arrays.stream(WorkloadKind.values())
            .map(WorkloadKind::toString)
            .collect(Collectors.joining(", "));
    return name + " is no workload (expected: " + names + ")";
  }

  /** One line per workload. */
  static String[] help() {
    return Arrays.stream(WorkloadKind.values())
        .map(
            kind ->
                String.format(
                    Locale.ROOT,
                    "  %-13s %s (%d clients)",
                    kind,
                    kind.description(),
                    kind.defaultClients()))
        .toArray(String[]::new);
  }
}
