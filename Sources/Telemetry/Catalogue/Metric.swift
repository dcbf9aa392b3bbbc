/// Every metric of the daemon. The order is the order of exposition and of `MetricCatalogue.all`.
package enum Metric: Int, CaseIterable, Sendable, Hashable {
    // What people look at first
    case appErrors
    case djangoRequestsByStatus
    case djangoResponsesByStatus

    // HTTP
    case httpRequests
    case httpRequestDuration
    case httpRequestsInFlight

    // Datasets
    case datasets
    case datasetRows
    case ingestBytes
    case ingestDuration
    case rejectedRows
    case dataRuleChecks

    // Models
    case trainingJobs
    case trainingDuration
    case modelScore
    case modelDrift
    case predictions
    case predictionDuration

    // Supervision
    case alerts
    case incidents
    case incidentDetect
    case incidentAcknowledge
    case incidentResolve
    case notifications
    case notificationOutbox
    case notificationDeadLetters
    case ruleEvaluationDuration
    case ruleEvaluationFailures

    // SQLite
    case sqliteDatabaseBytes
    case sqliteWALBytes
    case sqliteFreelistPages
    case sqliteTransactions
    case sqliteWriteDuration
    case sqliteBusy
    case sqliteCheckpoints

    // Host
    case hostCPU
    case hostCPUs
    case hostLoad1
    case hostMemoryTotal
    case hostMemoryAvailable
    case hostMemoryFree
    case hostMemorySwapTotal
    case hostMemorySwapFree
    case hostDiskSize
    case hostDiskAvailable

    // The process
    case processCPU
    case processOpenDescriptors
    case processMaxDescriptors
    case processResidentMemory
    case processVirtualMemory
    case processStartTime
    case processThreads
    case buildInfo
}

extension Metric {
    package var descriptor: MetricDescriptor { MetricCatalogue.all[rawValue] }

    package var name: String { descriptor.name }
}
