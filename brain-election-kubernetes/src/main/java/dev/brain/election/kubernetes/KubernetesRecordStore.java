// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.KubernetesLease;
import dev.brain.election.LeaderRecord;
import dev.brain.election.LeaderRecordStore;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Keeps the leader's record as a Lease.
 *
 * <p>The client's own LeaderElector is not used: it compares the time that another node wrote into
 * the Lease with the local wall clock, and its user cannot ask whether the lease surely still
 * holds.
 */
final class KubernetesRecordStore implements LeaderRecordStore {

  /*
   * The resource version is the condition of each write. It also settles writes of unknown outcome: one that
   * is still on its way when something else is written fails then.
   */
  private final KubernetesClient client;
  private final KubernetesLease place;
  private final Duration duration;
  private final InstantSource clock;

  /**
   * A store in a cluster.
   *
   * @param client must not repeat requests; this store closes it
   * @param duration what the Lease says of how long it lasts
   * @param clock for the times that people read in the Lease
   */
  KubernetesRecordStore(
      KubernetesClient client, KubernetesLease place, Duration duration, InstantSource clock) {
    this.client = client;
    this.place = place;
    this.duration = duration;
    this.clock = clock;
  }

  @Override
  public Optional<Stored> read() {
    try {
      return Optional.ofNullable(leases().withName(place.name()).get())
          .map(KubernetesRecordStore::stored);
    } catch (KubernetesClientException e) {
      throw Failures.line(e, place, client.getMasterUrl());
    }
  }

  @Override
  public Outcome write(Optional<Stored> expected, LeaderRecord next) {
    ZonedDateTime now =
        ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    try {
      Lease written =
          expected.isEmpty()
              ? leases().resource(LeaseRecords.create(place, next, duration, now)).create()
              : leases()
                  .resource(
                      LeaseRecords.update((Lease) expected.get().version(), next, duration, now))
                  .update();
      return new Outcome.Written(stored(written));
    } catch (KubernetesClientException e) {
      boolean isGone = e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && expected.isPresent();
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || isGone) {
        return new Outcome.Lost();
      }
      if (Failures.isUncertain(e)) {
        return new Outcome.Uncertain(e);
      }
      throw Failures.line(e, place, client.getMasterUrl());
    }
  }

  private NonNamespaceOperation<Lease, ?, Resource<Lease>> leases() {
    return client.leases().inNamespace(place.namespace());
  }

  private static Stored stored(Lease lease) {
    return new Stored(LeaseRecords.record(lease), lease);
  }

  /** Whoever may write to the cluster can delete a Lease. */
  @Override
  public boolean canVanish() {
    return true;
  }

  @Override
  public String toString() {
    return place.toString();
  }

  @Override
  public void close() {
    client.close();
  }
}
