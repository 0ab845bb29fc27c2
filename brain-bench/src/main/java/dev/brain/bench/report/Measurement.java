// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.report;

import dev.brain.bench.load.LoadResult;

/**
 * One run on one server.
 *
 * @param workload its name
 * @param endpoint the server's
 * @param version what the server says it is; empty if it says nothing
 * @param turn counts the runs of this workload on this server, from 1
 * @param result what was measured
 */
public record Measurement(
    String workload, String endpoint, String version, int turn, LoadResult result) {}
