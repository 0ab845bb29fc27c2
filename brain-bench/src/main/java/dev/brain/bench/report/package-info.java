// SPDX-License-Identifier: Apache-2.0

/** What a run has measured, for people and for programs, and how two servers compare. */
@NullMarked
package dev.brain.bench.report;

import org.jspecify.annotations.NullMarked;
