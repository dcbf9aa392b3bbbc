/// The stable codes of every error that leaves the process, with the HTTP status each is answered with.
///
/// A code is never renamed or reused. `docs/errors.md` explains each; a test compares the two lists.
package enum ErrorCode: String, Sendable, Codable, CaseIterable, Hashable {
    // Reading a CSV
    case csvEmpty = "csv.empty"
    case csvHeaderOnly = "csv.header_only"
    case csvBinary = "csv.binary"
    case csvEncoding = "csv.encoding"
    case csvUnterminatedQuote = "csv.unterminated_quote"
    case csvDialectMismatch = "csv.dialect_mismatch"
    case csvStrict = "csv.strict"
    case csvTooManyColumns = "csv.too_many_columns"
    case csvCellTooLong = "csv.cell_too_long"
    case csvTooManyRejects = "csv.too_many_rejects"
    case csvTypeMismatch = "csv.type_mismatch"
    case csvCompressed = "csv.compressed"

    // Requests in general
    case requestBadParameter = "request.bad_parameter"
    case requestBadBody = "request.bad_body"
    case requestTooLarge = "request.too_large"
    case requestUnsupportedMedia = "request.unsupported_media_type"
    case requestNotFound = "request.not_found"
    case requestMethod = "request.method_not_allowed"
    case requestHost = "request.host_not_allowed"
    case requestOrigin = "request.cross_origin"
    case requestRateLimited = "request.rate_limited"
    case requestIncomplete = "request.incomplete"
    case accessUnauthenticated = "access.unauthenticated"
    case accessForbidden = "access.forbidden"

    // Datasets
    case datasetNotFound = "dataset.not_found"
    case datasetExists = "dataset.exists"
    case datasetConflict = "dataset.conflict"
    case datasetName = "dataset.bad_name"
    case datasetColumnNotFound = "dataset.column_not_found"
    case datasetVersionNotFound = "dataset.version_not_found"
    case datasetIncompatible = "dataset.incompatible"
    case datasetRejectNotFound = "dataset.reject_not_found"
    case recipeBadStep = "recipe.bad_step"
    case recipeNothingToUndo = "recipe.nothing_to_undo"
    case recipeNothingToRedo = "recipe.nothing_to_redo"
    case exportTooLarge = "export.too_large"

    // SQL
    case sqlSyntax = "sql.syntax"
    case sqlNotAllowed = "sql.not_allowed"
    case sqlTimeout = "sql.timeout"
    case sqlFailed = "sql.failed"
    case sqlParameter = "sql.bad_parameter"

    // Training, models, jobs
    case trainingTargetNotFound = "training.target_not_found"
    case trainingTargetInFeatures = "training.target_in_features"
    case trainingFeatureNotFound = "training.feature_not_found"
    case trainingTextTarget = "training.non_numeric_target"
    case trainingTooFewRows = "training.too_few_rows"
    case trainingConstantTarget = "training.constant_target"
    case trainingUnknownAlgorithm = "training.unknown_algorithm"
    case trainingUnknownMetric = "training.unknown_metric"
    case trainingBadConstraint = "training.bad_constraint"
    case trainingFailed = "training.failed"
    case modelNotFound = "model.not_found"
    case modelExists = "model.exists"
    case modelName = "model.bad_name"
    case modelDamaged = "model.damaged"
    case modelExport = "model.export_unavailable"
    case predictMissingFeature = "predict.missing_feature"
    case predictBadValue = "predict.bad_value"
    case predictNoRows = "predict.no_rows"
    case jobNotFound = "job.not_found"
    case jobNotRunning = "job.not_running"

    // Supervision
    case simulated = "simulated"
    case incidentNotFound = "incident.not_found"
    case incidentState = "incident.wrong_state"
    case ruleInvalid = "rule.invalid"
    case silenceNotFound = "silence.not_found"
    case silenceInvalid = "silence.invalid"
    case alertInvalid = "alert.invalid"
    case drillNotPossible = "drill.not_possible"

    // The daemon
    case settingsInvalid = "settings.invalid"
    case storageFull = "storage.full"
    case storageFailed = "storage.failed"
    case storageLocked = "storage.locked"
    case storageDamaged = "storage.damaged"
    case draining = "daemon.draining"
    case cannotListen = "daemon.cannot_listen"
    case internalError = "internal"
}

extension ErrorCode {
    /// The HTTP status of the answer that carries this code.
    package var status: Int {
        switch self {
        case .requestBadParameter, .requestBadBody, .requestOrigin, .requestIncomplete: 400
        case .accessUnauthenticated: 401
        case .accessForbidden: 403
        case .requestNotFound, .datasetNotFound, .datasetVersionNotFound, .datasetRejectNotFound, .modelNotFound,
            .jobNotFound, .incidentNotFound, .silenceNotFound:
            404
        case .requestMethod: 405
        case .datasetExists, .datasetConflict, .modelExists, .incidentState, .recipeNothingToUndo, .recipeNothingToRedo,
            .jobNotRunning,
            .modelExport, .drillNotPossible:
            409
        case .requestTooLarge: 413
        case .requestUnsupportedMedia: 415
        case .requestHost: 421
        case .requestRateLimited: 429
        case .sqlNotAllowed: 403
        case .sqlTimeout: 408
        case .simulated, .storageFailed, .storageDamaged, .internalError, .trainingFailed, .modelDamaged: 500
        case .draining, .storageLocked, .cannotListen: 503
        case .storageFull: 507
        default: 422
        }
    }

    /// A short human title, the same for every occurrence of the code.
    package var title: String {
        let words = rawValue.split(separator: ".").last.map(String.init) ?? rawValue
        let sentence = words.replacing("_", with: " ")
        return sentence.prefix(1).uppercased() + sentence.dropFirst()
    }
}
