// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv.emulator;

import java.util.function.Supplier;
import org.tikv.kvproto.Errorpb;

/** One request, ready to be executed. */
interface Exchange<A> {
  /** Executes it; again if called again. */
  A execute();

  /** The answer that nobody speaks for the region. */
  A refuse(Errorpb.Error error);

  /** The region it asked for as it is now, for a refusal. */
  Region region();

  /** A request to PD, which is never refused for a region. */
  static <A> Exchange<A> ofPd(Supplier<A> execution) {
    return new Exchange<>() {
      @Override
      public A execute() {
        return execution.get();
      }

      @Override
      public A refuse(Errorpb.Error error) {
        throw new IllegalStateException("PD does not refuse: " + error);
      }

      @Override
      public Region region() {
        throw new IllegalStateException("no region was asked for");
      }
    };
  }
}
