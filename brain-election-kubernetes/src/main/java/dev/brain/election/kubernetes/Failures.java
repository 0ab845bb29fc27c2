// SPDX-License-Identifier: Apache-2.0
package dev.brain.election.kubernetes;

import dev.brain.election.KubernetesLease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What went wrong between here and an API server, in one line. */
final class Failures {
  /** The code of a failure without an answer; the client uses this and -1. */
  private static final int NO_ANSWER = 0;

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  /** With these no request was sent. */
  private static final List<Class<? extends Exception>> NOT_SENT =
      List.of(
          ConnectException.class,
          UnknownHostException.class,
          UnresolvedAddressException.class,
          SSLHandshakeException.class);

  private Failures() {}

  /** Whether a write that failed like this may have been done, or may still be. */
  static boolean isUncertain(KubernetesClientException failure) {
    return failure.getCode() <= NO_ANSWER
        ? causes(failure).noneMatch(Failures::isNotSent)
        : failure.getCode() >= SERVER_ERROR;
  }

  /** What to throw and to log instead. */
  static IllegalStateException line(
      KubernetesClientException failure, KubernetesLease lease, URL server) {
    String text =
        switch (Math.max(NO_ANSWER, failure.getCode())) {
          case NO_ANSWER ->
              "API server %s cannot be reached: %s".formatted(server, reason(failure));
          case UNAUTHORIZED ->
              "API server %s does not accept the credentials (401)".formatted(server);
          case FORBIDDEN ->
              ("API server %s refuses access (403; expected: a Role in namespace %s with get, create"
                      + " and update of leases.coordination.k8s.io)")
                  .formatted(server, lease.namespace());
          case NOT_FOUND ->
              "API server %s has no namespace %s (404)".formatted(server, lease.namespace());
          default ->
              "API server %s answers %d: %s"
                  .formatted(server, failure.getCode(), firstLine(failure.getMessage()));
        };
    return new IllegalStateException(text, failure);
  }

  private static boolean isNotSent(Throwable cause) {
    return NOT_SENT.stream().anyMatch(it -> it.isInstance(cause));
  }

  private static String reason(KubernetesClientException failure) {
    Throwable last = causes(failure).reduce(failure, (_, next) -> next);
    String message = last.getMessage();
    String kind = last.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + firstLine(message);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, it -> it != null, Throwable::getCause);
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "no message" : text.lines().findFirst().orElse("no message");
  }
}
