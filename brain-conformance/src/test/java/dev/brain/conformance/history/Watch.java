// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.List;

/**
 * One watch on a stream of its own, from its request to the end of the stream, not fragmented.
 *
 * @param start the first revision that was asked for; 0 for the next one
 * @param previous whether versions before were asked for
 */
public record Watch(String node, Span span, long start, boolean previous, List<Message> messages) {

  /** What the server sent. */
  public sealed interface Message {
    /** When it arrived, by the clock of the operations. */
    long time();

    /** The revision of its header. */
    long header();

    /** The first message. */
    record Created(long time, long header) implements Message {}

    /** Events. */
    record Events(long time, long header, List<Event> events) implements Message {}

    /** Everything up to the header's revision has been sent. */
    record Progress(long time, long header) implements Message {}

    /**
     * The watch has ended.
     *
     * @param compactRevision 0 if it did not end for a compaction
     */
    record Cancelled(long time, long header, long compactRevision) implements Message {}
  }
}
