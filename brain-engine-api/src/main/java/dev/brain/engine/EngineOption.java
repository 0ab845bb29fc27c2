// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

/**
 * A setting that an engine understands, for help texts and for checking.
 *
 * @param name lower case words joined by hyphens
 * @param defaultValue the value used when it is not given, as the user would write it
 * @param description one sentence with the unit
 */
public record EngineOption(String name, String defaultValue, String description) {}
