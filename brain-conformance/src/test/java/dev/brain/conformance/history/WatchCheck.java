// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import com.google.errorprone.annotations.FormatMethod;
import dev.brain.conformance.history.Watch.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks one watch against the order, after its replay. For one thread. */
final class WatchCheck {
  private record Identity(long revision, String key) {}

  private final Watch watch;
  private final Order order;
  private final Violations violations;
  private final List<Event> received = new ArrayList<>();
  private final Set<Identity> identities = new HashSet<>();
  private boolean ended;
  private long created = -1;
  private long lastEvent;
  private long lastProgress;

  WatchCheck(Watch watch, Order order, Violations violations) {
    this.watch = watch;
    this.order = order;
    this.violations = violations;
  }

  void run() {
    for (Message message : watch.messages()) {
      if (ended) {
        broken(Rule.WATCH_LIFE, "%s after its end", message);
      }
      if (created < 0 && !(message instanceof Message.Created)) {
        broken(Rule.WATCH_LIFE, "%s before it was created", message);
        created = 0;
      }
      switch (message) {
        case Message.Created one -> {
          if (created >= 0) {
            broken(Rule.WATCH_LIFE, "created twice");
          }
          created = one.header();
        }
        case Message.Events events -> events(events);
        case Message.Progress progress -> progress(progress);
        case Message.Cancelled cancelled -> cancelled(cancelled);
      }
    }
    checkComplete();
  }

  private void events(Message.Events message) {
    long before = lastEvent;
    for (Event event : message.events()) {
      long revision = event.revision();
      if (!watch.span().contains(event.key())) {
        broken(Rule.WATCH_FILTER, "%s", event);
      }
      if (revision < lastEvent) {
        broken(Rule.WATCH_ORDERED, "%s after %d", event, lastEvent);
      }
      if (!identities.add(new Identity(revision, event.key()))) {
        broken(Rule.WATCH_UNIQUE, "%s", event);
      }
      if (revision == before) {
        broken(Rule.WATCH_ATOMIC, "%s in the next message", event);
      }
      if (revision <= lastProgress) {
        broken(Rule.WATCH_BOOKMARK, "%s after progress %d", event, lastProgress);
      }
      if (revision < first()) {
        broken(Rule.WATCH_START, "%s", event);
      }
      if (message.header() < revision) {
        broken(Rule.WATCH_HEADER, "%s under header %d", event, message.header());
      }
      lastEvent = Math.max(lastEvent, revision);
      received.add(event);
    }
  }

  private void progress(Message.Progress progress) {
    long revision = progress.header();
    if (revision < lastProgress || revision < lastEvent) {
      broken(Rule.WATCH_BOOKMARK, "%s after %d", progress, Math.max(lastProgress, lastEvent));
    }
    // One before the start says nothing, and nothing wrong.
    if (revision < first() - 1) {
      broken(Rule.WATCH_START, "%s", progress);
    }
    lastProgress = Math.max(lastProgress, revision);
  }

  private void cancelled(Message.Cancelled cancelled) {
    ended = true;
    long next = Math.max(first(), Math.max(lastEvent, lastProgress) + 1);
    if (cancelled.compactRevision() != 0 && cancelled.compactRevision() <= next) {
      broken(Rule.WATCH_COMPACTED, "%s, which needs %d", cancelled, next);
    }
  }

  private long first() {
    return watch.start() > 0 ? watch.start() : created + 1;
  }

  // What was received is all that matches from the first revision to the last that it proves.
  private void checkComplete() {
    List<Event> expected = new ArrayList<>();
    long last = Math.max(lastEvent, lastProgress);
    if (last >= first()) {
      for (Order.Entry entry : order.entries().subMap(first(), true, last, true).values()) {
        for (Event event : entry.events) {
          if (watch.span().contains(event.key())) {
            expected.add(event);
          }
        }
      }
    }
    for (int i = 0; i < Math.max(expected.size(), received.size()); i++) {
      Event right = i < expected.size() ? expected.get(i) : null;
      Event got = i < received.size() ? received.get(i) : null;
      if (right == null || got == null || !right.bare().equals(got.bare())) {
        broken(
            i == 0 ? Rule.WATCH_RESUMES : Rule.WATCH_RELIABLE,
            "event %d is %s, expected %s",
            i,
            String.valueOf(got),
            String.valueOf(right));
        return;
      }
      if (watch.previous() ? !right.equals(got) : got.previous() != null) {
        broken(Rule.WATCH_PREVIOUS, "%s, expected %s", got, right);
      }
    }
  }

  @FormatMethod
  private void broken(Rule rule, String where, Object... arguments) {
    violations.add(
        rule,
        "watch of %s on %s from %d: %s",
        watch.span(),
        watch.node(),
        watch.start(),
        where.formatted(arguments));
  }
}
