// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Completion;
import dev.brain.server.kv.Failure;
import java.util.function.BooleanSupplier;

/** What a decided request tells its client in the end: one of the two methods is called once. */
interface Answer {
  /** Everything that the request wrote or saw is visible. */
  void visible();

  /** The request has no result. */
  void failed(Failure failure);

  /** An answer that is a failure in either case. */
  static Answer failure(Failure reason, Command command) {
    return new Answer() {
      @Override
      public void visible() {
        command.fail(reason);
      }

      @Override
      public void failed(Failure failure) {
        command.fail(failure);
      }
    };
  }

  /** An answer whose result is known when the request is decided. */
  static <T> Answer of(T result, Completion<T> completion) {
    return new Answer() {
      @Override
      public void visible() {
        completion.complete(result);
      }

      @Override
      public void failed(Failure failure) {
        completion.fail(failure);
      }
    };
  }

  /**
   * An answer that is given only by a node that leads: another one may have written since what this
   * one tells was the newest.
   *
   * @param leads whether this node surely leads at the moment of the call; asked after the request
   *     came and was decided
   */
  static Answer proved(Answer answer, BooleanSupplier leads) {
    return new Answer() {
      @Override
      public void visible() {
        if (leads.getAsBoolean()) {
          answer.visible();
        } else {
          answer.failed(new Failure.LeaderChanged());
        }
      }

      @Override
      public void failed(Failure failure) {
        answer.failed(failure);
      }
    };
  }
}
