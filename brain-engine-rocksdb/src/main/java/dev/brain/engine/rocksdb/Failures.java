// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.rocksdb;

import dev.brain.engine.EngineException;
import java.nio.file.Path;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Says in the words of the SPI what RocksDB reports. */
final class Failures {
  private Failures() {}

  /**
   * The exception for a failed call.
   *
   * @param directory where the database is
   * @param action what was tried, as in "cannot read"
   */
  static EngineException of(Path directory, String action, RocksDBException failure) {
    String message = directory + ": cannot " + action + ": " + failure.getMessage();
    return isDamage(failure)
        ? new EngineException.Corrupted(message, failure)
        : new EngineException.Unavailable(message, failure);
  }

  /**
   * Whether the storage answered, but not with what was written. An input or output error may pass;
   * a file that is not there does not come back by itself.
   */
  private static boolean isDamage(RocksDBException failure) {
    Status status = failure.getStatus();
    if (status == null) {
      return false;
    }
    return switch (status.getCode()) {
      case Corruption, NotFound, NotSupported, InvalidArgument -> true;
      case IOError -> String.valueOf(failure.getMessage()).contains("No such file");
      default -> false;
    };
  }
}
