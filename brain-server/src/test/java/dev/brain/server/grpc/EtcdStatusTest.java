// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brain.server.kv.Failure;
import io.grpc.Status;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EtcdStatusTest {

  /** The texts as clients have them compiled in, written out a second time on purpose. */
  @Test
  void texts_wordForWord() {
    assertThat(
            Arrays.stream(EtcdStatus.values())
                .map(each -> each.status().getCode() + " " + each.text())
                .collect(Collectors.toList()))
        .containsExactlyInAnyOrder(
            "INVALID_ARGUMENT etcdserver: key is not provided",
            "INVALID_ARGUMENT etcdserver: key not found",
            "INVALID_ARGUMENT etcdserver: value is provided",
            "INVALID_ARGUMENT etcdserver: lease is provided",
            "INVALID_ARGUMENT etcdserver: too many operations in txn request",
            "INVALID_ARGUMENT etcdserver: duplicate key given in txn request",
            "INVALID_ARGUMENT etcdserver: invalid sort option",
            "OUT_OF_RANGE etcdserver: mvcc: required revision has been compacted",
            "OUT_OF_RANGE etcdserver: mvcc: required revision is a future revision",
            "RESOURCE_EXHAUSTED etcdserver: mvcc: database space exceeded",
            "INVALID_ARGUMENT etcdserver: request is too large",
            "RESOURCE_EXHAUSTED etcdserver: too many requests",
            "RESOURCE_EXHAUSTED grpc: trying to send message larger than max (2147483647)",
            "UNIMPLEMENTED RangeStream does not support custom sort orders",
            "UNIMPLEMENTED RangeStream does not support revision filters",
            "NOT_FOUND etcdserver: requested lease not found",
            "FAILED_PRECONDITION etcdserver: lease already exists",
            "OUT_OF_RANGE etcdserver: too large lease TTL",
            "UNAVAILABLE etcdserver: no leader",
            "UNAVAILABLE etcdserver: leader changed",
            "UNAVAILABLE etcdserver: server stopped",
            "UNAVAILABLE etcdserver: request timed out",
            "UNAVAILABLE etcdserver: unhealthy cluster",
            "DATA_LOSS etcdserver: corrupt cluster",
            "FAILED_PRECONDITION etcdserver: not leader",
            "FAILED_PRECONDITION etcdserver: bad leader transferee",
            "FAILED_PRECONDITION etcdserver: not capable",
            "NOT_FOUND etcdserver: member not found",
            "INVALID_ARGUMENT etcdserver: given member URLs are invalid",
            "FAILED_PRECONDITION etcdserver: can only promote a learner member",
            "FAILED_PRECONDITION etcdserver: re-configuration failed due to not enough started members",
            "INVALID_ARGUMENT etcdserver: wrong downgrade target version format",
            "INVALID_ARGUMENT etcdserver: invalid downgrade target version",
            "FAILED_PRECONDITION etcdserver: no inflight downgrade job",
            "FAILED_PRECONDITION etcdserver: root user does not exist",
            "INVALID_ARGUMENT etcdserver: user name is empty",
            "FAILED_PRECONDITION etcdserver: user name not found",
            "INVALID_ARGUMENT etcdserver: role name is empty",
            "FAILED_PRECONDITION etcdserver: role name not found",
            "FAILED_PRECONDITION etcdserver: authentication is not enabled",
            "INVALID_ARGUMENT etcdserver: permission not given",
            "FAILED_PRECONDITION etcdserver: users and roles are not supported by this server, use TLS client certificates",
            "FAILED_PRECONDITION etcdserver: Peer URLs already exists",
            "UNKNOWN etcdserver: unknown method",
            "PERMISSION_DENIED etcdserver: permission denied",
            "UNKNOWN election: not leader",
            "UNKNOWN election: no leader",
            "UNKNOWN mutex: session is expired",
            "UNKNOWN \"leader\" field must be provided");
  }

  @Test
  void of_everyFailure() {
    assertThat(
            Map.<Failure, EtcdStatus>ofEntries(
                Map.entry(new Failure.Compacted(3), EtcdStatus.COMPACTED),
                Map.entry(new Failure.FutureRevision(), EtcdStatus.FUTURE_REVISION),
                Map.entry(new Failure.KeyNotFound(), EtcdStatus.KEY_NOT_FOUND),
                Map.entry(new Failure.LeaseNotFound(), EtcdStatus.LEASE_NOT_FOUND),
                Map.entry(new Failure.LeaseExists(), EtcdStatus.LEASE_EXISTS),
                Map.entry(new Failure.NoSpace(), EtcdStatus.NO_SPACE),
                Map.entry(new Failure.TooManyRequests(), EtcdStatus.TOO_MANY_REQUESTS),
                Map.entry(new Failure.OutcomeUnknown(), EtcdStatus.TIMED_OUT),
                Map.entry(new Failure.LeaderChanged(), EtcdStatus.LEADER_CHANGED),
                Map.entry(new Failure.Stopped(), EtcdStatus.STOPPED),
                Map.entry(new Failure.Unreadable("damaged"), EtcdStatus.UNHEALTHY)))
        .allSatisfy((failure, status) -> assertThat(EtcdStatus.of(failure)).isEqualTo(status));
  }

  @Test
  void exception_carriesCodeAndText() {
    assertThat(Status.fromThrowable(EtcdStatus.NO_LEADER.exception()))
        .extracting(Status::getCode, Status::getDescription)
        .containsExactly(Status.Code.UNAVAILABLE, "etcdserver: no leader");
    assertThat(EtcdStatus.NO_LEADER.exception().getStackTrace()).isEmpty();
  }
}
