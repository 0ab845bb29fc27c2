// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import java.util.List;

/**
 * The members as far as they are known: this one alone, until its ports are open and it is known
 * where it is reached. Thread-safe.
 */
final class LateMembership implements Membership {
  private volatile Membership known;

  LateMembership(Member self) {
    this.known = Membership.single(self);
  }

  void become(Membership membership) {
    known = membership;
  }

  @Override
  public List<Member> members() {
    return known.members();
  }

  @Override
  public long self() {
    return known.self();
  }

  @Override
  public long leader() {
    return known.leader();
  }
}
