// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.proto.etcdserverpb.ResponseHeader;
import dev.brain.server.mvcc.Store;

/** Makes the headers of answers. Thread-safe. */
public final class ResponseHeaders {
  private final Store store;
  private final ResponseHeader identity;

  /** Makes headers of the node and cluster that a store belongs to. */
  public ResponseHeaders(Store store) {
    this.store = store;
    this.identity =
        ResponseHeader.newBuilder()
            .setClusterId(store.clusterId())
            .setMemberId(store.memberId())
            .build();
  }

  /** A header that carries a revision. */
  public ResponseHeader at(long revision) {
    return identity.toBuilder().setRevision(revision).setRaftTerm(store.epoch()).build();
  }

  /** A header that carries the newest visible revision. */
  public ResponseHeader now() {
    return at(store.revision());
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
