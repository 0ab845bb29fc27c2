// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.CommitFault;
import dev.brain.engine.CommitOutcome;
import dev.brain.engine.Engine;
import dev.brain.engine.EngineSettings;
import dev.brain.engine.ForwardingEngine;
import dev.brain.engine.WriteBatch;
import dev.brain.engine.tikv.emulator.Call;
import dev.brain.engine.tikv.emulator.Fate;
import dev.brain.engine.tikv.emulator.FaultPlan;
import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tikv.kvproto.Kvrpcpb.PrewriteRequest;

/** Engines on an emulator of three stores, for the contract: a path is a keyspace. */
final class TikvFixture implements AutoCloseable {
  /** Long enough for a busy machine; a test of an unknown outcome takes it twice. */
  private static final String REQUEST_TIMEOUT = "2s";

  private final TikvEmulator emulator = TikvEmulator.start(3);
  private final Map<Path, String> keyspaces = new HashMap<>();

  /**
   * The first engine of a process loads its classes, which may take longer than a test's limits.
   */
  TikvFixture() {
    open(Map.of("request-timeout", "1m")).close();
  }

  TikvEmulator emulator() {
    return emulator;
  }

  Engine open(Path storage) {
    String keyspace = keyspaces.computeIfAbsent(storage, _ -> "path-" + keyspaces.size());
    return new Mended(
        open(Map.of("keyspace", keyspace, "request-timeout", REQUEST_TIMEOUT)), emulator);
  }

  Engine open(Map<String, String> options) {
    Map<String, String> all = new HashMap<>(Map.of("pd-endpoints", emulator.pdAddress()));
    all.putAll(options);
    return new TikvEngineFactory().open(new EngineSettings(Path.of("unused"), all));
  }

  boolean failNextCommit(CommitFault fault) {
    emulator.faults(
        switch (fault) {
          case UNKNOWN_APPLIED -> unknown(Fate.LOSE_ANSWER);
          case UNKNOWN_NOT_APPLIED -> unknown(Fate.LOSE_REQUEST);
          case REFUSED ->
              call -> call.method().equals("KvPrewrite") ? Fate.SERVER_IS_BUSY : Fate.DELIVER;
        });
    return true;
  }

  /** Loses the request that commits, or its answer, and then every question what became of it. */
  private static FaultPlan unknown(Fate fate) {
    AtomicBoolean isLost = new AtomicBoolean();
    return call -> {
      if (commits(call) && isLost.compareAndSet(false, true)) {
        return fate;
      }
      return isLost.get() && call.method().equals("KvCheckTxnStatus")
          ? Fate.LOSE_REQUEST
          : Fate.DELIVER;
    };
  }

  private static boolean commits(Call call) {
    return call.method().equals("KvCommit")
        || (call.request() instanceof PrewriteRequest request && request.getTryOnePc());
  }

  @Override
  public void close() {
    emulator.close();
  }

  /** The network works again when a commit has returned. */
  private static final class Mended extends ForwardingEngine {
    private final TikvEmulator emulator;

    Mended(Engine engine, TikvEmulator emulator) {
      super(engine);
      this.emulator = emulator;
    }

    @Override
    public CommitOutcome commit(WriteBatch batch) {
      try {
        return super.commit(batch);
      } finally {
        emulator.faults(FaultPlan.none());
      }
    }
  }
}
