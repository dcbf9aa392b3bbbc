/// The rules of `etc/alerts.yaml`, in force where no rule file is installed. A test compares the two.
enum ShippedRules {
    static let text = #"""
        # Alerting rules of csvand, in Prometheus's format. The daemon evaluates them over its own samples; Prometheus loads the
        # same file by prometheus.yml. `csvctl rules check FILE` tries a changed file, docs/rules.md lists what may stand in it,
        # docs/runbook.md says what to do about each alert.
        groups:
          - name: errors
            rules:
              - alert: SimulatedError
                expr: increase(app_errors_total{type="simulated"}[5m]) > 0
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: Somebody simulated an error
                  description: 'Simulated errors within 5 minutes on {{ $labels.instance }}: {{ printf "%.0f" $value }}.'
                  runbook: docs/runbook.md#simulatederror

              - alert: ServerErrors
                expr: increase(django_http_requests_total_by_status_total{status=~"5.."}[5m]) > 5
                labels:
                  service: csv_analyzer
                  severity: critical
                annotations:
                  summary: Requests end with status {{ $labels.status }}
                  description: '{{ printf "%.0f" $value }} requests were answered {{ $labels.status }} within 5 minutes on {{ $labels.instance }}.'
                  runbook: docs/runbook.md#servererrors

              - alert: ServerErrorShare
                # A share of a handful of requests says nothing: at least 30 within the minute.
                expr: >-
                  sum(rate(django_http_requests_total_by_status_total{status=~"5.."}[1m]))
                  / sum(rate(django_http_requests_total_by_status_total[1m])) > 0.01
                  and sum(increase(django_http_requests_total_by_status_total[1m])) >= 30
                labels:
                  service: csv_analyzer
                  severity: critical
                annotations:
                  summary: More than 1 % of requests fail
                  description: '{{ humanizePercentage $value }} of the requests of the last minute were answered 5xx.'
                  runbook: docs/runbook.md#servererrorshare

              - alert: TrainingFailures
                expr: increase(app_errors_total{type="training_failure"}[10m]) > 0
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: A training failed
                  description: 'Trainings that failed within 10 minutes: {{ printf "%.0f" $value }}.'
                  runbook: docs/runbook.md#trainingfailures

              - alert: NotificationFailures
                # Only logged: a message about failing messages would fail as well, and be counted again.
                expr: increase(app_errors_total{type="notification_failure"}[10m]) > 0
                labels:
                  service: csv_analyzer
                  severity: warning
                  notify: log
                annotations:
                  summary: Messages about incidents do not arrive
                  description: 'Messages that could not be delivered within 10 minutes: {{ printf "%.0f" $value }}.'
                  runbook: docs/runbook.md#notificationfailures

          - name: availability
            rules:
              - alert: TargetDown
                expr: up{job="web"} == 0
                for: 1m
                labels:
                  service: csv_analyzer
                  severity: critical
                annotations:
                  summary: csvand does not answer
                  description: '{{ $labels.instance }} has not answered a scrape for a minute.'
                  runbook: docs/runbook.md#targetdown

              - alert: SlowRequests
                expr: histogram_quantile(0.95, sum by (le) (rate(csvand_http_request_duration_seconds_bucket[5m]))) > 0.5
                for: 5m
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: Requests are slow
                  description: One request in twenty takes longer than {{ humanizeDuration $value }}.
                  runbook: docs/runbook.md#slowrequests

          - name: host
            rules:
              - alert: HighCPU
                expr: >-
                  1 - sum by (instance) (rate(csvand_host_cpu_seconds_total{mode=~"idle|iowait"}[5m]))
                  / sum by (instance) (rate(csvand_host_cpu_seconds_total[5m])) > 0.8
                for: 5m
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: The processors are busy
                  description: '{{ humanizePercentage $value }} of processor time is used on {{ $labels.instance }}.'
                  runbook: docs/runbook.md#highcpu

              - alert: LowMemory
                expr: csvand_host_memory_available_bytes / csvand_host_memory_total_bytes < 0.1
                for: 5m
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: Memory is running out
                  description: '{{ humanizePercentage $value }} of the memory of {{ $labels.instance }} is available.'
                  runbook: docs/runbook.md#lowmemory

              - alert: LowDisk
                expr: csvand_host_disk_available_bytes / csvand_host_disk_size_bytes < 0.1
                for: 1m
                labels:
                  service: csv_analyzer
                  severity: critical
                annotations:
                  summary: The disk is filling up
                  description: '{{ humanizePercentage $value }} of the state directory''s file system is free on {{ $labels.instance }}.'
                  runbook: docs/runbook.md#lowdisk

          - name: models
            rules:
              - alert: LowModelScore
                # Of metrics where more is better and 1 is perfect; errors in the target's unit have no common bound.
                expr: csvand_model_score{metric=~"accuracy|balanced_accuracy|f1|macro_f1|roc_auc|r2"} < 0.75
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: Model {{ $labels.model }} scores low
                  description: 'Its {{ $labels.metric }} in cross-validation is {{ printf "%.3f" $value }}.'
                  runbook: docs/runbook.md#lowmodelscore

              - alert: ModelDrift
                expr: csvand_model_drift_psi > 0.2
                labels:
                  service: csv_analyzer
                  severity: warning
                annotations:
                  summary: Model {{ $labels.model }} sees other data than it was trained on
                  description: 'The stability index of {{ $labels.feature }} is {{ printf "%.2f" $value }}.'
                  runbook: docs/runbook.md#modeldrift

        """#
}
