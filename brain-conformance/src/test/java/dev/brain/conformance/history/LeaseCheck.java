// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/*
 * A lease lives, from the request for each grant or renewal that succeeded, for its time to live,
 * unless somebody revokes it. Once somebody has seen its end nobody renews it or gives it keys.
 */
final class LeaseCheck {
  private static final class Lease {
    final List<Operation> uses = new ArrayList<>();
    long livesUntil = Long.MIN_VALUE;
    long revokeCalled = Long.MAX_VALUE;
    long gone = Long.MAX_VALUE;
    long seconds;
  }

  private final Map<Long, Lease> leases = new HashMap<>();
  private final Violations violations;

  LeaseCheck(Violations violations) {
    this.violations = violations;
  }

  void run(List<Operation> operations, List<Replay.LeaseEnd> ends) {
    for (Operation operation : operations) {
      if (operation.request() instanceof Request.Grant(long id, long seconds)) {
        lease(id).seconds = seconds;
      }
    }
    operations.forEach(this::note);
    for (Replay.LeaseEnd end : ends) {
      Lease lease = lease(end.lease());
      lease.gone = Math.min(lease.gone, end.entry().firstSeen);
      if (end.entry().firstSeen < lease.livesUntil) {
        violations.add(
            Rule.LEASE_LIVES,
            "lease %x ended at revision %d, %d ms early",
            end.lease(),
            end.entry().revision,
            TimeUnit.NANOSECONDS.toMillis(lease.livesUntil - end.entry().firstSeen));
      }
    }
    leases.values().forEach(this::check);
  }

  private Lease lease(long id) {
    return leases.computeIfAbsent(id, _ -> new Lease());
  }

  private void note(Operation operation) {
    boolean answered = operation.outcome() instanceof Outcome.Answered;
    switch (operation.request()) {
      case Request.Grant(long id, long _) -> use(id, operation, answered);
      case Request.KeepAlive(long id) -> use(id, operation, renewed(operation));
      case Request.Revoke(long id) -> {
        Lease lease = lease(id);
        lease.revokeCalled = Math.min(lease.revokeCalled, operation.called());
        if (answered) {
          lease.gone = Math.min(lease.gone, operation.returned());
        }
      }
      case Request.Put put when put.lease() != 0 -> lease(put.lease()).uses.add(operation);
      default -> {}
    }
  }

  private void use(long id, Operation operation, boolean succeeded) {
    Lease lease = lease(id);
    lease.uses.add(operation);
    if (succeeded) {
      lease.livesUntil =
          Math.max(lease.livesUntil, operation.called() + TimeUnit.SECONDS.toNanos(lease.seconds));
    }
  }

  private static boolean renewed(Operation operation) {
    return operation.outcome() instanceof Outcome.Answered(long _, Result.Renewed(long seconds))
        && seconds > 0;
  }

  private void check(Lease lease) {
    for (Operation use : lease.uses) {
      boolean refused =
          switch (use.outcome()) {
            case Outcome.Refused(Outcome.Reason reason) -> reason == Outcome.Reason.NO_LEASE;
            case Outcome.Answered(long _, Result.Renewed(long seconds)) -> seconds == 0;
            case Outcome.Answered _, Outcome.Unknown _ -> false;
          };
      boolean served = use.outcome() instanceof Outcome.Answered && !refused;
      if (served && use.called() > lease.gone) {
        violations.add(Rule.LEASE_ENDS, "%s, after its end was seen", use);
      }
      if (refused && use.returned() < lease.revokeCalled && use.returned() < before(lease, use)) {
        violations.add(Rule.LEASE_LIVES, "%s, within its time to live", use);
      }
    }
  }

  // Until when the lease lives by what had been answered before an operation.
  private static long before(Lease lease, Operation operation) {
    long until = Long.MIN_VALUE;
    for (Operation use : lease.uses) {
      boolean granted =
          use.request() instanceof Request.Grant && use.outcome() instanceof Outcome.Answered;
      if ((granted || renewed(use)) && use.returned() < operation.called()) {
        until = Math.max(until, use.called() + TimeUnit.SECONDS.toNanos(lease.seconds));
      }
    }
    return until;
  }
}
