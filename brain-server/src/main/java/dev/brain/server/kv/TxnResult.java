// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.kv;

import java.util.List;

/**
 * What a transaction answered.
 *
 * @param revision the revision it made, or the newest visible one if it changed nothing
 * @param succeeded whether all compares held
 * @param results one result per operation of the branch taken, in order
 */
public record TxnResult(long revision, boolean succeeded, List<OpResult> results) {}
