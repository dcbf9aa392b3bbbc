/// What is wrong with a rule file, an expression or its evaluation, and where.
package struct RuleError: Error, Sendable, Equatable {
    package enum Fault: Sendable, Equatable {
        // Reading an expression
        case unexpected(found: String, expected: String)
        case unterminatedString
        case badNumber(String)
        case badDuration(String)
        case badRegex(pattern: String, reason: String)
        case unknownFunction(String, nearest: String?)
        /// Prometheus has it, this evaluator does not.
        case unsupported(String)
        case argumentCount(function: String, expected: String, found: Int)
        case wrongType(what: String, expected: String, found: String)
        case badMatching(String)
        case emptySelector
        case badLabelName(String)
        case tooComplex(limit: Int)

        // Evaluating it
        case duplicateSeries(String)
        case manyMatches(side: String, labels: String)
        case tooManySamples(limit: Int)
        case timedOut
        case badFactor(Double)
        /// A group's `limit` was exceeded.
        case overLimit(limit: Int, found: Int)

        // Rule files
        case yaml(String)
        case unknownField(String, nearest: String?)
        case missingField(String)
        case badField(String, value: String, expected: String)
        case duplicateName(kind: String, String)
        case badTemplate(String, reason: String)
        case unreadableFile(String)

        // Names that the daemon does not have
        case unknownMetric(String, nearest: String?)
        case unknownLabel(String, metric: String, nearest: String?)
        case unknownLabelValue(String, label: String, metric: String, nearest: String?)
        case unknownJob(String, nearest: String?)
    }

    package var fault: Fault
    package var file: String?
    /// From 1; 0 if there is no place.
    package var line: Int
    /// From 1, in characters.
    package var column: Int

    package init(_ fault: Fault, file: String? = nil, line: Int = 0, column: Int = 0) {
        self.fault = fault
        self.file = file
        self.line = line
        self.column = column
    }
}

extension RuleError: CustomStringConvertible {
    /// `file:line:column: what is wrong`.
    package var description: String {
        var place = file.map { $0 + ":" } ?? ""
        if line > 0 { place += "\(line):\(column):" }
        return place.isEmpty ? fault.text : place + " " + fault.text
    }
}
