// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import dev.brain.engine.EngineOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The engine's own settings, checked.
 *
 * @param blockCacheBytes memory for blocks read from tables, with their indexes and filters
 * @param writeBufferBytes memory for rows that are not in tables yet
 * @param backgroundJobs how many flushes and compactions may run at once
 * @param acceptDataLoss whether to open a directory that is known to lack durable commits
 * @param allowOpenPermissions whether others may have access to the directory
 */
record RocksSettings(
    long blockCacheBytes,
    long writeBufferBytes,
    int backgroundJobs,
    boolean acceptDataLoss,
    boolean allowOpenPermissions) {
  private static final String BLOCK_CACHE_BYTES = "block-cache-bytes";
  private static final String WRITE_BUFFER_BYTES = "write-buffer-bytes";
  private static final String BACKGROUND_JOBS = "background-jobs";
  private static final String ACCEPT_DATA_LOSS = "accept-data-loss";
  private static final String ALLOW_OPEN_PERMISSIONS = "allow-open-permissions";

  private static final long MEBIBYTE = 1 << 20;
  private static final long TEBIBYTE = 1L << 40;

  static final List<EngineOption> OPTIONS =
      List.of(
          new EngineOption(
              BLOCK_CACHE_BYTES,
              "33554432",
              "memory in bytes for table blocks, indexes and filters; what the write buffer does"
                  + " not use serves as block cache too"),
          new EngineOption(
              WRITE_BUFFER_BYTES,
              "33554432",
              "memory in bytes for rows that are not in tables yet; also bounds the write-ahead log"
                  + " that a start after a crash has to read"),
          new EngineOption(
              BACKGROUND_JOBS, "2", "number of flushes and compactions that may run at once"),
          new EngineOption(
              ACCEPT_DATA_LOSS,
              "false",
              "true to open a directory although commits that were durable are missing; use it once,"
                  + " after a copy of the directory was made"),
          new EngineOption(
              ALLOW_OPEN_PERMISSIONS,
              "false",
              "true to open a directory that others than its owner have access to"));

  /** Checks the given options and takes the defaults of the others. */
  static RocksSettings parse(Map<String, String> given) {
    for (String name : given.keySet()) {
      if (OPTIONS.stream().noneMatch(option -> option.name().equals(name))) {
        throw invalid(
            name,
            given.get(name),
            "an option of the rocksdb engine: "
                + OPTIONS.stream().map(EngineOption::name).collect(Collectors.joining(", ")));
      }
    }
    return new RocksSettings(
        number(given, BLOCK_CACHE_BYTES, MEBIBYTE, TEBIBYTE),
        number(given, WRITE_BUFFER_BYTES, MEBIBYTE, TEBIBYTE),
        (int) number(given, BACKGROUND_JOBS, 1, 64),
        flag(given, ACCEPT_DATA_LOSS),
        flag(given, ALLOW_OPEN_PERMISSIONS));
  }

  private static long number(Map<String, String> given, String name, long least, long most) {
    String text = text(given, name);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Answered below, as a number out of bounds is.
    }
    throw invalid(name, text, "a whole number from " + least + " to " + most);
  }

  private static boolean flag(Map<String, String> given, String name) {
    String text = text(given, name);
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(name, text, "true or false");
    };
  }

  private static String text(Map<String, String> given, String name) {
    String text = given.get(name);
    if (text != null) {
      return text;
    }
    return OPTIONS.stream()
        .filter(option -> option.name().equals(name))
        .map(EngineOption::defaultValue)
        .findFirst()
        .orElseThrow();
  }

  private static EngineException.InvalidSettings invalid(
      String name, @org.jspecify.annotations.Nullable String value, String expected) {
    return new EngineException.InvalidSettings(
        name + ": " + value + " (expected: " + expected + ")", null);
  }
}
