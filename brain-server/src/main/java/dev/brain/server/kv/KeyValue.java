// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

/**
 * A key and one of its versions.
 *
 * @param key the key
 * @param row the version; a tombstone only inside an {@link Event}
 */
public record KeyValue(Key key, Row row) {}
