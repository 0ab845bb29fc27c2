// SPDX-License-Identifier: Apache-2.0
package dev.brain.server;

import dev.brain.engine.EngineFactory;
import dev.brain.server.config.Setting;
import dev.brain.server.config.Settings;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The text of docs/flags.md, made from the settings themselves. */
final class FlagsDocument {
  private static final String HEAD =
      """
      # Settings

      `brain server` takes each setting as a flag (`--data-dir=/var/lib/brain`), as an environment variable
      (`BRAIN_DATA_DIR`), or as a key of the YAML file that `--config-file` names (`data-dir: /var/lib/brain`; lists may
      be YAML lists, `engine-option` a map). A flag wins over the environment, the environment over the file, the file
      over the default. An unknown flag or key, or a value that cannot be used, keeps the server from starting; all
      such faults are told at once, one line each, and the exit code is 2.

      Names and meanings are etcd's where etcd has the setting. DURATION is `500ms`, `5s`, `10m` or `1h30m`. BYTES is a
      number, or one with `KiB`, `MiB` or `GiB`.

      This page is made from the settings of the program; a test compares the two.
      """;

  private static final String IGNORED_HEAD =
      """

      ## Taken from etcd and ignored

      These flags of etcd are accepted, so that manifests written for etcd (kubeadm's, for example) can be used as they
      are. They do nothing but write a warning. `--initial-cluster` with more than one member is refused where there is
      no election: servers do not become a cluster by naming each other. Where there are peers, `--peer-auto-tls` and
      `--peer-cert-allowed-cn` are refused, since they would protect the peer port. Every other flag of etcd is unknown.

      """;

  private FlagsDocument() {}

  static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Setting.Group group : Setting.Group.values()) {
      List<Setting> settings =
          Settings.all().stream().filter(setting -> setting.group() == group).toList();
      if (group == Setting.Group.IGNORED) {
        text.append(IGNORED_HEAD);
        text.append(
            settings.stream()
                .map(setting -> "`" + setting.flag() + "`")
                .collect(Collectors.joining(",\n")));
        text.append(".\n");
      } else {
        text.append("\n## ").append(group.heading()).append("\n\n");
        text.append("| flag | default | |\n|---|---|---|\n");
        settings.forEach(setting -> text.append(row(setting)));
      }
      if (group == Setting.Group.ENGINE) {
        ServiceLoader.load(EngineFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparing(EngineFactory::name))
            .forEach(factory -> text.append(options(factory)));
      }
    }
    return text.toString();
  }

  private static String options(EngineFactory factory) {
    if (factory.options().isEmpty()) {
      return "";
    }
    return factory.options().stream()
        .map(
            option ->
                "| `"
                    + option.name()
                    + "` | `"
                    + option.defaultValue()
                    + "` | "
                    + option.description()
                    + " |\n")
        .collect(
            Collectors.joining(
                "",
                "\nOptions of the engine `"
                    + factory.name()
                    + "`:\n\n| option | default | |\n|---|---|---|\n",
                ""));
  }

  private static String row(Setting setting) {
    String aliases =
        setting.aliases().stream()
            .map(alias -> ", `--" + alias + "`")
            .collect(Collectors.joining());
    String defaultValue =
        setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`";
    return "| `"
        + setting.flag()
        + "="
        + setting.label().replace("|", "\\|")
        + "`"
        + aliases
        + " | "
        + defaultValue
        + " | "
        + setting.help()
        + " |\n";
  }
}
