// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.load;

import java.time.Duration;

/**
 * How hard and how long a workload is driven.
 *
 * @param clients how many operations are under way at most; at least 1
 * @param rate operations per second that are due, or 0 for the rate of the workload, which may be
 *     none: as many as the clients can do
 * @param warmUp how long operations run before they are measured
 * @param duration how long they are measured at most
 * @param count how many are measured at most
 * @param timeout how long the last operations may take after the end
 * @param maxErrors the run ends early when more operations than this have failed
 */
public record Plan(
    int clients,
    double rate,
    Duration warmUp,
    Duration duration,
    long count,
    Duration timeout,
    long maxErrors) {}
