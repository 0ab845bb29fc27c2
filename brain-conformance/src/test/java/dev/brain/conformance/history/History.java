// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.List;

/**
 * Everything that clients asked for and saw, from an empty server on. Every put has a value of its
 * own, and the watches of all keys together have been told of every revision.
 */
public record History(List<Operation> operations, List<Watch> watches) {}
