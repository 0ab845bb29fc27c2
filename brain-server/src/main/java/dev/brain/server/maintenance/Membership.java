// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import java.util.List;

/** Who belongs to the cluster and who leads it. Thread-safe; answers at once. */
public interface Membership {
  /** All members; at least this one. */
  List<Member> members();

  /** The member id of this node. */
  long self();

  /** The member id of the leader; 0 if there is none. */
  long leader();

  /** A cluster of one node, which always leads. */
  static Membership single(Member member) {
    return new Membership() {
      @Override
      public List<Member> members() {
        return List.of(member);
      }

      @Override
      public long self() {
        return member.id();
      }

      @Override
      public long leader() {
        return member.id();
      }
    };
  }
}
