// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A refusal on its way to the client. Has no stack trace: refusing must be cheap under load. */
final class EtcdException extends StatusRuntimeException {
  private static final long serialVersionUID = 1L;

  EtcdException(Status status) {
    super(status);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
