// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.brain.bench.report;

import org.jspecify.annotations.NullMarked;
