// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

/**
 * One request of one client, and what came of it.
 *
 * @param client who asked; it has one operation under way at most, and takes a new name after one
 *     whose outcome it does not know
 * @param node which node was asked
 * @param called when it began, in nanoseconds of a clock that all operations and watches share
 * @param returned when it ended, by the same clock; without meaning if the outcome is unknown
 */
public record Operation(
    String client, String node, long called, long returned, Request request, Outcome outcome) {

  /** Until when it may take effect. */
  long until() {
    return outcome instanceof Outcome.Unknown ? Long.MAX_VALUE : returned;
  }

  /** Whether it must see everything that was visible to anyone before it began. */
  boolean linearizable() {
    return switch (request) {
      case Request.Range range -> !range.serializable();
      // etcd takes the revision of these headers from the node itself, which may lag behind.
      case Request.KeepAlive _, Request.Grant _, Request.Revoke _, Request.Compact _ -> false;
      case Request.Put _, Request.Delete _, Request.Txn _ -> true;
    };
  }
}
