// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.Engine;
import dev.brain.engine.EngineFactory;
import dev.brain.engine.EngineOption;
import dev.brain.engine.EngineSettings;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Opens engines that keep their rows in a TiKV cluster, which several processes may do at once.
 * Thread-safe. The directory of the settings is neither read nor created.
 */
public final class TikvEngineFactory implements EngineFactory {
  private final UnaryOperator<String> addresses;

  /** Called by {@link java.util.ServiceLoader}. */
  public TikvEngineFactory() {
    this(UnaryOperator.identity());
  }

  /**
   * For networks that translate addresses.
   *
   * @param addresses where to find a server that calls itself so, {@code host:port}
   */
  TikvEngineFactory(UnaryOperator<String> addresses) {
    this.addresses = addresses;
  }

  @Override
  public String name() {
    return "tikv";
  }

  @Override
  public List<EngineOption> options() {
    return TikvSettings.OPTIONS;
  }

  @Override
  public Engine open(EngineSettings settings) {
    Connection connection =
        new Connection(TikvSettings.parse(settings.options()), new Random(), addresses);
    try {
      connection.begin();
      return new TikvEngine(connection);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }
}
