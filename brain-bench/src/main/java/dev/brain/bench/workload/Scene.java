// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import dev.brain.bench.wire.Connections;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Where and with what a workload runs.
 *
 * @param connections to the server; not closed by the workload
 * @param values what is written
 * @param shape sizes and amounts
 * @param run differs from all earlier runs on the server, so that created keys are new
 * @param clients how many clients call {@link Workload#start}
 * @param timeout how long a blocking step may wait for the server
 * @param clock nanoseconds from an arbitrary point
 */
public record Scene(
    Connections connections,
    Values values,
    Shape shape,
    String run,
    int clients,
    Duration timeout,
    LongSupplier clock) {

  /** Keys that only this run uses. */
  public KeySpace ownKeys(String workload) {
    return new KeySpace(shape.prefix() + workload + "-" + run + "/", shape.keySize());
  }

  /** Keys that later runs with the same amounts and sizes find again. */
  public KeySpace sharedKeys(String name, long keys) {
    return new KeySpace(
        shape.prefix() + name + "-" + keys + "-" + values.size() + "/", shape.keySize());
  }

  /** The same for another run, of so many clients. */
  public Scene with(String otherRun, int otherClients) {
    return new Scene(connections, values, shape, otherRun, otherClients, timeout, clock);
  }
}
