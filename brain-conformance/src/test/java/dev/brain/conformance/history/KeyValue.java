// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

/** A version of a key, with etcd's fields. A string stands for bytes, one character each. */
public record KeyValue(
    String key, String value, long createRevision, long modRevision, long version, long lease) {

  /** What a delete event has in place of a version. */
  public static KeyValue tombstone(String key, long revision) {
    return new KeyValue(key, "", 0, revision, 0, 0);
  }

  @Override
  public String toString() {
    return "%s=%s (create %d, mod %d, version %d, lease %x)"
        .formatted(key, value, createRevision, modRevision, version, lease);
  }
}
