// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.server.mvcc.Store;
import java.util.function.LongSupplier;

/** Makes the headers of answers. Thread-safe. */
public final class ResponseHeaders {
  private final ResponseHeader identity;
  private final LongSupplier term;
  private final LongSupplier revision;

  /**
   * Makes headers of a node.
   *
   * @param term the epoch of the leader
   * @param revision the newest visible revision
   */
  public ResponseHeaders(long clusterId, long memberId, LongSupplier term, LongSupplier revision) {
    this.identity =
        ResponseHeader.newBuilder().setClusterId(clusterId).setMemberId(memberId).build();
    this.term = term;
    this.revision = revision;
  }

  /** Makes headers of the one node that a store belongs to. */
  public static ResponseHeaders of(Store store) {
    return new ResponseHeaders(store.clusterId(), store.memberId(), store::epoch, store::revision);
  }

  /** The epoch of the leader. */
  long term() {
    return term.getAsLong();
  }

  /** A header that carries a revision. */
  public ResponseHeader at(long revision) {
    return identity.toBuilder().setRevision(revision).setRaftTerm(term()).build();
  }

  /** A header that carries the newest visible revision. */
  public ResponseHeader now() {
    return at(revision.getAsLong());
  }

  /** A header without a revision, as cluster answers and compacted watches have it. */
  public ResponseHeader withoutRevision() {
    return at(0);
  }

  /** The header of an answer inside a transaction's answer: a revision and nothing else. */
  static ResponseHeader inner(long revision) {
    return ResponseHeader.newBuilder().setRevision(revision).build();
  }
}
