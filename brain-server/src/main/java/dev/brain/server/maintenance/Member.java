// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

import java.util.List;

/**
 * A node as clients see it.
 *
 * @param id its member id, to be read as unsigned
 * @param name its name
 * @param peerUrls where other members reach it; may be empty
 * @param clientUrls where clients reach it: they are sent there, so it must be right for them
 */
public record Member(long id, String name, List<String> peerUrls, List<String> clientUrls) {
  public Member {
    peerUrls = List.copyOf(peerUrls);
    clientUrls = List.copyOf(clientUrls);
  }
}
