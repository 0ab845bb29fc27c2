// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the operator has decided, checked. One record per part of the server.
 *
 * @param member who this server is
 * @param clients how clients reach it
 * @param tls how it speaks TLS, or null if it does not
 * @param limits what it refuses
 * @param history what it keeps of the past
 * @param engine where it stores
 * @param cluster how it shares the engine with others, or null if it serves alone
 * @param observing what it tells of itself
 * @param warnings what the operator should know of the settings, one line each
 */
public record ServerConfig(
    Member member,
    Clients clients,
    @Nullable Tls tls,
    Limits limits,
    History history,
    EngineChoice engine,
    @Nullable ClusterConfig cluster,
    Observing observing,
    List<String> warnings) {

  /**
   * Who this server is.
   *
   * @param name shown in the member list
   * @param dataDirectory where it keeps its files
   */
  public record Member(String name, Path dataDirectory) {}

  /**
   * How clients reach the server.
   *
   * @param listen where to listen; at least one
   * @param advertise what clients are told; empty to tell them where it listens
   * @param maxConnections connections at a time, at least 1
   * @param maxConcurrentStreams calls at a time on a connection, at least 1
   * @param keepAlive how silent connections are handled
   */
  public record Clients(
      List<ListenUrl> listen,
      List<String> advertise,
      int maxConnections,
      int maxConcurrentStreams,
      KeepAlive keepAlive) {}

  /**
   * How silent connections are handled.
   *
   * @param minTime clients may ping so often
   * @param interval silence after which the server pings; zero for never
   * @param timeout how long it waits for the answer
   */
  public record KeepAlive(Duration minTime, Duration interval, Duration timeout) {}

  /**
   * How the server speaks TLS, with clients or with peers.
   *
   * @param certificates PEM file with the server's certificate and its chain
   * @param key PEM file with its private key
   * @param trustedAuthorities PEM file with the authorities of the certificates of those who
   *     connect, which are required then; null to ask for none
   * @param versions the versions spoken, as the JDK calls them ({@code TLSv1.3})
   * @param cipherSuites those allowed; empty for those that HTTP/2 calls secure
   */
  public record Tls(
      Path certificates,
      Path key,
      @Nullable Path trustedAuthorities,
      List<String> versions,
      List<String> cipherSuites) {}

  /**
   * What the server refuses.
   *
   * @param maxRequestBytes largest writing request
   * @param maxTxnOps most operations in a transaction
   * @param writeLatency the latency of writes that is aimed at, above 0
   * @param quotaBytes most bytes stored; negative for no bound
   */
  public record Limits(
      int maxRequestBytes, int maxTxnOps, Duration writeLatency, long quotaBytes) {}

  /**
   * What the server keeps of the past.
   *
   * @param progressInterval how often a silent watch is told the revision
   * @param watchBytes bytes of events kept in memory
   * @param compaction how it compacts by itself, or null if it does not
   */
  public record History(
      Duration progressInterval, long watchBytes, @Nullable AutoCompaction compaction) {}

  /** How the server compacts by itself. */
  public sealed interface AutoCompaction {
    /** Keeps the history of so much time. */
    record Periodic(Duration retention) implements AutoCompaction {}

    /** Keeps so many revisions. */
    record Revisions(long retention) implements AutoCompaction {}
  }

  /**
   * Where the server stores.
   *
   * @param name of the engine
   * @param options the engine's own settings, which the engine checks
   */
  public record EngineChoice(String name, Map<String, String> options) {}

  /**
   * What the server tells of itself.
   *
   * @param metricsListen more places that serve metrics and health
   * @param extensiveMetrics whether to measure how long each call takes
   * @param logLevel the level of the logs
   * @param logFormat their form
   */
  public record Observing(
      List<ListenUrl> metricsListen,
      boolean extensiveMetrics,
      LogLevel logLevel,
      LogFormat logFormat) {}

  /** How much is logged. */
  public enum LogLevel {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** What a log line looks like. */
  public enum LogFormat {
    /** One JSON object per line. */
    JSON,
    /** Text for people. */
    CONSOLE
  }
}
