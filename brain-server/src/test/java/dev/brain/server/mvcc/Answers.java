// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.mvcc;

import dev.brain.server.kv.Event;
import dev.brain.server.kv.Key;
import dev.brain.server.kv.KeyValue;
import dev.brain.server.kv.OpResult;
import dev.brain.server.kv.RangeResult;
import dev.brain.server.kv.Revision;
import dev.brain.server.kv.Row;
import dev.brain.server.kv.TxnResult;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares answers and events, and writes them down. */
final class Answers {
  private Answers() {}

  /** Whether two answers are the same in every byte. */
  static boolean same(@Nullable Object one, @Nullable Object other) {
    return switch (one) {
      case null -> other == null;
      case TxnResult(long revision, boolean succeeded, List<OpResult> results) ->
          other instanceof TxnResult that
              && revision == that.revision()
              && succeeded == that.succeeded()
              && sameAll(results, that.results());
      case RangeResult(long revision, List<KeyValue> kvs, boolean more, long count) ->
          other instanceof RangeResult that
              && revision == that.revision()
              && more == that.more()
              && count == that.count()
              && sameAll(kvs, that.keyValues());
      case OpResult.Put(long revision, KeyValue previous) ->
          other instanceof OpResult.Put that
              && revision == that.revision()
              && same(previous, that.previous());
      case OpResult.Delete(long revision, long deleted, List<KeyValue> previous) ->
          other instanceof OpResult.Delete that
              && revision == that.revision()
              && deleted == that.deleted()
              && sameAll(previous, that.previous());
      case OpResult.Nested(boolean succeeded, List<OpResult> results) ->
          other instanceof OpResult.Nested that
              && succeeded == that.succeeded()
              && sameAll(results, that.results());
      case KeyValue(Key key, Row row) ->
          other instanceof KeyValue that && key.equals(that.key()) && same(row, that.row());
      case Event(Key key, Row row, Row previous) ->
          other instanceof Event that
              && key.equals(that.key())
              && same(row, that.row())
              && same(previous, that.previous());
      case Revision(long number, List<Event> events) ->
          other instanceof Revision that
              && number == that.number()
              && sameAll(events, that.events());
      case Row row -> other instanceof Row that && Arrays.equals(row.bytes(), that.bytes());
      case List<?> list -> other instanceof List<?> that && sameAll(list, that);
      default -> one.equals(other);
    };
  }

  private static boolean sameAll(List<?> one, List<?> other) {
    if (one.size() != other.size()) {
      return false;
    }
    for (int i = 0; i < one.size(); i++) {
      if (!same(one.get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  static String text(Object answer) {
    return switch (answer) {
      case TxnResult(long revision, boolean succeeded, List<OpResult> results) ->
          "txn @" + revision + " " + succeeded + " " + texts(results);
      case RangeResult(long revision, List<KeyValue> kvs, boolean more, long count) ->
          "range @" + revision + " more=" + more + " count=" + count + " " + texts(kvs);
      case OpResult.Put(long revision, KeyValue previous) ->
          "put @" + revision + " previous " + previous(previous);
      case OpResult.Delete(long revision, long deleted, List<KeyValue> previous) ->
          "delete @" + revision + " " + deleted + " previous " + texts(previous);
      case OpResult.Nested(boolean succeeded, List<OpResult> results) ->
          "nested " + succeeded + " " + texts(results);
      case KeyValue(Key key, Row row) -> hex(key.bytes()) + "=" + hex(row.bytes());
      case Event(Key key, Row row, Row previous) ->
          hex(key.bytes())
              + "->"
              + hex(row.bytes())
              + " previous "
              + (previous == null ? "none" : hex(previous.bytes()));
      case Revision(long number, List<Event> events) -> "@" + number + texts(events);
      case List<?> list -> texts(list);
      default -> answer.toString();
    };
  }

  private static String previous(@Nullable KeyValue previous) {
    return previous == null ? "none" : text(previous);
  }

  static String texts(List<?> answers) {
    return answers.stream().map(Answers::text).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
