// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.watch;

import java.time.Duration;

/**
 * How much watches may cost.
 *
 * @param streams the most streams at a time; more are refused
 * @param watchesPerStream the most watches of a stream; more are refused
 * @param watches the most watches of all streams; more are refused
 * @param batchRevisions the most revisions in one batch
 * @param batchBytes a batch ends with the revision that exceeds so many bytes
 * @param scanRevisions the most revisions in memory that a watch which is behind looks at before it
 *     is the turn of others
 * @param loops how many loops share the streams
 * @param reads the most reads of the event log at a time, for each loop
 * @param unsentBytes what all streams together may leave unsent before their batches are cut to
 *     {@link #TIGHT_BYTES}
 * @param progressInterval how often watches that ask for it are told how far they have come; up to
 *     a tenth is added at random
 */
public record WatchLimits(
    int streams,
    int watchesPerStream,
    int watches,
    int batchRevisions,
    int batchBytes,
    int scanRevisions,
    int loops,
    int reads,
    long unsentBytes,
    Duration progressInterval) {

  /** The bytes of a batch while too much is unsent; one revision may exceed it. */
  public static final int TIGHT_BYTES = 16 << 10;

  /** The least interval between two notes of progress. */
  public static final Duration LEAST_PROGRESS_INTERVAL = Duration.ofMillis(100);

  /** Ten minutes between two notes of progress, as in etcd; 256 MiB unsent. */
  public static final WatchLimits DEFAULT =
      new WatchLimits(
          10_000, 20_000, 500_000, 1000, 512 << 10, 512, 1, 2, 256L << 20, Duration.ofMinutes(10));

  public WatchLimits {
    atLeastOne("streams", streams);
    atLeastOne("watches per stream", watchesPerStream);
    atLeastOne("watches", watches);
    atLeastOne("revisions of a batch", batchRevisions);
    atLeastOne("bytes of a batch", batchBytes);
    atLeastOne("revisions of a scan", scanRevisions);
    atLeastOne("loops", loops);
    atLeastOne("reads of the event log", reads);
    atLeastOne("unsent bytes", unsentBytes);
    if (progressInterval.compareTo(LEAST_PROGRESS_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "watch progress interval: %s (expected: at least %s)"
              .formatted(progressInterval, LEAST_PROGRESS_INTERVAL));
    }
  }

  /** The same limits with another interval. */
  public WatchLimits withProgressInterval(Duration interval) {
    return new WatchLimits(
        streams,
        watchesPerStream,
        watches,
        batchRevisions,
        batchBytes,
        scanRevisions,
        loops,
        reads,
        unsentBytes,
        interval);
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: %d (expected: at least 1)".formatted(name, value));
    }
  }
}
