// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue in which connections take turns, however many items each of them has. Within a connection
 * the order is that of arrival. Not thread-safe.
 *
 * @param <T> what waits
 */
final class ConnectionQueue<T> {
  private final int most;

  /** Whose turn it is comes first; no line is empty. */
  private final Map<Connection, ArrayDeque<T>> lines = new LinkedHashMap<>();

  private int size;

  /**
   * An empty queue.
   *
   * @param most how many items may wait; half as many of one connection
   */
  ConnectionQueue(int most) {
    this.most = most;
  }

  int size() {
    return size;
  }

  /** Puts an item behind those of its connection; false if too many wait. */
  boolean add(Connection connection, T item) {
    ArrayDeque<T> line = lines.get(connection);
    int own = line == null ? 0 : line.size();
    if (size >= most || own >= (most + 1) / 2) {
      return false;
    }
    if (line == null) {
      line = new ArrayDeque<>();
      lines.put(connection, line);
    }
    line.add(item);
    size++;
    return true;
  }

  /** The connections that wait; the next one to have a turn comes first. */
  List<Connection> turns() {
    return List.copyOf(lines.keySet());
  }

  /** Whether a connection waits. */
  boolean has(Connection connection) {
    return lines.containsKey(connection);
  }

  /** The oldest item of a connection that waits. */
  T first(Connection connection) {
    return lineOf(connection).getFirst();
  }

  /** Takes the oldest item of a connection that waits; its next turn is after all others. */
  T take(Connection connection) {
    ArrayDeque<T> line = lineOf(connection);
    lines.remove(connection);
    T item = line.removeFirst();
    size--;
    if (!line.isEmpty()) {
      lines.put(connection, line);
    }
    return item;
  }

  /** Takes the item whose turn it is; null if nothing waits. */
  @Nullable T poll() {
    return size == 0 ? null : take(lines.keySet().iterator().next());
  }

  /** Takes an item out; false if it does not wait. */
  boolean remove(Connection connection, T item) {
    ArrayDeque<T> line = lines.get(connection);
    if (line == null || !line.remove(item)) {
      return false;
    }
    size--;
    if (line.isEmpty()) {
      lines.remove(connection);
    }
    return true;
  }

  private ArrayDeque<T> lineOf(Connection connection) {
    ArrayDeque<T> line = lines.get(connection);
    if (line == null) {
      throw new IllegalStateException("the connection does not wait");
    }
    return line;
  }
}
