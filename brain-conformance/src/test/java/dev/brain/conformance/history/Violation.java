// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

/** A rule that a history breaks, and where. */
public record Violation(Rule rule, String where) {}
