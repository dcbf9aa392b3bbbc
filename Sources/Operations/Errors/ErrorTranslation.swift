import Alerting
import Foundation
import Learning
import Shared
import Storage
import Tabular

/// Turns whatever the engines throw into what clients, counters and logs know.
package enum ErrorTranslation {
    package static func problem(for error: any Error) -> Problem {
        switch error {
        case let error as Problem: error
        case let error as CSVError: error.problem
        case let error as CodecError: error.problem
        case let error as TransformError: error.problem
        case let error as LearningError: error.problem
        case let error as StorageError: error.problem
        case let error as SQLError: error.problem
        case let error as RuleError: error.problem
        case let error as IncidentError: error.problem
        case let error as SettingsError: error.problem
        case let error as SpoolError:
            error.errno == ENOSPC
                ? Problem(
                    .storageFull, "There is no space left for the upload.", remedy: "Free space in the state directory."
                )
                : Problem(
                    .storageFailed, "The upload could not be kept: \(String(cString: strerror(error.errno))).",
                    remedy: "See the journal, and check the disk of the state directory.")
        case is CancellationError:
            Problem(
                .requestIncomplete, "The connection was broken off before the request was complete.",
                remedy: "Send the request again.")
        default:
            Problem(
                .internalError, "Something went wrong that csvand has no name for.",
                remedy: "See the journal: journalctl -u csvand REQUEST_ID=... with the id of this answer.")
        }
    }

    /// The `type` of `app_errors_total` that a code is counted under; nil for answers that are no error of the application, such as 404.
    package static func countedType(of code: ErrorCode) -> String? {
        switch code {
        case .simulated: "simulated"
        case .csvEmpty, .csvHeaderOnly, .csvBinary, .csvEncoding, .csvUnterminatedQuote, .csvDialectMismatch,
            .csvStrict,
            .csvTooManyColumns, .csvCellTooLong, .csvTooManyRejects, .csvTypeMismatch, .csvCompressed:
            "csv_read_error"
        case .requestBadParameter, .requestBadBody: "missing_parameters"
        case .trainingTargetInFeatures: "target_in_features"
        case .trainingTextTarget: "non_numeric_target_regression"
        case .trainingTargetNotFound, .trainingFeatureNotFound, .datasetColumnNotFound: "missing_column"
        case .recipeBadStep: "preprocessing_error"
        case .storageFull, .storageFailed, .storageLocked, .storageDamaged: "storage_error"
        case .trainingFailed, .trainingTooFewRows, .trainingConstantTarget: "training_failure"
        case .predictMissingFeature, .predictBadValue, .predictNoRows, .modelDamaged: "prediction_error"
        default: nil
        }
    }
}
