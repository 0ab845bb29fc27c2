// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import java.util.List;
import java.util.Locale;

/**
 * Something the operator may set: a flag, an environment variable and a key of the config file.
 *
 * @param name lower case words joined by hyphens, as in {@code data-dir}
 * @param kind how many values it takes
 * @param group the heading it stands under
 * @param label what its value is called in the help: {@code DIR}
 * @param defaultValue the value used when it is not given, as the operator would write it; empty if
 *     there is none
 * @param help one or two sentences with the unit
 * @param aliases other names under which etcd knows it
 */
public record Setting(
    String name,
    Kind kind,
    Group group,
    String label,
    String defaultValue,
    String help,
    List<String> aliases) {

  /** How many values a setting takes. */
  public enum Kind {
    /** One value; the last one given wins. */
    VALUE,
    /** True or false; as a flag, true when no value is given. */
    SWITCH,
    /** {@code name=value} pairs; all given are taken. */
    PAIRS
  }

  /** The headings of the help, in its order. */
  public enum Group {
    MEMBER("Member"),
    CLIENTS("Client traffic"),
    TLS("TLS"),
    LIMITS("Limits"),
    HISTORY("Watches and compaction"),
    ENGINE("Storage engine"),
    CLUSTER("Several members over one engine"),
    OBSERVING("Logs and metrics"),
    IGNORED("Taken from etcd and ignored");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    public String heading() {
      return heading;
    }
  }

  public Setting {
    aliases = List.copyOf(aliases);
  }

  /** A setting with one value. */
  static Setting value(
      Group group, String name, String label, String defaultValue, String help, String... aliases) {
    return new Setting(name, Kind.VALUE, group, label, defaultValue, help, List.of(aliases));
  }

  /** A setting that is false if it is not given. */
  static Setting toggle(Group group, String name, String help) {
    return new Setting(name, Kind.SWITCH, group, "true|false", "false", help, List.of());
  }

  /** The flag: {@code --data-dir}. */
  public String flag() {
    return "--" + name;
  }

  /** The environment variable: {@code BRAIN_DATA_DIR}. */
  public String variable() {
    return "BRAIN_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
