// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine;

import org.jspecify.annotations.Nullable;

/**
 * A call that has no outcome. A commit with an unknown outcome is not an exception but {@link
 * CommitOutcome.Unknown}.
 */
public abstract sealed class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * The storage cannot be used now; trying later can help. A commit that throws this did nothing.
   */
  public static final class Unavailable extends EngineException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Stored data is damaged, incomplete, or of a format that this program does not know. */
  public static final class Corrupted extends EngineException {
    private static final long serialVersionUID = 1L;

    public Corrupted(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The engine, snapshot or cursor was closed before or during the call. */
  public static final class Closed extends EngineException {
    private static final long serialVersionUID = 1L;

    public Closed(String message) {
      super(message, null);
    }
  }

  /** This engine does not offer what was asked. */
  public static final class Unsupported extends EngineException {
    private static final long serialVersionUID = 1L;

    public Unsupported(String message) {
      super(message, null);
    }
  }

  /** The engine cannot be opened as it was asked to: a wrong setting, or a directory in use. */
  public static final class InvalidSettings extends EngineException {
    private static final long serialVersionUID = 1L;

    public InvalidSettings(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
