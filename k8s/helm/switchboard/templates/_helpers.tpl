{{/* The name all objects begin with. */}}
{{- define "switchboard.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods; it can never change for a release. */}}
{{- define "switchboard.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "switchboard.labels" -}}
{{ include "switchboard.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* node.drain_period in seconds, rounded up; the default of the gateway is 10 s. */}}
{{- define "switchboard.drainSeconds" -}}
{{- $node := default dict .Values.config.node -}}
{{- $period := default "10s" $node.drain_period | toString -}}
{{- $number := regexFind "^[0-9]+" $period | int -}}
{{- if regexMatch "^[0-9]+ms$" $period -}}
{{- div (add $number 999) 1000 -}}
{{- else if regexMatch "^[0-9]+s$" $period -}}
{{- $number -}}
{{- else if regexMatch "^[0-9]+m$" $period -}}
{{- mul $number 60 -}}
{{- else -}}
{{- fail (printf "config.node.drain_period is %s; allowed is a time such as 60s" $period) -}}
{{- end -}}
{{- end -}}

{{/* Refuses a grace period in which a node cannot leave: it would be killed with its streams. */}}
{{- define "switchboard.grace" -}}
{{- $drain := include "switchboard.drainSeconds" . | int -}}
{{- $needed := add .Values.preStopSeconds $drain 30 -}}
{{- if lt (int .Values.terminationGracePeriodSeconds) (int $needed) -}}
{{- fail (printf "terminationGracePeriodSeconds is %d; preStopSeconds, config.node.drain_period and 30 s to stop are %d" (int .Values.terminationGracePeriodSeconds) (int $needed)) -}}
{{- end -}}
{{- int .Values.terminationGracePeriodSeconds -}}
{{- end -}}
