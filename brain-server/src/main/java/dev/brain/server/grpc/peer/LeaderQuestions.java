// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc.peer;

import dev.brain.proto.peer.PeerGrpc;
import dev.brain.proto.peer.ReadIndexRequest;
import dev.brain.proto.peer.ReadIndexResponse;
import dev.brain.server.grpc.EtcdStatus;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Asks the leader for its watermark. Thread-safe. */
public record LeaderQuestions(LeaderLink leader) implements ReadIndex.Leader {
  /** A leader that has not answered by then is gone, or will not keep up. */
  private static final long PATIENCE_SECONDS = 2;

  @Override
  public void ask(LongConsumer answer, Consumer<EtcdStatus> failed) {
    Channel channel = leader.channel().orElse(null);
    if (channel == null) {
      failed.accept(EtcdStatus.NO_LEADER);
      return;
    }
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    // The question is everybody's, so it must not end with the call of the client that came first.
    Context.ROOT.run(
        () ->
            ClientCalls.asyncUnaryCall(
                channel.newCall(PeerGrpc.getReadIndexMethod(), options),
                ReadIndexRequest.getDefaultInstance(),
                new Answer(answer, failed)));
  }

  private static final class Answer implements StreamObserver<ReadIndexResponse> {
    private final LongConsumer answer;
    private final Consumer<EtcdStatus> failed;
    private boolean answered;

    Answer(LongConsumer answer, Consumer<EtcdStatus> failed) {
      this.answer = answer;
      this.failed = failed;
    }

    @Override
    public void onNext(ReadIndexResponse response) {
      answered = true;
      answer.accept(response.getRevision());
    }

    @Override
    public void onError(Throwable fault) {
      if (!answered) {
        failed.accept(EtcdStatus.TIMED_OUT);
      }
    }

    @Override
    public void onCompleted() {}
  }
}
