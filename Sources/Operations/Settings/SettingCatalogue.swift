/// One key of the configuration: how it is named, explained and read.
package struct SettingKey: Sendable {
    package enum Effect: Sendable { case onReload, onRestart }

    /// Dotted, as `http.listen`.
    package let name: String
    /// What a value must look like, for error texts: "a whole number of bytes from 1 to ...".
    package let expected: String
    package let effect: Effect
    /// Takes the values as texts (one, or several for lists); false when they do not fit.
    package let apply: @Sendable ([String], inout Settings) -> Bool
    /// The value in force, as text.
    package let current: @Sendable (Settings) -> String

    /// The environment variable that overrides the file: `CSVAND_HTTP_LISTEN` for `http.listen`.
    package var variable: String { "CSVAND_" + name.uppercased().replacing(".", with: "_") }
}

/// Every setting there is.
package enum SettingCatalogue {
    package static let keys: [SettingKey] = [
        text("http.listen", "HOST:PORT", .onRestart, { $0.http.listen }, { $0.http.listen = $1 }) {
            ListenAddress($0) != nil
        },
        list("http.allowed_hosts", "a list of host names", { $0.http.allowedHosts }, { $0.http.allowedHosts = $1 }),
        count(
            "http.max_connections", 1...65_536, .onRestart, { $0.http.maxConnections }, { $0.http.maxConnections = $1 }),
        seconds(
            "http.idle_timeout_seconds", 1...3_600, .onRestart, { $0.http.idleTimeoutSeconds },
            { $0.http.idleTimeoutSeconds = $1 }),
        seconds(
            "http.header_timeout_seconds", 0.1...600, .onRestart, { $0.http.headerTimeoutSeconds },
            { $0.http.headerTimeoutSeconds = $1 }),
        seconds(
            "http.body_timeout_seconds", 0.1...3_600, .onRestart, { $0.http.bodyTimeoutSeconds },
            { $0.http.bodyTimeoutSeconds = $1 }),
        count(
            "http.simulate_errors_per_minute", 0...100_000, .onReload, { $0.http.simulateErrorsPerMinute },
            { $0.http.simulateErrorsPerMinute = $1 }),
        text("control.socket", "a path", .onRestart, { $0.control.socket ?? "" }, { $0.control.socket = $1 }),
        text(
            "storage.state_dir", "a directory", .onRestart, { $0.storage.stateDirectory ?? "" },
            { $0.storage.stateDirectory = $1 }),
        bytes(
            "datasets.max_upload_bytes", 1...(1 << 50), { $0.datasets.maxUploadBytes },
            { $0.datasets.maxUploadBytes = $1 }),
        count(
            "datasets.max_columns", 1...100_000, .onReload, { $0.datasets.maxColumns }, { $0.datasets.maxColumns = $1 }),
        bytes(
            "datasets.max_cell_bytes", 1...(1 << 28), { $0.datasets.maxCellBytes }, { $0.datasets.maxCellBytes = $1 }),
        count("datasets.max_rows", 1...(1 << 40), .onReload, { $0.datasets.maxRows }, { $0.datasets.maxRows = $1 }),
        count(
            "datasets.max_rejects", 0...1_000_000, .onReload, { $0.datasets.maxRejects },
            { $0.datasets.maxRejects = $1 }),
        count(
            "datasets.parser_threads", 1...64, .onReload, { $0.datasets.parserThreads },
            { $0.datasets.parserThreads = $1 }),
        seconds(
            "sql.timeout_seconds", 0.01...3_600, .onReload, { $0.sql.timeoutSeconds }, { $0.sql.timeoutSeconds = $1 }),
        count("sql.max_rows", 1...10_000_000, .onReload, { $0.sql.maxRows }, { $0.sql.maxRows = $1 }),
        count(
            "sql.cache_bytes", (1 << 20)...(1 << 40), .onRestart, unit: " of bytes", { $0.sql.cacheBytes },
            { $0.sql.cacheBytes = $1 }),
        bytes("sql.max_bytes", 1_024...(1 << 40), { $0.sql.maxBytes }, { $0.sql.maxBytes = $1 }),
        count("training.workers", 1...64, .onReload, { $0.training.workers }, { $0.training.workers = $1 }),
        count("training.threads", 1...64, .onReload, { $0.training.threads }, { $0.training.threads = $1 }),
        bytes(
            "training.memory_bytes", (1 << 24)...(1 << 50), { $0.training.memoryBytes },
            { $0.training.memoryBytes = $1 }),
        seconds(
            "training.default_budget_seconds", 1...86_400, .onReload, { $0.training.defaultBudgetSeconds },
            { $0.training.defaultBudgetSeconds = $1 }),
        seconds(
            "training.max_budget_seconds", 1...604_800, .onReload, { $0.training.maxBudgetSeconds },
            { $0.training.maxBudgetSeconds = $1 }),
        seconds(
            "metrics.sample_interval_seconds", 0.1...3_600, .onReload, { $0.metrics.sampleIntervalSeconds },
            { $0.metrics.sampleIntervalSeconds = $1 }),
        seconds(
            "metrics.retention_seconds", 600...604_800, .onRestart, { $0.metrics.retentionSeconds },
            { $0.metrics.retentionSeconds = $1 }),
        seconds(
            "metrics.history_seconds", 600...315_360_000, .onReload, { $0.metrics.historySeconds },
            { $0.metrics.historySeconds = $1 }),
        seconds(
            "metrics.downsample_after_seconds", 86_400...315_360_000, .onReload, { $0.metrics.downsampleAfterSeconds },
            { $0.metrics.downsampleAfterSeconds = $1 }),
        seconds(
            "metrics.downsample_interval_seconds", 1...3_600, .onReload, { $0.metrics.downsampleIntervalSeconds },
            { $0.metrics.downsampleIntervalSeconds = $1 }),
        text("metrics.job", "a word", .onRestart, { $0.metrics.job }, { $0.metrics.job = $1 }),
        text("metrics.instance", "a word", .onRestart, { $0.metrics.instance ?? "" }, { $0.metrics.instance = $1 }),
        text("alerting.rules", "a file", .onReload, { $0.alerting.rules }, { $0.alerting.rules = $1 }),
        seconds(
            "alerting.evaluation_interval_seconds", 0.1...3_600, .onReload, { $0.alerting.evaluationIntervalSeconds },
            { $0.alerting.evaluationIntervalSeconds = $1 }),
        seconds(
            "alerting.group_wait_seconds", 0...3_600, .onReload, { $0.alerting.groupWaitSeconds },
            { $0.alerting.groupWaitSeconds = $1 }),
        seconds(
            "alerting.repeat_interval_seconds", 1...2_592_000, .onReload, { $0.alerting.repeatIntervalSeconds },
            { $0.alerting.repeatIntervalSeconds = $1 }),
        text(
            "alerting.discord.webhook_url_file", "a file", .onReload, { $0.alerting.discordWebhookURLFile ?? "" },
            { $0.alerting.discordWebhookURLFile = $1 }),
        flag(
            "alerting.discord.allow_insecure_loopback", { $0.alerting.discordAllowInsecureLoopback },
            { $0.alerting.discordAllowInsecureLoopback = $1 }),
        text("log.level", logLevels.formatted, .onReload, { $0.log.level }, { $0.log.level = $1 }) {
            logLevels.contains($0)
        },
    ]

    package static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]

    package static func key(named name: String) -> SettingKey? { keys.first { $0.name == name } }

    // MARK: Kinds of values

    private static func text(
        _ name: String, _ expected: String, _ effect: SettingKey.Effect,
        _ get: @escaping @Sendable (Settings) -> String,
        _ set: @escaping @Sendable (inout Settings, String) -> Void,
        accepts: @escaping @Sendable (String) -> Bool = { !$0.isEmpty }
    ) -> SettingKey {
        SettingKey(
            name: name, expected: expected, effect: effect,
            apply: { values, settings in
                guard values.count == 1, accepts(values[0]) else { return false }
                set(&settings, values[0])
                return true
            }, current: get)
    }

    private static func list(
        _ name: String, _ expected: String, _ get: @escaping @Sendable (Settings) -> [String],
        _ set: @escaping @Sendable (inout Settings, [String]) -> Void
    ) -> SettingKey {
        SettingKey(
            name: name, expected: expected, effect: .onReload,
            apply: { values, settings in
                guard !values.contains("") else { return false }
                set(&settings, values)
                return true
            }, current: { get($0).joined(separator: ", ") })
    }

    private static func count(
        _ name: String, _ range: ClosedRange<Int>, _ effect: SettingKey.Effect, unit: String = "",
        _ get: @escaping @Sendable (Settings) -> Int, _ set: @escaping @Sendable (inout Settings, Int) -> Void
    ) -> SettingKey {
        SettingKey(
            name: name, expected: "a whole number\(unit) from \(range.lowerBound) to \(range.upperBound)",
            effect: effect,
            apply: { values, settings in
                guard values.count == 1, let value = Int(values[0]), range.contains(value) else { return false }
                set(&settings, value)
                return true
            }, current: { String(get($0)) })
    }

    private static func bytes(
        _ name: String, _ range: ClosedRange<Int>, _ get: @escaping @Sendable (Settings) -> Int,
        _ set: @escaping @Sendable (inout Settings, Int) -> Void
    ) -> SettingKey {
        count(name, range, .onReload, unit: " of bytes", get, set)
    }

    private static func seconds(
        _ name: String, _ range: ClosedRange<Double>, _ effect: SettingKey.Effect,
        _ get: @escaping @Sendable (Settings) -> Double, _ set: @escaping @Sendable (inout Settings, Double) -> Void
    ) -> SettingKey {
        SettingKey(
            name: name, expected: "a number of seconds from \(range.lowerBound.plain) to \(range.upperBound.plain)",
            effect: effect,
            apply: { values, settings in
                guard values.count == 1, let value = Double(values[0]), range.contains(value) else { return false }
                set(&settings, value)
                return true
            }, current: { get($0).plain })
    }

    private static func flag(
        _ name: String, _ get: @escaping @Sendable (Settings) -> Bool,
        _ set: @escaping @Sendable (inout Settings, Bool) -> Void
    ) -> SettingKey {
        SettingKey(
            name: name, expected: "true or false", effect: .onReload,
            apply: { values, settings in
                guard values.count == 1, let value = Bool(values[0]) else { return false }
                set(&settings, value)
                return true
            }, current: { String(get($0)) })
    }
}

extension [String] {
    fileprivate var formatted: String { "one of " + joined(separator: ", ") }
}

extension Double {
    /// Without `.0` for whole numbers.
    fileprivate var plain: String { self == rounded() && magnitude < 1e15 ? String(Int(self)) : String(self) }
}
