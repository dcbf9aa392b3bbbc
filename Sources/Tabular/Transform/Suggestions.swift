import Shared

/// A step that a profile speaks for.
package struct TransformSuggestion: Codable, Sendable, Hashable {
    package var column: String
    /// Why, in a sentence.
    package var text: String
    package var step: TransformStep

    package init(column: String, text: String, step: TransformStep) {
        self.column = column
        self.text = text
        self.step = step
    }
}

/// Finds what a profile speaks for doing.
package enum Suggestions {
    /// Columns that say nothing to drop, empty cells to fill, outliers to remove; in the order of the columns.
    package static func of(_ profile: ProfileReply) -> [TransformSuggestion] { profile.columns.flatMap { of($0) } }

    /// What the profile of one column speaks for.
    package static func of(_ profile: ColumnProfileReply) -> [TransformSuggestion] {
        let warnings = ProfileWarnings.of(profile)
        func suggest(_ operation: TransformStep.Operation, _ text: String) -> TransformSuggestion {
            TransformSuggestion(column: profile.name, text: text, step: TransformStep(operation, column: profile.name))
        }
        if let constant = warnings.first(where: { $0.kind == "constant" }) { return [suggest(.drop, constant.text)] }
        var suggestions: [TransformSuggestion] = []
        let rows = profile.count + profile.nulls
        if profile.nulls * 2 > rows {
            suggestions.append(suggest(.drop, warnings.first { $0.kind == "high_null_share" }?.text ?? ""))
        } else if profile.nulls > 0 {
            let text = "\u{201C}\(profile.name)\u{201D} is empty in \(profile.nulls) of \(rows) rows."
            switch profile.type {
            case .integer, .decimal: suggestions.append(suggest(.fillMedian, text))
            case .date, .timestamp: suggestions.append(suggest(.removeNulls, text))
            case .boolean, .text: suggestions.append(suggest(.fillMode, text))
            }
        }
        if let outliers = warnings.first(where: { $0.kind == "outliers" }) {
            suggestions.append(suggest(.removeOutliers, outliers.text))
        }
        return suggestions
    }
}
