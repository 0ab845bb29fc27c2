// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.client;

import com.google.protobuf.Message;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What a server said to one call: a status and, only when it is OK, a message.
 *
 * @param text the description of the status, empty when there is none
 */
public record Answer(Status.Code code, String text, @Nullable Message message) {

  static Answer of(Message message) {
    return new Answer(Status.Code.OK, "", message);
  }

  static Answer of(Status status) {
    String description = status.getDescription();
    return new Answer(status.getCode(), description == null ? "" : description, null);
  }

  /** Code and text in one line. */
  public String status() {
    return text.isEmpty() ? code.name() : code + " " + text;
  }

  @Override
  public String toString() {
    return message == null ? status() : code + " { " + Texts.oneLine(message) + " }";
  }
}
