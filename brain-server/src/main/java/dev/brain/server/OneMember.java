// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.Membership;
import java.util.List;

/** A cluster of this node alone, which always leads. Thread-safe. */
final class OneMember implements Membership {
  private volatile Member member;

  OneMember(long id, String name, List<String> clientUrls) {
    this.member = new Member(id, name, List.of(), clientUrls);
  }

  /** Tells clients where to go, if the operator has not said it: ports may be known only late. */
  void serveAt(List<String> clientUrls) {
    if (member.clientUrls().isEmpty()) {
      member = new Member(member.id(), member.name(), List.of(), clientUrls);
    }
  }

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
}
