// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.List;

/**
 * What was found.
 *
 * @param revision the header's revision: the newest one visible when the read was served
 * @param keyValues the key-values, sorted and cut as asked; empty for a count
 * @param more whether the limit left key-values out
 * @param count how many live keys the whole range has at the revision read, whatever limit and
 *     filter
 */
public record RangeResult(long revision, List<KeyValue> keyValues, boolean more, long count)
    implements OpResult {}
