/// Why training or predicting was refused.
package enum LearningError: Error, Sendable, Equatable {
    case cancelled
    case tooFewRows(found: Int, needed: Int)
    case constantTarget(label: String)
    case targetNotFound(name: String, nearest: String?)
    case targetInFeatures(name: String)
    case featureNotFound(name: String, nearest: String?)
    case noFeatures
    case nonNumericTarget(name: String, row: Int, value: String)
    /// Row of the table, from 1.
    case targetTooLarge(name: String, row: Int, value: String)
    case unknownAlgorithm(name: String, known: [String])
    case unknownMetric(name: String, known: [String])
    /// A column that predictions cannot be made to follow one way.
    case monotoneColumn(name: String, fault: MonotoneFault)
    /// More classes than the two whose probabilities have an order.
    case monotoneClasses(target: String, count: Int)
    /// None of the algorithms that were asked for can be made to follow a column.
    case monotoneAlgorithms(names: [String], able: [String])
    case missingFeature(name: String)
    /// Row of the request, from 0.
    case badValue(row: Int, feature: String, value: String, expected: String)
    /// The task does not suit the target, such as binary for three classes.
    case taskMismatch(task: String, target: String, reason: String)
    case noRows
    case artifactDamaged(reason: String, offset: Int)
    case artifactVersion(found: Int, supported: Int)
    case testVectorMismatch(row: Int, expected: Double, found: Double)
    /// The model cannot be written in another program's format.
    case notExpressible(reason: String)
    case outOfMemory(neededBytes: Int, allowedBytes: Int)
}
