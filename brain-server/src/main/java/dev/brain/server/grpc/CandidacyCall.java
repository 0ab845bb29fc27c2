// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A call that waits for its turn and gives its place up when the client goes away. */
final class CandidacyCall<T> implements Candidacy.Listener {
  private final Coordination coordination;
  private final BiConsumer<Candidacy, Reply<T>> answer;
  private final Reply<T> reply;

  @GuardedBy("this")
  private @Nullable Candidacy candidacy;

  @GuardedBy("this")
  private boolean callEnded;

  /**
   * A call.
   *
   * @param answer answers once the turn has come; may block
   */
  CandidacyCall(Coordination coordination, BiConsumer<Candidacy, Reply<T>> answer, Reply<T> reply) {
    this.coordination = coordination;
    this.answer = answer;
    this.reply = reply;
  }

  void start(ByteString name, byte[] value, long lease) {
    byte[] prefix = Coordination.prefix(name.toByteArray());
    coordination.withLease(lease, id -> begin(prefix, value, id), reply::refusePlainly);
  }

  private void begin(byte[] prefix, byte[] value, long lease) {
    Candidacy begun = new Candidacy(coordination, prefix, value, lease, this);
    synchronized (this) {
      if (callEnded) {
        return;
      }
      candidacy = begun;
    }
    begun.start();
  }

  /** Must be told when the call has ended, for whatever reason; may be told twice. */
  void onCallEnded() {
    Candidacy begun;
    synchronized (this) {
      callEnded = true;
      begun = candidacy;
    }
    if (begun != null) {
      begun.cancel();
    }
  }

  @Override
  public void won(Candidacy winner) {
    answer.accept(winner, reply);
  }

  @Override
  public void lost(EtcdStatus status) {
    reply.refusePlainly(status);
  }
}
