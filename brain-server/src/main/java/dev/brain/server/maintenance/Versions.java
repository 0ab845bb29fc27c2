// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.maintenance;

/**
 * The versions of etcd that this server says it is. Clients switch features on by them: 3.7 is the
 * first that has RangeStream, which is served.
 */
public final class Versions {
  /** The version of the server. */
  public static final String SERVER = "3.7.0";

  /** The version that all members have at least. */
  public static final String CLUSTER = "3.7.0";

  /** The version of the data's format. */
  public static final String STORAGE = "3.7.0";

  private Versions() {}
}
