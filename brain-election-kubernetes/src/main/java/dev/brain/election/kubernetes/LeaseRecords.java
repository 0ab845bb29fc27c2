// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.KubernetesLease;
import dev.brain.election.LeaderRecord;
import dev.brain.election.LeaderRecord.State;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A leader's record in the fields and annotations of a Lease.
 *
 * <p>The fields are what other tools expect: who holds it, how often that changed, and times, which
 * are for people to look at and decide nothing. What a Lease has no fields for is in annotations. A
 * Lease without them was written by something else; it counts as held, so that it is waited for.
 */
final class LeaseRecords {
  private static final String INSTANCE = "brain.dev/instance";
  private static final String RENEWAL = "brain.dev/renewal";
  private static final String RELEASED_BY = "brain.dev/released-by";
  private static final String SUCCESSOR = "brain.dev/successor";

  private LeaseRecords() {}

  /** The record that a Lease holds. */
  static LeaderRecord record(Lease lease) {
    LeaseSpec spec = Objects.requireNonNullElseGet(lease.getSpec(), LeaseSpec::new);
    Map<String, String> annotations =
        Objects.requireNonNullElse(lease.getMetadata().getAnnotations(), Map.of());
    String releasedBy = annotations.get(RELEASED_BY);
    String holder = Objects.requireNonNullElse(spec.getHolderIdentity(), "");
    if (releasedBy != null && holder.isEmpty()) {
      return new LeaderRecord(
          releasedBy,
          annotations.getOrDefault(INSTANCE, ""),
          term(spec),
          renewal(annotations, spec),
          State.RELEASED,
          annotations.getOrDefault(SUCCESSOR, ""));
    }
    return new LeaderRecord(
        holder,
        annotations.getOrDefault(INSTANCE, ""),
        term(spec),
        renewal(annotations, spec),
        State.HELD,
        "");
  }

  private static long term(LeaseSpec spec) {
    return Objects.requireNonNullElse(spec.getLeaseTransitions(), 0);
  }

  private static long renewal(Map<String, String> annotations, LeaseSpec spec) {
    String renewal = annotations.get(RENEWAL);
    if (renewal != null && renewal.matches("[0-9]{1,18}")) {
      return Long.parseLong(renewal);
    }
    ZonedDateTime time = spec.getRenewTime();
    return time == null ? 0 : time.toInstant().toEpochMilli();
  }

  /** A Lease that is to be created. */
  static Lease create(
      KubernetesLease place, LeaderRecord record, Duration duration, ZonedDateTime now) {
    Lease empty =
        new LeaseBuilder()
            .withNewMetadata()
            .withNamespace(place.namespace())
            .withName(place.name())
            .endMetadata()
            .withSpec(new LeaseSpec())
            .build();
    return update(empty, record, duration, now);
  }

  /** A Lease as it was read, with another record in it. */
  static Lease update(Lease before, LeaderRecord record, Duration duration, ZonedDateTime now) {
    boolean isReleased = record.state() == State.RELEASED;
    Map<String, String> annotations =
        new HashMap<>(Objects.requireNonNullElse(before.getMetadata().getAnnotations(), Map.of()));
    annotations.put(INSTANCE, record.instance());
    annotations.put(RENEWAL, Long.toString(record.renewal()));
    annotations.remove(RELEASED_BY);
    annotations.remove(SUCCESSOR);
    if (isReleased) {
      annotations.put(RELEASED_BY, record.identity());
      annotations.put(SUCCESSOR, record.successor());
    }
    LeaseSpec spec = Objects.requireNonNullElseGet(before.getSpec(), LeaseSpec::new);
    return before.toBuilder()
        .editMetadata()
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpecLike(spec)
        .withHolderIdentity(isReleased || record.identity().isEmpty() ? null : record.identity())
        .withLeaseTransitions((int) Math.min(record.term(), Integer.MAX_VALUE))
        .withLeaseDurationSeconds((int) Math.max(1, duration.toSeconds()))
        .withAcquireTime(record.renewal() == 0 ? now : spec.getAcquireTime())
        .withRenewTime(now)
        .endSpec()
        .build();
  }
}
