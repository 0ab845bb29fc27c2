// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.engine.tikv.emulator.TikvEmulator;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.tikv.kvproto.Kvrpcpb.Mutation;
import org.tikv.kvproto.Kvrpcpb.Op;
import org.tikv.shade.com.google.protobuf.ByteString;

/** Writes keys as TiKV has them, outside of any engine. For one thread. */
final class RawRows implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Channels channels = new Channels(null, UnaryOperator.identity());
  private final Random random = new Random(1);
  private final TimestampOracle oracle;
  private final Stores stores;

  RawRows(TikvEmulator emulator) {
    PlacementDriver driver = new PlacementDriver(List.of(emulator.pdAddress()), channels, PATIENCE);
    oracle = new TimestampOracle(driver, PATIENCE);
    stores = new Stores(new Regions(driver), channels, executor, PATIENCE);
  }

  void put(ByteString key, String value) {
    Mutation mutation =
        Mutation.newBuilder()
            .setOp(Op.Put)
            .setKey(key)
            .setValue(ByteString.copyFromUtf8(value))
            .build();
    Transaction transaction =
        new Transaction(
            stores,
            new Locks(stores, oracle),
            oracle,
            new Background(executor, this::budget),
            List.of(mutation),
            key,
            oracle.next(budget()),
            budget(),
            this::budget);
    assertThat(transaction.run()).isInstanceOf(Transaction.Result.Committed.class);
  }

  private Budget budget() {
    return new Budget(PATIENCE, random);
  }

  @Override
  public void close() {
    executor.close();
    channels.close();
  }
}
