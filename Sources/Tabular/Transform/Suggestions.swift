import Shared

/// A step that a profile speaks for.
package struct TransformSuggestion: Codable, Sendable, Hashable {
    /// Absent for a step over the whole table.
    package var column: String?
    /// Why, in a sentence.
    package var text: String
    /// What the step would do, in a few words.
    package var effect: String
    package var step: TransformStep

    package init(column: String?, text: String, effect: String, step: TransformStep) {
        self.column = column
        self.text = text
        self.effect = effect
        self.step = step
    }
}

/// Finds what a profile speaks for doing.
package enum Suggestions {
    /// Of a text column's sample, what must read as another type before a conversion is suggested.
    private static let convertibleShare = 0.95

    /// In the order of the columns; none that takes a column away that the one before needs.
    ///
    /// - Parameter samples: some texts of each text column
    package static func of(_ profile: ProfileReply, samples: [String: [String]] = [:]) -> [TransformSuggestion] {
        let all = profile.columns.flatMap { of($0, sample: samples[$0.name] ?? []) }
        // One column has to stay.
        let drops = all.count { $0.step.operation == .drop }
        return drops < profile.columns.count ? all : all.filter { $0.step.operation != .drop }
    }

    /// What the profile of one column speaks for: at most one thing, but for empty cells and outliers.
    package static func of(_ profile: ColumnProfileReply, sample: [String] = []) -> [TransformSuggestion] {
        let warnings = ProfileWarnings.of(profile)
        func warning(_ kind: String) -> String? { warnings.first { $0.kind == kind }?.text }
        func suggest(
            _ operation: TransformStep.Operation, _ text: String, _ effect: String, _ fields: [String: JSONValue] = [:]
        ) -> TransformSuggestion {
            TransformSuggestion(
                column: profile.name, text: text, effect: effect,
                step: TransformStep(operation, column: profile.name, fields))
        }
        let rows = profile.count + profile.nulls
        if let text = warning("constant") { return [suggest(.drop, text, "removes the column")] }
        if profile.nulls * 2 > rows, let text = warning("high_null_share") {
            return [suggest(.drop, text, "removes the column")]
        }
        if profile.type == .text, let text = warning("near_unique"), profile.textLength.map({ $0.max <= 64 }) ?? true,
            convertible(sample) == nil, profile.distinct == profile.count
        {
            return [suggest(.drop, text, "removes the column")]
        }
        var suggestions: [TransformSuggestion] = []
        if profile.type == .text { suggestions += texts(profile, sample, suggest) }
        if profile.nulls > 0 {
            let text = "\u{201C}\(profile.name)\u{201D} is empty in \(profile.nulls) of \(rows) rows."
            let fills = "fills \(profile.nulls) cells"
            switch suggestions.isEmpty ? profile.type : .text {
            case .integer, .decimal: suggestions.append(suggest(.fillMedian, text, fills))
            case .date, .timestamp:
                suggestions.append(suggest(.removeNulls, text, "removes \(profile.nulls) rows"))
            case .boolean, .text: suggestions.append(suggest(.fillMode, text, fills))
            }
        }
        if let text = warning("outliers"), let outliers = profile.outliers {
            suggestions.append(suggest(.removeOutliers, text, "removes about \(outliers) rows"))
        }
        return suggestions
    }

    /// Texts that are something else, or the same thing written in several ways.
    private static func texts(
        _ profile: ColumnProfileReply, _ sample: [String],
        _ suggest: (TransformStep.Operation, String, String, [String: JSONValue]) -> TransformSuggestion
    ) -> [TransformSuggestion] {
        let name = "\u{201C}\(profile.name)\u{201D}"
        if let found = convertible(sample) {
            return [
                suggest(
                    .convert, "\(name) holds \(found.what), such as \(Excerpt.quoted(sample.first ?? "")), as text.",
                    "makes the column \(found.type.rawValue)", found.fields)
            ]
        }
        let values = Set(sample + profile.top.map(\.value))
        func variants(_ same: (String) -> String) -> Int { values.count - Set(values.map(same)).count }
        let trimmed = values.count { $0.first?.isWhitespace == true || $0.last?.isWhitespace == true }
        if trimmed > 0 {
            return [
                suggest(.trim, "\(name) has values with space around them.", "changes \(trimmed) values or more", [:])
            ]
        }
        if values.contains(where: { $0.contains("  ") }),
            variants({ $0.split(separator: " ").joined(separator: " ") }) > 0
        {
            return [
                suggest(
                    .collapseSpaces, "\(name) has values that differ in their spaces only.", "makes them equal", [:])
            ]
        }
        let cases = variants { $0.lowercased() }
        if cases > 0 {
            return [
                suggest(
                    .lower, "\(name) has values that differ in large and small letters only.",
                    "makes \(cases) pairs of values or more equal", [:])
            ]
        }
        return []
    }

    private struct Reading {
        var what: String
        var type: ColumnType
        var fields: [String: JSONValue]
    }

    /// What almost all texts of a sample are besides text; nil when they are nothing else.
    private static func convertible(_ sample: [String]) -> Reading? {
        let texts = sample.filter { !$0.isEmpty }
        guard texts.count >= 3 else { return nil }
        let enough = Int((convertibleShare * Double(texts.count)).rounded(.up))
        func numbers(_ texts: [String]) -> Int {
            let format = CellFormat.numbers(in: TextArray(texts))
            return texts.count {
                DecimalText.parse($0, separator: format.decimalSeparator, grouping: format.grouping) != nil
            }
        }
        if numbers(texts) >= enough {
            return Reading(what: "numbers", type: .decimal, fields: ["to": .string("number")])
        }
        let signs = Set(texts.flatMap(\.unicodeScalars).filter { "$€£¥%\u{A0}\u{202F}".unicodeScalars.contains($0) })
        if !signs.isEmpty {
            let bare = texts.map { text in
                String(String.UnicodeScalarView(text.unicodeScalars.filter { !signs.contains($0) }))
            }
            if numbers(bare) >= enough {
                let ignored = signs.map { String($0) }.sorted().joined()
                return Reading(
                    what: "numbers with signs", type: .decimal,
                    fields: ["to": .string("number"), "ignore": .string(ignored)])
            }
        }
        if let format = DateFormat.detect(texts), texts.count(where: { format.parse($0) != nil }) >= enough {
            return Reading(what: "dates", type: .date, fields: ["to": .string("date")])
        }
        if let format = TimestampFormat.detect(texts), texts.count(where: { format.parse($0) != nil }) >= enough {
            return Reading(what: "times", type: .timestamp, fields: ["to": .string("timestamp")])
        }
        return nil
    }
}
