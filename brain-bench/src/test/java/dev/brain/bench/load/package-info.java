// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.brain.bench.load;

import org.jspecify.annotations.NullMarked;
