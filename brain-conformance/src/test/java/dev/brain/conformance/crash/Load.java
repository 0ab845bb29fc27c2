// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.crash;

import dev.brain.conformance.client.Answer;
import dev.brain.conformance.client.Client;
import dev.brain.conformance.client.Requests;
import dev.brain.conformance.client.WatchStream;
import dev.brain.proto.etcdserverpb.WatchCreateRequest;
import dev.brain.proto.etcdserverpb.WatchResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Writers with one write in flight each, and one watch of everything, on one server from its start
 * to its kill. The writers end with their connection.
 */
final class Load {
  private static final int WRITERS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Recording recording;
  private final Semaphore answers = new Semaphore(0);
  private final List<Thread> writers = new ArrayList<>();
  private final Client watching;
  private final WatchStream watch;

  private Load(Recording recording, Client watching, WatchStream watch) {
    this.recording = recording;
    this.watching = watching;
    this.watch = watch;
  }

  /** Starts to write; the watch resumes at {@code nextRevision}. */
  static Load start(int port, Recording recording, long seed, long nextRevision) {
    Client watching = Client.to(port);
    WatchStream watch = WatchStream.open(watching.channel());
    watch.create(
        WatchCreateRequest.newBuilder()
            .setKey(Requests.bytes("\0"))
            .setRangeEnd(Requests.bytes("\0"))
            .setStartRevision(nextRevision)
            .build());
    Load load = new Load(recording, watching, watch);
    for (int i = 0; i < WRITERS; i++) {
      String id = seed + "-" + i;
      Random random = new Random(seed * WRITERS + i);
      load.writers.add(
          Thread.ofPlatform().name("writer " + id).start(() -> load.write(port, id, random)));
    }
    return load;
  }

  /** Waits until {@code count} writes were answered. */
  void awaitAnswers(int count) {
    try {
      if (!answers.tryAcquire(count, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("fewer than " + count + " writes were answered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * Waits for the end of the load, after the server has ended, and notes what the watch was told.
   */
  void awaitEnd() {
    for (Thread writer : writers) {
      try {
        if (!writer.join(PATIENCE)) {
          throw new IllegalStateException(writer + " goes on without a server");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    watch.awaitEnd(PATIENCE);
    for (WatchResponse response : watch.received()) {
      response.getEventsList().forEach(recording::watched);
    }
    watching.close();
  }

  /** The highest revision that the watch was told, 0 if none. */
  long watchedRevision() {
    return watch.received().stream()
        .flatMap(response -> response.getEventsList().stream())
        .mapToLong(event -> event.getKv().getModRevision())
        .max()
        .orElse(0);
  }

  private void write(int port, String id, Random random) {
    try (Client client = Client.to(port)) {
      for (int i = 0; ; i++) {
        Write write = Write.random(random, id + "-" + i);
        Answer answer = client.call(write.call());
        recording.record(write, answer);
        if (answer.code() != Status.Code.OK) {
          return;
        }
        answers.release();
      }
    }
  }
}
