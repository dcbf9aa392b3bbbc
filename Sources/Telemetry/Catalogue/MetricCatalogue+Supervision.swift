extension MetricCatalogue {
    /// Alerts, incidents, notifications and the database below them.
    static let supervision: [MetricDescriptor] = [
        MetricDescriptor(
            .alerts, "csvand_alerts", .gauge, "Alerts by state.", labels: [.fixed("state", ["pending", "firing"])]),
        MetricDescriptor(
            .incidents, "csvand_incidents", .gauge, "Incidents by state and severity.",
            labels: [
                .fixed("state", ["open", "acknowledged", "resolved"]), .fixed("severity", ["warning", "critical"]),
            ]),
        MetricDescriptor(
            .incidentDetect, "csvand_incident_detect_seconds", .histogram,
            "Time from the first event to the opening of its incident.", buckets: [0.25, 0.5] + humanSeconds),
        MetricDescriptor(
            .incidentAcknowledge, "csvand_incident_ack_seconds", .histogram,
            "Time from the opening of an incident to its acknowledgement.", buckets: humanSeconds),
        MetricDescriptor(
            .incidentResolve, "csvand_incident_resolve_seconds", .histogram,
            "Time from the opening of an incident to its resolution.", buckets: humanSeconds),
        MetricDescriptor(
            .notifications, "csvand_notifications_total", .counter, "Attempts to notify by result.",
            labels: [.fixed("result", ["sent", "retried", "failed", "dropped"])]),
        MetricDescriptor(
            .notificationOutbox, "csvand_notification_outbox", .gauge, "Messages that wait to be sent."),
        MetricDescriptor(
            .notificationDeadLetters, "csvand_notification_dead_letters", .gauge,
            "Messages that were given up, of incidents old and new."),
        MetricDescriptor(
            .ruleEvaluationDuration, "csvand_rule_evaluation_duration_seconds", .histogram,
            "Duration of one evaluation of all rules.",
            buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]),
        MetricDescriptor(
            .ruleEvaluationFailures, "csvand_rule_evaluation_failures_total", .counter,
            "Rules whose evaluation ended in an error."),
        MetricDescriptor(.sqliteDatabaseBytes, "csvand_sqlite_database_bytes", .gauge, "Size of the database file."),
        MetricDescriptor(.sqliteWALBytes, "csvand_sqlite_wal_bytes", .gauge, "Size of the write-ahead log."),
        MetricDescriptor(
            .sqliteFreelistPages, "csvand_sqlite_freelist_pages", .gauge, "Pages of the database that hold nothing."),
        MetricDescriptor(
            .sqliteTransactions, "csvand_sqlite_transactions_total", .counter, "Transactions by kind.",
            labels: [.fixed("kind", ["read", "write"])]),
        MetricDescriptor(
            .sqliteWriteDuration, "csvand_sqlite_write_duration_seconds", .histogram,
            "Duration of write transactions, sync included.", buckets: requestSeconds),
        MetricDescriptor(
            .sqliteBusy, "csvand_sqlite_busy_total", .counter, "Statements that met a lock and gave up."),
        MetricDescriptor(
            .sqliteCheckpoints, "csvand_sqlite_checkpoints_total", .counter,
            "Checkpoints of the write-ahead log."),
    ]
}
