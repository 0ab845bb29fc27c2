{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* Refuses values that do not fit together. values.schema.json has looked at each by itself. */}}
{{- define "brain.checks" -}}
{{- if eq .Values.engine "rocksdb" -}}
  {{- if ne (int .Values.replicas) 1 -}}
    {{- fail (printf "replicas: %d (expected: 1 with engine rocksdb, which is one node's own; engine tikv for more)" (int .Values.replicas)) -}}
  {{- end -}}
  {{- if .Values.tikv.pdEndpoints -}}
    {{- fail "tikv.pdEndpoints: given with engine rocksdb (expected: engine tikv)" -}}
  {{- end -}}
  {{- if .Values.tls.peer.secret -}}
    {{- fail "tls.peer.secret: given with engine rocksdb, which has no peers (expected: engine tikv)" -}}
  {{- end -}}
  {{- if eq .Values.election.by "kubernetes" -}}
    {{- fail "election.by: kubernetes with engine rocksdb, which needs no election (expected: engine tikv)" -}}
  {{- end -}}
{{- else -}}
  {{- if not .Values.tikv.pdEndpoints -}}
    {{- fail "tikv.pdEndpoints: empty (expected: host:port of one placement driver or more, with engine tikv)" -}}
  {{- end -}}
  {{- if not .Values.tls.peer.secret -}}
    {{- fail "tls.peer.secret: empty (expected: a secret with tls.crt, tls.key and ca.crt, with engine tikv: nodes send each other writes)" -}}
  {{- end -}}
{{- end -}}
{{- range $option := list "pd-endpoints" "keyspace" "cacert" "cert" "key" -}}
  {{- if hasKey $.Values.engineOptions $option -}}
    {{- fail (printf "engineOptions.%s: set by the chart (expected: tikv.pdEndpoints, tikv.keyspace or tikv.tlsSecret)" $option) -}}
  {{- end -}}
{{- end -}}
{{- range $name, $value := .Values.settings -}}
  {{- if has $name (include "brain.ownSettings" $ | splitList " ") -}}
    {{- fail (printf "settings.%s: set by the chart (expected: the chart's own value for it)" $name) -}}
  {{- end -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.clients) -}}
  {{- fail "networkPolicy.clients: empty (expected: who may reach the client port, when networkPolicy.enabled)" -}}
{{- end -}}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
  {{- fail "serviceAccount.name: empty (expected: a service account that exists, with serviceAccount.create=false)" -}}
{{- end -}}
{{- end -}}

{{/* The settings that the chart sets, or leaves alone on purpose; a test compares them with the arguments. */}}
{{- define "brain.ownSettings" -}}
name data-dir config-file engine engine-option metrics listen-client-urls advertise-client-urls listen-metrics-urls cert-file key-file trusted-ca-file client-cert-auth listen-peer-urls initial-advertise-peer-urls peer-cert-file peer-key-file peer-trusted-ca-file election election-lease election-renew-deadline election-retry election-kubernetes-namespace election-kubernetes-name election-kubeconfig
{{- end -}}
