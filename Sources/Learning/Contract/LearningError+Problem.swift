import Shared

extension LearningError {
    /// The error as it is told to a client.
    package var problem: Problem {
        switch self {
        case .cancelled:
            Problem(.trainingFailed, "The training was cancelled.", remedy: "Start it again when you need the model.")
        case .tooFewRows(let found, let needed):
            Problem(
                .trainingTooFewRows, "\(found) rows have a target value; training needs at least \(needed).",
                remedy: "Add rows, or fill in the target where it is empty.")
        case .outOfMemory(let needed, let allowed):
            Problem(
                .trainingFailed, "Training needs about \(needed) bytes of memory; \(allowed) are allowed.",
                remedy: "Raise training.memory_bytes, or train on fewer features.")
        case .artifactDamaged, .artifactVersion, .testVectorMismatch: artifactProblem
        case .notExpressible(let reason):
            Problem(
                .modelExport, "The model cannot be written as ONNX: \(reason).",
                remedy: "Train it without what is named, or export with format=json, which describes the model.")
        case .monotoneColumn, .monotoneClasses, .monotoneAlgorithms: constraintProblem
        case .missingFeature, .badValue, .noRows: predictionProblem
        default: requestProblem
        }
    }

    /// Problems of what was asked to be trained.
    private var requestProblem: Problem {
        switch self {
        case .constantTarget(let label):
            return Problem(
                .trainingConstantTarget, "Every row has the same target value, \(label.quotedForMessage).",
                remedy: "Choose a target with at least two different values.")
        case .targetNotFound(let name, let nearest):
            return Problem(
                .trainingTargetNotFound, "There is no column \(name.quotedForMessage).\(meant(nearest))",
                remedy: "Name a column of the dataset as the target.", places: [Problem.Place(column: name)])
        case .targetInFeatures(let name):
            return Problem(
                .trainingTargetInFeatures, "The target \(name.quotedForMessage) is also among the features.",
                remedy: "Remove it from features: a model must not be given what it is to predict.",
                places: [Problem.Place(column: name)])
        case .featureNotFound(let name, let nearest):
            return Problem(
                .trainingFeatureNotFound, "There is no column \(name.quotedForMessage).\(meant(nearest))",
                remedy: "Name columns of the dataset in features, exclude, group, time and monotone.",
                places: [Problem.Place(column: name)])
        case .noFeatures:
            return Problem(
                .trainingFeatureNotFound, "No column is left to learn from.",
                remedy: "Name at least one column in features, or exclude fewer.")
        case .nonNumericTarget(let name, let row, let value):
            return Problem(
                .trainingTextTarget,
                "Regression needs numbers, but row \(row) of the target \(name.quotedForMessage) is \(value.quotedForMessage).",
                remedy: "Convert the column to numbers, or train a classification.",
                places: [Problem.Place(line: row, column: name)])
        case .targetTooLarge(let name, let row, let value):
            return Problem(
                .requestBadParameter,
                "Regression takes numbers up to 1e18, but row \(row) of the target \(name.quotedForMessage) is \(value).",
                remedy: "Give the column in a larger unit, or its logarithm, or leave such rows out.",
                places: [Problem.Place(line: row, column: name)])
        case .unknownAlgorithm(let name, let known):
            return Problem(
                .trainingUnknownAlgorithm, "There is no algorithm \(name.quotedForMessage).",
                remedy: "Use one of \(known.joined(separator: ", ")).")
        case .unknownMetric(let name, let known):
            return Problem(
                .trainingUnknownMetric, "There is no metric \(name.quotedForMessage) for this task.",
                remedy: "Use one of \(known.joined(separator: ", ")).")
        case .taskMismatch(let task, let target, let reason):
            return Problem(
                .requestBadParameter,
                "The task \(task) does not suit the target \(target.quotedForMessage): \(reason).",
                remedy: "Leave out task to have it inferred, or choose another target.",
                places: [Problem.Place(column: "task")])
        default:
            return Problem(.trainingFailed, "The training failed.", remedy: "Start it again.")
        }
    }

    /// Problems of what predictions were asked to follow.
    private var constraintProblem: Problem {
        switch self {
        case .monotoneColumn(let name, let fault):
            return Problem(
                .trainingBadConstraint,
                "What monotone asks of \(name.quotedForMessage) cannot be kept, because \(fault.reason).",
                remedy: fault.remedy, places: [Problem.Place(column: name)])
        case .monotoneClasses(let target, let count):
            return Problem(
                .trainingBadConstraint,
                "What monotone asks cannot be kept, because the target \(target.quotedForMessage) has \(count) classes: "
                    + "only a number, or the probability of the second of two classes, can rise or fall.",
                remedy: "Leave out monotone, or choose a target of numbers or of two classes.",
                places: [Problem.Place(column: target)])
        case .monotoneAlgorithms(let names, let able):
            return Problem(
                .trainingBadConstraint,
                "What monotone asks cannot be kept by \(names.joined(separator: ", ")).",
                remedy: "Add one of \(able.joined(separator: ", ")) to algorithms, or leave out monotone.",
                places: [Problem.Place(column: "algorithms")])
        default:
            return Problem(.trainingFailed, "The training failed.", remedy: "Start it again.")
        }
    }

    /// Problems of rows to predict.
    private var predictionProblem: Problem {
        switch self {
        case .missingFeature(let name):
            return Problem(
                .predictMissingFeature, "The feature \(name.quotedForMessage) is not in the rows to predict.",
                remedy: "Give every feature that the model was trained on; null stands for a missing value.",
                places: [Problem.Place(column: name)])
        case .badValue(let row, let feature, let value, let expected):
            return Problem(
                .predictBadValue,
                "Row \(row) has \(value.quotedForMessage) for \(feature.quotedForMessage), which is not \(expected).",
                remedy: "Give \(expected) or null.", places: [Problem.Place(line: row, column: feature)])
        default:
            return Problem(.predictNoRows, "There are no rows to predict.", remedy: "Give at least one row.")
        }
    }

    /// Problems of a stored model.
    private var artifactProblem: Problem {
        switch self {
        case .artifactVersion(let found, let supported):
            return Problem(
                .modelDamaged, "The model was stored in format \(found); this version reads up to \(supported).",
                remedy: "Use a newer csvand, or train the model again.")
        case .testVectorMismatch(let row, let expected, let found):
            return Problem(
                .modelDamaged, "The model answers \(found) for its test row \(row), where \(expected) was stored.",
                remedy: "Do not use it: restore a backup, or train the model again.")
        case .artifactDamaged(let reason, let offset):
            return Problem(
                .modelDamaged, "The stored model is damaged at byte \(offset): \(reason).",
                remedy: "Restore a backup, or train the model again.",
                places: [Problem.Place(byte: offset)])
        default:
            return Problem(.modelDamaged, "The stored model is damaged.", remedy: "Train the model again.")
        }
    }

    private func meant(_ nearest: String?) -> String { nearest.map { " Did you mean \($0.quotedForMessage)?" } ?? "" }
}
