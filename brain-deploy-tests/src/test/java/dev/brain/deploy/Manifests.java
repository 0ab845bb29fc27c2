// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The manifests that a case of the chart is rendered to. */
record Manifests(List<Yaml> all) {

  static Manifests of(String name) {
    return new Manifests(Yaml.all(Chart.render(Chart.values(name))));
  }

  Stream<Yaml> ofKind(String kind) {
    return all.stream().filter(manifest -> manifest.text("kind").equals(kind));
  }

  Yaml nodes() {
    return ofKind("StatefulSet").findFirst().orElseThrow();
  }

  /** The specification of a node's pod. */
  Yaml pod() {
    return nodes().at("spec", "template", "spec");
  }

  Yaml container() {
    return pod().at("containers", "0");
  }

  /** The flags of the server: {@code --name=value}. */
  List<String> flags() {
    return container().list("args").stream().skip(1).map(flag -> flag.text()).toList();
  }

  /** The value of a flag, if it is given. */
  Optional<String> flag(String name) {
    return flags().stream()
        .filter(flag -> flag.startsWith("--" + name + "="))
        .map(flag -> flag.substring(flag.indexOf('=') + 1))
        .findFirst();
  }

  /** Where a path of the container lies: the volume that is mounted nearest to it. */
  Optional<String> volumeOf(String path) {
    return container().list("volumeMounts").stream()
        .filter(mount -> path.startsWith(mount.text("mountPath") + "/"))
        .max(Comparator.comparingInt(mount -> mount.text("mountPath").length()))
        .map(mount -> mount.text("name"));
  }
}
