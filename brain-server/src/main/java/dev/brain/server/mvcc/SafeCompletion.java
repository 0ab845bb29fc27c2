// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands answers on to a client's completion and logs what it throws: one client's bad completion
 * must not stop the writes of all.
 */
record SafeCompletion<T>(Completion<T> told) implements Completion<T> {
  private static final Logger logger = LoggerFactory.getLogger(SafeCompletion.class);

  @Override
  public void complete(T result) {
    try {
      told.complete(result);
    } catch (RuntimeException e) {
      logger.error("an answer could not be given", e);
    }
  }

  @Override
  public void fail(Failure failure) {
    try {
      told.fail(failure);
    } catch (RuntimeException e) {
      logger.error("the answer {} could not be given", failure, e);
    }
  }
}
