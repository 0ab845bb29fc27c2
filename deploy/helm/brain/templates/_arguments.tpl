{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* The command line of the server: a list in YAML. */}}
{{- define "brain.arguments" -}}
{{- $scheme := include "brain.clientScheme" . -}}
{{- $host := include "brain.podHost" . -}}
- server
- --name=$(POD_NAME)
- --data-dir=/var/lib/brain/data
- --listen-client-urls={{ $scheme }}://{{ .Values.listenAddress }}:2379
- --advertise-client-urls={{ $scheme }}://{{ $host }}:2379
- --listen-metrics-urls=http://{{ .Values.listenAddress }}:2381
- --metrics={{ .Values.metrics.level }}
{{- with .Values.tls.client }}
{{- if .secret }}
- --cert-file=/etc/brain/tls/client/tls.crt
- --key-file=/etc/brain/tls/client/tls.key
{{- if .requireClientCertificate }}
- --trusted-ca-file=/etc/brain/tls/client/ca.crt
{{- end }}
{{- end }}
{{- end }}
- --engine={{ .Values.engine }}
{{- if eq .Values.engine "tikv" }}
- --engine-option=pd-endpoints={{ join "," .Values.tikv.pdEndpoints }}
{{- with .Values.tikv.keyspace }}
- --engine-option=keyspace={{ . }}
{{- end }}
{{- if .Values.tikv.tlsSecret }}
- --engine-option=cacert=/etc/brain/tls/tikv/ca.crt
- --engine-option=cert=/etc/brain/tls/tikv/tls.crt
- --engine-option=key=/etc/brain/tls/tikv/tls.key
{{- end }}
- --listen-peer-urls=https://{{ .Values.listenAddress }}:2380
- --initial-advertise-peer-urls=https://{{ $host }}:2380
- --peer-cert-file=/etc/brain/tls/peer/tls.crt
- --peer-key-file=/etc/brain/tls/peer/tls.key
- --peer-trusted-ca-file=/etc/brain/tls/peer/ca.crt
- --election={{ .Values.election.by }}
{{- with .Values.election.lease }}
- --election-lease={{ . }}
{{- end }}
{{- with .Values.election.renewDeadline }}
- --election-renew-deadline={{ . }}
{{- end }}
{{- with .Values.election.retry }}
- --election-retry={{ . }}
{{- end }}
{{- if include "brain.usesLease" . }}
- --election-kubernetes-namespace={{ include "brain.leaseNamespace" . }}
- --election-kubernetes-name={{ include "brain.leaseName" . }}
{{- end }}
{{- end }}
{{- range $name, $value := .Values.engineOptions }}
- {{ printf "--engine-option=%s=%v" $name $value | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- {{ printf "--%s=%v" $name $value | quote }}
{{- end }}
{{- end -}}
