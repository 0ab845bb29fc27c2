// SPDX-License-Identifier: Apache-2.0
package dev.brain.deploy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot work are refused before anything is installed, with a line that says why. */
final class ChartRefusalTest {
  private static final String CLUSTER =
      "engine: tikv, replicas: 3, tikv: {pdEndpoints: ['pd:2379']}, tls: {peer: {secret: peer}}";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          replicas: 3                                          | replicas: 3 (expected: 1 with engine rocksdb
          tikv: {pdEndpoints: ['pd:2379']}                     | tikv.pdEndpoints: given with engine rocksdb
          tls: {peer: {secret: peer}}                          | tls.peer.secret: given with engine rocksdb
          election: {by: kubernetes}                           | election.by: kubernetes with engine rocksdb
          engine: tikv, tls: {peer: {secret: peer}}            | tikv.pdEndpoints: empty (expected: host:port
          engine: tikv, tikv: {pdEndpoints: ['pd:2379']}       | tls.peer.secret: empty (expected: a secret
          engineOptions: {keyspace: a}                         | engineOptions.keyspace: set by the chart
          settings: {data-dir: /elsewhere}                     | settings.data-dir: set by the chart
          networkPolicy: {enabled: true}                       | networkPolicy.clients: empty (expected: who may
          serviceAccount: {create: false}                      | serviceAccount.name: empty (expected: a service
          replica: 3                                           | replica
          replicas: 0                                          | replicas
          engine: bbolt                                        | engine
          tikv: {pdEndpoints: ['http://pd:2379']}              | pdEndpoints
          election: {lease: 6}                                 | lease
          tls: {client: {secretName: client}}                  | secretName
          persistence: {size: large}                           | size
          terminationGracePeriodSeconds: 10                    | terminationGracePeriodSeconds
          spread: {hosts: Always}                              | hosts
          """)
  void render_refuses(String values, String message) throws IOException {
    Path file = Files.writeString(directory.resolve("values.yaml"), "{" + values + "}\n");

    assertThatThrownBy(() -> Chart.render(file)).hasMessageContaining(message);
  }

  /** What the refusals above are about is all that keeps those values from being rendered. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = "replicas: 1\n" + CLUSTER)
  void render_accepts(String values) throws IOException {
    Path file = Files.writeString(directory.resolve("values.yaml"), "{" + values + "}\n");

    Yaml.all(Chart.render(file)).getFirst();
  }
}
