// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.event;

import dev.brain.server.kv.Revision;
import java.util.List;

/**
 * A piece of the past.
 *
 * @param revisions revisions with only those events that were asked for, ascending; may be empty
 * @param next the first revision that was not looked at
 */
public record RevisionBatch(List<Revision> revisions, long next) {}
