// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.cluster;

import dev.brain.engine.EngineException;
import dev.brain.server.maintenance.Member;
import dev.brain.server.maintenance.MemberRemoval;
import dev.brain.server.maintenance.Membership;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered members, as of the last {@link #refresh}. Thread-safe; {@link #refresh} is called
 * by one thread at a time.
 */
public final class ClusterMembership implements Membership, MemberRemoval {
  private static final Logger log = LoggerFactory.getLogger(ClusterMembership.class);

  private final MemberRegistry registry;
  private final RegisteredMember self;
  private final Instances instances;
  private final LongSupplier leader;
  private volatile List<Member> members;
  private boolean failed;

  /**
   * Knows of this member only, until the first refresh.
   *
   * @param self this process, which is registered
   * @param instances tells whether a member that is to be removed is alive
   * @param leader the member id of the leader; 0 if there is none
   */
  public ClusterMembership(
      MemberRegistry registry, RegisteredMember self, Instances instances, LongSupplier leader) {
    this.registry = registry;
    this.self = self;
    this.instances = instances;
    this.leader = leader;
    this.members = List.of(self.member());
  }

  /**
   * Reads the members again; blocks. If they cannot be read the old list stays. A member that finds
   * itself removed, which only one that seemed dead can be, registers again.
   */
  public void refresh() {
    try {
      List<RegisteredMember> found = registry.list();
      if (found.stream().noneMatch(each -> each.member().id() == self.member().id())) {
        log.warn("this member was removed although it is alive; it registers again");
        if (registry.register(self, instances) instanceof Registration.NameTaken taken) {
          log.error("{}", taken.message());
        }
        found = registry.list();
      }
      members = found.stream().map(RegisteredMember::member).toList();
      failed = false;
    } catch (EngineException e) {
      if (!failed) {
        log.warn("the members cannot be read, the list is that of before: {}", e.getMessage());
      }
      failed = true;
    }
  }

  @Override
  public List<Member> members() {
    return members;
  }

  @Override
  public long self() {
    return self.member().id();
  }

  @Override
  public long leader() {
    return leader.getAsLong();
  }

  @Override
  public Outcome remove(long id) {
    if (id == self()) {
      return Outcome.ALIVE;
    }
    for (RegisteredMember each : registry.list()) {
      if (each.member().id() == id) {
        return remove(each);
      }
    }
    return Outcome.NOT_FOUND;
  }

  private Outcome remove(RegisteredMember member) {
    if (MemberRegistry.answering(member, instances) != null) {
      return Outcome.ALIVE;
    }
    if (!registry.remove(member)) {
      // It has come back, or somebody else was faster.
      return registry.list().stream().anyMatch(each -> each.member().id() == member.member().id())
          ? Outcome.ALIVE
          : Outcome.NOT_FOUND;
    }
    members = registry.list().stream().map(RegisteredMember::member).toList();
    return Outcome.REMOVED;
  }
}
