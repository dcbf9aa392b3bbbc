/// Everything an operator can set, with its default. The keys are in `SettingCatalogue`; `etc/csvand.yaml` lists them.
package struct Settings: Sendable, Equatable {
    package var http = HTTP()
    package var control = Control()
    package var storage = Storage()
    package var datasets = Datasets()
    package var sql = SQL()
    package var training = Training()
    package var metrics = Metrics()
    package var alerting = Alerting()
    package var log = Log()

    package struct HTTP: Sendable, Equatable {
        package var listen = "127.0.0.1:8000"
        package var allowedHosts = ["localhost", "127.0.0.1", "[::1]"]
        package var maxConnections = 1024
        package var idleTimeoutSeconds = 60.0
        package var headerTimeoutSeconds = 10.0
        package var bodyTimeoutSeconds = 30.0
        package var simulateErrorsPerMinute = 60
    }

    package struct Control: Sendable, Equatable {
        /// Nil: `$RUNTIME_DIRECTORY/csvand.sock`, else `/run/csvand/csvand.sock`.
        package var socket: String?
    }

    package struct Storage: Sendable, Equatable {
        /// Nil: `$STATE_DIRECTORY`, else `/var/lib/csvand`.
        package var stateDirectory: String?
    }

    package struct Datasets: Sendable, Equatable {
        package var maxUploadBytes = 16 << 30
        package var maxColumns = 10_000
        package var maxCellBytes = 1 << 20
        package var maxRows = 1_000_000_000
        package var maxRejects = 10_000
        package var parserThreads = 2
    }

    package struct SQL: Sendable, Equatable {
        package var timeoutSeconds = 30.0
        package var maxRows = 100_000
        package var maxBytes = 64 << 20
        package var cacheBytes = 128 << 20
    }

    package struct Training: Sendable, Equatable {
        package var workers = 1
        package var threads = 2
        package var memoryBytes = 2 << 30
        package var defaultBudgetSeconds = 60.0
        package var maxBudgetSeconds = 86_400.0
    }

    package struct Metrics: Sendable, Equatable {
        package var sampleIntervalSeconds = 5.0
        /// In memory, where rules read them.
        package var retentionSeconds = 3_600.0
        /// In the database.
        package var historySeconds = 1_296_000.0
        /// From this age on, whole days keep one sample an interval.
        package var downsampleAfterSeconds = 86_400.0
        package var downsampleIntervalSeconds = 60.0
        package var job = "web"
        /// Nil: the listen address.
        package var instance: String?
    }

    package struct Alerting: Sendable, Equatable {
        package var rules = "/etc/csvand/alerts.yaml"
        package var evaluationIntervalSeconds = 5.0
        package var groupWaitSeconds = 0.0
        package var repeatIntervalSeconds = 14_400.0
        /// Nil: `$CREDENTIALS_DIRECTORY/discord_webhook_url` when that exists, else no message is sent.
        package var discordWebhookURLFile: String?
        package var discordAllowInsecureLoopback = false
    }

    package struct Log: Sendable, Equatable {
        package var level = "info"
    }

    package init() {}
}
