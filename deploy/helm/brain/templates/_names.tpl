{{/* SPDX-License-Identifier: Apache-2.0 */}}

{{/* At most 52 characters: the names of the pods and of the headless service are longer. */}}
{{- define "brain.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "brain.headless" -}}
{{- include "brain.fullname" . }}-headless
{{- end -}}

{{- define "brain.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "brain.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "brain.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "brain.labels" -}}
{{ include "brain.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* How a pod is reached by its name. */}}
{{- define "brain.podHost" -}}
$(POD_NAME).{{ include "brain.headless" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end -}}

{{- define "brain.clientScheme" -}}
{{- ternary "https" "http" (ne .Values.tls.client.secret "") -}}
{{- end -}}

{{- define "brain.leaseNamespace" -}}
{{- default .Release.Namespace .Values.election.kubernetes.namespace -}}
{{- end -}}

{{- define "brain.leaseName" -}}
{{- default (include "brain.fullname" .) .Values.election.kubernetes.name -}}
{{- end -}}

{{/* Whether the pods talk to the API server of the cluster they run in. */}}
{{- define "brain.usesLease" -}}
{{- if and (eq .Values.engine "tikv") (eq .Values.election.by "kubernetes") -}}true{{- end -}}
{{- end -}}
