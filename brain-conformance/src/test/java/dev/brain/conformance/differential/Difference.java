// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.differential;

import dev.brain.conformance.client.Texts;

/**
 * One place where the two answers differ.
 *
 * @param where the request, as the test names it
 * @param path the field, for example {@code kvs[2].lease}, or {@code status}
 * @param etcd what etcd has there, {@code absent} when it has nothing
 * @param brain what Brain has there
 */
public record Difference(String where, String path, String etcd, String brain) {
  @Override
  public String toString() {
    return where
        + "\n    at    "
        + path
        + "\n    etcd  "
        + Texts.cut(etcd)
        + "\n    brain "
        + Texts.cut(brain);
  }
}
