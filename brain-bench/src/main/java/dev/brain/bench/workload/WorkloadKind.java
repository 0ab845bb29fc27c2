// SPDX-License-Identifier: Apache-2.0
package dev.brain.bench.workload;

import com.google.errorprone.annotations.Immutable;
import java.util.Locale;

/** The workloads, in the order in which they are shown and run. */
public enum WorkloadKind {
  /** See {@link InsertWorkload}. */
  INSERT("create keys: txn MOD==0, put", 300, InsertWorkload::new),
  /** See {@link GetWorkload}. */
  GET("read single keys", 300, GetWorkload::new),
  /** See {@link ListWorkload}. */
  LIST("list all keys in pages at a fixed revision", 16, ListWorkload::new),
  /** See {@link ListAllWorkload}. */
  LIST_ALL("list all keys in one answer", 1, scene -> new ListAllWorkload(scene, false)),
  /** See {@link ListAllWorkload}. */
  COUNT("count all keys", 16, scene -> new ListAllWorkload(scene, true)),
  /** See {@link WatchWorkload}. */
  WATCH("create keys while watchers see all of them", 32, WatchWorkload::new),
  /** See {@link UpdateWorkload}. */
  UPDATE(
      "update keys: txn MOD==revision, put, else get",
      300,
      scene -> new UpdateWorkload(scene, "update", scene.shape().keys())),
  /** See {@link DeleteWorkload}. */
  DELETE("delete keys: txn MOD==revision, delete, else get", 300, DeleteWorkload::new),
  /** See {@link MixedWorkload}. */
  MIXED("create keys and read others, half and half", 300, MixedWorkload::new),
  /** See {@link RangeStreamWorkload}. */
  RANGE_STREAM("list all keys in one stream (etcd 3.7)", 1, RangeStreamWorkload::new),
  /** See {@link LeaseWorkload}. */
  LEASE("grant leases, keep each alive 8 times, revoke it", 300, LeaseWorkload::new),
  /** See {@link UpdateWorkload}. */
  HEARTBEAT(
      "update one node lease after the other, as kubelets do",
      300,
      scene -> new UpdateWorkload(scene, "heartbeat", scene.shape().nodes())),
  /** See {@link NodeScaleWorkload}. */
  NODE_SCALE("what a cluster of --nodes asks, at its rate", 300, NodeScaleWorkload::new);

  private final String description;
  private final int clients;
  private final Factory factory;

  WorkloadKind(String description, int clients, Factory factory) {
    this.description = description;
    this.clients = clients;
    this.factory = factory;
  }

  /** What it does, in a few words. */
  public String description() {
    return description;
  }

  /** How many clients it runs with when nobody says. */
  public int defaultClients() {
    return clients;
  }

  /**
   * A workload for one run.
   *
   * @throws WorkloadException if the scene does not fit
   */
  public Workload create(Scene scene) {
    return factory.create(scene);
  }

  /**
   * Creates the keys that {@link #GET}, {@link #LIST}, {@link #LIST_ALL} and {@link #COUNT} read,
   * as far as they are missing, and writes each of them again.
   *
   * @param rewrites how often each key is written again
   * @param batch keys per transaction of these
   */
  public static void fill(Scene scene, int rewrites, int batch) throws InterruptedException {
    int size = scene.shape().keys();
    Dataset dataset = new Dataset(scene, scene.sharedKeys("keys", size), size);
    dataset.fill();
    dataset.rewrite(rewrites, batch);
  }

  /** Deletes all that workloads have written below the scene's prefix. */
  public static void clean(Scene scene) {
    Dataset.delete(scene, scene.shape().prefix());
  }

  /** The name on the command line, such as {@code list-all}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Makes a workload for one run. */
  @Immutable
  private interface Factory {
    Workload create(Scene scene);
  }
}
