// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request for a page.
 *
 * @param method GET, for example
 * @param parameters of the query, decoded
 */
public record Request(String method, Map<String, List<String>> parameters) {
  boolean has(String name) {
    return parameters.containsKey(name);
  }

  Set<String> values(String name) {
    return parameters.getOrDefault(name, List.of()).stream()
        .filter(value -> !value.isEmpty())
        .collect(Collectors.toSet());
  }
}
