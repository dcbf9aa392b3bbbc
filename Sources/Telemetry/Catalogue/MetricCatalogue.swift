/// The metrics of the daemon as data. Names are a contract with dashboards and rules: add freely, rename nothing.
package enum MetricCatalogue {
    /// One descriptor a `Metric`, in the order of its cases.
    package static let all: [MetricDescriptor] = (application + supervision + host)
        .sorted { $0.metric.rawValue < $1.metric.rawValue }

    /// The descriptor by the name of its samples: `x_bucket`, `x_sum` and `x_count` lead to histogram `x`.
    package static let bySampleName: [String: MetricDescriptor] = Dictionary(
        all.flatMap { descriptor in descriptor.sampleNames.map { ($0, descriptor) } },
        uniquingKeysWith: { first, _ in first })

    /// Names of series that a scrape adds by itself.
    package static let scrapeNames = ["up", "scrape_duration_seconds", "scrape_samples_scraped"]

    /// Values of `app_errors_total{type}`.
    package static let errorTypes = [
        "simulated", "csv_read_error", "missing_parameters", "target_in_features", "non_numeric_features_regression",
        "missing_column", "non_numeric_target_regression", "preprocessing_error", "storage_error", "training_failure",
        "prediction_error", "notification_failure",
    ]

    /// Statuses that the daemon answers with; any other one is counted under `other`.
    package static let statuses = [
        "200", "201", "202", "204", "206", "301", "302", "303", "304", "400", "401", "403", "404", "405", "408", "409",
        "411", "412", "413", "415", "416", "417", "421", "422", "429", "431", "500", "501", "503", "507",
        LabelDescriptor.overflow,
    ]

    static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", LabelDescriptor.overflow]

    /// Bounds in seconds for what a client waits for.
    static let requestSeconds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Bounds in seconds for jobs.
    static let jobSeconds: [Double] = [1, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600]
    /// Bounds in seconds for what people do about incidents.
    static let humanSeconds: [Double] = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400]
}
