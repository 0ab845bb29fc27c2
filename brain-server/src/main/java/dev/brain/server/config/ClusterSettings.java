// SPDX-License-Identifier: Apache-2.0
package dev.brain.server.config;

import static dev.brain.server.config.Setting.Group.CLUSTER;
import static dev.brain.server.config.Setting.value;

import java.util.List;

/** Settings of several members over one engine. They do nothing where there is no election. */
final class ClusterSettings {
  static final Setting ELECTION =
      value(
          CLUSTER,
          "election",
          "KIND",
          "",
          "How members agree on who leads: by a record in the engine (engine), by a Lease of"
              + " Kubernetes (kubernetes), or not at all (none). Default: engine with"
              + " --engine=tikv, else none.");
  static final Setting ELECTION_LEASE =
      value(
          CLUSTER,
          "election-lease",
          "DURATION",
          "6s",
          "A leader that was not heard of for so long is replaced.");
  static final Setting ELECTION_RENEW_DEADLINE =
      value(
          CLUSTER,
          "election-renew-deadline",
          "DURATION",
          "4s",
          "A leader that could not renew its lease for so long steps down; below the lease.");
  static final Setting ELECTION_RETRY =
      value(
          CLUSTER,
          "election-retry",
          "DURATION",
          "1s",
          "How often a leader renews its lease, and others look at it; below the renew deadline.");
  static final Setting ELECTION_KUBERNETES_NAMESPACE =
      value(
          CLUSTER,
          "election-kubernetes-namespace",
          "NAME",
          "",
          "Namespace of the Lease; needed with --election=kubernetes.");
  static final Setting ELECTION_KUBERNETES_NAME =
      value(
          CLUSTER,
          "election-kubernetes-name",
          "NAME",
          "",
          "Name of the Lease; needed with --election=kubernetes.");
  static final Setting ELECTION_KUBECONFIG =
      value(
          CLUSTER,
          "election-kubeconfig",
          "FILE",
          "",
          "How to reach the Kubernetes cluster of the Lease. Default: the one this server runs in.");
  static final Setting LISTEN_PEER_URLS =
      value(
          CLUSTER,
          "listen-peer-urls",
          "URLS",
          "http://localhost:2380",
          "Where to serve other members; separated by commas. https:// serves with TLS, and needs"
              + " the three files below.");
  static final Setting INITIAL_ADVERTISE_PEER_URLS =
      value(
          CLUSTER,
          "initial-advertise-peer-urls",
          "URLS",
          "",
          "Where other members reach this one. Default: --listen-peer-urls, with this machine's"
              + " address for one that listens everywhere.");
  static final Setting PEER_CERT_FILE =
      value(
          CLUSTER,
          "peer-cert-file",
          "FILE",
          "",
          "The certificate, and its chain, that this member shows to others, as server and as"
              + " client; in PEM.");
  static final Setting PEER_KEY_FILE =
      value(CLUSTER, "peer-key-file", "FILE", "", "The private key of that certificate, in PEM.");
  static final Setting PEER_TRUSTED_CA_FILE =
      value(
          CLUSTER,
          "peer-trusted-ca-file",
          "FILE",
          "",
          "Certificates of the authorities that sign the members' certificates, in PEM.");

  static final List<Setting> ALL =
      List.of(
          ELECTION,
          ELECTION_LEASE,
          ELECTION_RENEW_DEADLINE,
          ELECTION_RETRY,
          ELECTION_KUBERNETES_NAMESPACE,
          ELECTION_KUBERNETES_NAME,
          ELECTION_KUBECONFIG,
          LISTEN_PEER_URLS,
          INITIAL_ADVERTISE_PEER_URLS,
          PEER_CERT_FILE,
          PEER_KEY_FILE,
          PEER_TRUSTED_CA_FILE);

  private ClusterSettings() {}
}
