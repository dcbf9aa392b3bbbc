extension MetricCatalogue {
    /// Errors, requests, datasets, models.
    static let application: [MetricDescriptor] = [
        MetricDescriptor(
            .appErrors, "app_errors_total", .counter, "Errors of the application by type.",
            labels: [.fixed("type", errorTypes)]),
        MetricDescriptor(
            .djangoRequestsByStatus, "django_http_requests_total_by_status_total", .counter,
            "HTTP requests by the status they were answered with.", labels: [.fixed("status", statuses)]),
        MetricDescriptor(
            .djangoResponsesByStatus, "django_http_responses_total_by_status_total", .counter,
            "HTTP responses by status.", labels: [.fixed("status", statuses)]),
        MetricDescriptor(
            .httpRequests, "csvand_http_requests_total", .counter, "HTTP requests by method, route pattern and status.",
            labels: [.fixed("method", methods), .open("route", cap: 100), .fixed("status", statuses)]),
        MetricDescriptor(
            .httpRequestDuration, "csvand_http_request_duration_seconds", .histogram,
            "Time from the head of a request to the end of its response.", buckets: requestSeconds),
        MetricDescriptor(
            .httpRequestsInFlight, "csvand_http_requests_in_flight", .gauge, "Requests that are being answered."),
        MetricDescriptor(.datasets, "csvand_datasets", .gauge, "Datasets stored."),
        MetricDescriptor(.datasetRows, "csvand_dataset_rows", .gauge, "Rows of all datasets in their newest versions."),
        MetricDescriptor(.ingestBytes, "csvand_ingest_bytes_total", .counter, "Bytes of CSV read by uploads."),
        MetricDescriptor(
            .ingestDuration, "csvand_ingest_duration_seconds", .histogram,
            "Time from the first byte of an upload to its durable dataset.", buckets: requestSeconds + [300]),
        MetricDescriptor(
            .rejectedRows, "csvand_rejected_rows_total", .counter, "Rows of uploads that could not be read."),
        MetricDescriptor(
            .dataRuleChecks, "csvand_data_rule_checks_total", .counter, "Data rules held against new versions.",
            labels: [.fixed("result", ["passed", "failed"])]),
        MetricDescriptor(
            .trainingJobs, "csvand_training_jobs", .gauge, "Training jobs by state.",
            labels: [.fixed("state", ["queued", "running", "done", "failed", "cancelled"])]),
        MetricDescriptor(
            .trainingDuration, "csvand_training_duration_seconds", .histogram, "Duration of finished training jobs.",
            buckets: jobSeconds),
        MetricDescriptor(
            .modelScore, "csvand_model_score", .gauge, "Validation score of a model by its metric.",
            labels: [.open("model", cap: 100), .open("metric", cap: 20)]),
        MetricDescriptor(
            .modelDrift, "csvand_model_drift_psi", .gauge,
            "Population stability index of a feature between training and recent predictions.",
            labels: [.open("model", cap: 20), .open("feature", cap: 100)]),
        MetricDescriptor(
            .predictions, "csvand_predictions_total", .counter, "Rows predicted by model.",
            labels: [.open("model", cap: 100)]),
        MetricDescriptor(
            .predictionDuration, "csvand_prediction_duration_seconds", .histogram, "Duration of prediction requests.",
            buckets: requestSeconds),
    ]
}
