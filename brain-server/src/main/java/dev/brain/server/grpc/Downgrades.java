// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.grpc;

import dev.brain.server.maintenance.Versions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be said against a version to go down to. */
final class Downgrades {
  /** A number that an int can hold. */
  private static final String NUMBER = "(0|[1-9][0-9]{0,8})";

  private static final Pattern VERSION =
      Pattern.compile(NUMBER + "\\." + NUMBER + "(?:\\." + NUMBER + "(?:[-+].*)?)?");

  private Downgrades() {}

  /** Null if the version is one minor version below that of the cluster. */
  static @Nullable EtcdStatus check(String version) {
    Matcher target = VERSION.matcher(version);
    if (!target.matches()) {
      return EtcdStatus.DOWNGRADE_BAD_VERSION;
    }
    Matcher cluster = VERSION.matcher(Versions.CLUSTER);
    boolean oneBelow =
        cluster.matches()
            && number(target, 1) == number(cluster, 1)
            && number(target, 2) == number(cluster, 2) - 1;
    return oneBelow ? null : EtcdStatus.DOWNGRADE_INVALID_TARGET;
  }

  private static int number(Matcher version, int group) {
    return Integer.parseInt(version.group(group));
  }
}
