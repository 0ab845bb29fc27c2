// SPDX-License-Identifier: Apache-2.0
package dev.brain.election;

/**
 * A node that leads, as others see it.
 *
 * @param identity the name of the node, as it was given to its election; two processes that were
 *     wrongly given one name cannot be told apart by it, so ask {@link Election#leads} whether this
 *     node leads
 * @param term counts the changes of leadership, from 1; each time somebody is elected, also the
 *     same node again, it is higher. It is not the {@link Epoch}, which is what the engine knows
 */
public record Leader(String identity, long term) {}
