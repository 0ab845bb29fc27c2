// SPDX-License-Identifier: Apache-2.0
package dev.brain.engine.tikv;

import dev.brain.engine.EngineException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tikv.kvproto.PDGrpc;
import org.tikv.kvproto.Pdpb;
import org.tikv.shade.io.grpc.CallOptions;
import org.tikv.shade.io.grpc.ManagedChannel;
import org.tikv.shade.io.grpc.MethodDescriptor;
import org.tikv.shade.io.grpc.StatusRuntimeException;
import org.tikv.shade.io.grpc.stub.ClientCalls;

/**
 * The placement driver: who has which region, what time it is. Asks the member that leads, and
 * looks for the new one when it does not answer. Thread-safe.
 */
final class PlacementDriver {

  /**
   * The member that leads.
   *
   * @param clusterId what every request must name
   */
  record Leader(String address, long clusterId) {
    Pdpb.RequestHeader header() {
      return Pdpb.RequestHeader.newBuilder().setClusterId(clusterId).build();
    }
  }

  /** A kind of request, and where its answer says that something went wrong. */
  record Kind<Q, R>(MethodDescriptor<Q, R> method, Function<R, Pdpb.ResponseHeader> header) {}

  static final Kind<Pdpb.GetRegionRequest, Pdpb.GetRegionResponse> REGION =
      new Kind<>(PDGrpc.getGetRegionMethod(), Pdpb.GetRegionResponse::getHeader);
  static final Kind<Pdpb.ScanRegionsRequest, Pdpb.ScanRegionsResponse> REGIONS =
      new Kind<>(PDGrpc.getScanRegionsMethod(), Pdpb.ScanRegionsResponse::getHeader);
  static final Kind<Pdpb.GetStoreRequest, Pdpb.GetStoreResponse> STORE =
      new Kind<>(PDGrpc.getGetStoreMethod(), Pdpb.GetStoreResponse::getHeader);
  static final Kind<Pdpb.GetAllStoresRequest, Pdpb.GetAllStoresResponse> STORES =
      new Kind<>(PDGrpc.getGetAllStoresMethod(), Pdpb.GetAllStoresResponse::getHeader);
  static final Kind<Pdpb.UpdateServiceGCSafePointRequest, Pdpb.UpdateServiceGCSafePointResponse>
      SERVICE_SAFE_POINT =
          new Kind<>(
              PDGrpc.getUpdateServiceGCSafePointMethod(),
              Pdpb.UpdateServiceGCSafePointResponse::getHeader);
  static final Kind<Pdpb.UpdateGCSafePointRequest, Pdpb.UpdateGCSafePointResponse> SAFE_POINT =
      new Kind<>(PDGrpc.getUpdateGCSafePointMethod(), Pdpb.UpdateGCSafePointResponse::getHeader);

  /** For asking one member who leads. */
  private static final Duration MEMBER_PATIENCE = Duration.ofSeconds(1);

  private final List<String> endpoints;
  private final Channels channels;
  private final Duration patience;
  private volatile @Nullable Leader leader;

  /**
   * Asks nothing yet.
   *
   * @param endpoints members to begin with
   * @param patience for one request
   */
  PlacementDriver(List<String> endpoints, Channels channels, Duration patience) {
    this.endpoints = endpoints;
    this.channels = channels;
    this.patience = patience;
  }

  /**
   * Asks the leader until it answers.
   *
   * @throws EngineException.Unavailable if none did before the budget was spent
   */
  <Q, R> R ask(Kind<Q, R> kind, Function<Pdpb.RequestHeader, Q> request, Budget budget) {
    for (int tries = 1; ; tries++) {
      Leader asked = leader(budget);
      String trouble;
      try {
        R answer =
            call(asked.address(), kind.method(), request.apply(asked.header()), patience, budget);
        Pdpb.ResponseHeader header = kind.header().apply(answer);
        if (!header.hasError() || header.getError().getType() == Pdpb.ErrorType.OK) {
          return answer;
        }
        trouble = header.getError().getMessage();
      } catch (StatusRuntimeException e) {
        trouble = Trouble.of(e);
      }
      forget(asked);
      if (budget.isSpent()) {
        throw new EngineException.Unavailable(
            "the placement driver " + asked.address() + " does not answer: " + trouble, null);
      }
      budget.pause(tries);
    }
  }

  /** The member that leads as far as is known; asks who does if it is not. */
  Leader leader(Budget budget) {
    Leader known = leader;
    for (int tries = 1; known == null; tries++) {
      known = look(budget);
      leader = known;
      if (known == null) {
        if (budget.isSpent()) {
          throw new EngineException.Unavailable(
              TikvSettings.PD_ENDPOINTS
                  + ": "
                  + String.join(",", endpoints)
                  + ": no placement driver answers (expected: addresses of a TiKV cluster's"
                  + " placement drivers, reachable, with TLS as they are set up)",
              null);
        }
        budget.pause(tries);
      }
    }
    return known;
  }

  /** Makes the next request look for a leader, unless that happened already. */
  void forget(Leader failed) {
    if (failed.equals(leader)) {
      leader = null;
    }
  }

  /** The connection to a member. */
  ManagedChannel channel(Leader member) {
    return channels.to(member.address());
  }

  private @Nullable Leader look(Budget budget) {
    for (String endpoint : endpoints) {
      try {
        Pdpb.GetMembersResponse members =
            call(
                endpoint,
                PDGrpc.getGetMembersMethod(),
                Pdpb.GetMembersRequest.getDefaultInstance(),
                MEMBER_PATIENCE,
                budget);
        Set<String> urls = new LinkedHashSet<>(members.getLeader().getClientUrlsList());
        for (String url : urls) {
          return new Leader(URI.create(url).getAuthority(), members.getHeader().getClusterId());
        }
      } catch (StatusRuntimeException | IllegalArgumentException _) {
        // The next one may know. That nobody does is said by the caller.
      }
    }
    return null;
  }

  private <Q, R> R call(
      String address, MethodDescriptor<Q, R> method, Q request, Duration limit, Budget budget) {
    ManagedChannel channel = channels.to(address);
    channel.resetConnectBackoff(); // how often it is tried is the budget's business
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(budget.remainingNanos(limit), TimeUnit.NANOSECONDS);
    return ClientCalls.blockingUnaryCall(channel, method, options, request);
  }
}
