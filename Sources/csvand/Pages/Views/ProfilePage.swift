import Foundation
import Operations
import Shared

/// The columns of a version in figures and pictures.
struct ProfilePage: PageView {
    static let template = "profile"
    private static let pageColumns = 60
    fileprivate static let mostTopValues = 8

    struct Column: Sendable {
        let name: String
        let type: String
        let figures: [PageFact]
        let histogram: HistogramChart?
        let box: BoxMarks?
        let top: [TopValue]
        let hasTop: Bool
        let warnings: [String]
    }

    struct TopValue: Sendable {
        let value: String
        let count: String
        let share: String
        let bar: ShareBar
    }

    struct Suggestion: Sendable {
        let column: String
        let text: String
        let effect: String
        /// What the step does, in its own name.
        let verb: String
        /// The step as a body of a transform has it.
        let step: String
    }

    let frame: PageFrame
    let name: String
    let segment: String
    let version: Int
    let rows: String
    let range: String
    let before: String?
    let after: String?
    let columns: [Column]
    let suggestions: [Suggestion]
    let hasSuggestions: Bool
    /// The steps of all suggestions, as a list.
    let all: String

    init(_ workspace: Workspace, name reference: String, version: Int?, from: Int) throws {
        let profile = try workspace.profile(of: reference, version: version)
        frame = PageFrame("Profile of \(profile.dataset)", area: .overview)
        name = profile.dataset
        segment = PageText.segment(profile.dataset)
        self.version = profile.version
        rows = PageText.count(profile.rows)
        let start = min(from - 1, profile.columns.count)
        let part = profile.columns.dropFirst(start).prefix(Self.pageColumns)
        range = "Columns \(part.isEmpty ? start : start + 1) to \(start + part.count) of \(profile.columns.count)"
        before = start > 0 ? String(max(1, start + 1 - Self.pageColumns)) : nil
        after = start + part.count < profile.columns.count ? String(start + part.count + 1) : nil
        columns = part.map { column in
            Column(column, warnings: profile.warnings.filter { $0.column == column.name }.map(\.text))
        }
        // Steps are applied to the newest version, so they are offered beside that one only.
        let offered = version == nil ? try workspace.suggestions(for: reference) : []
        suggestions = try offered.map { suggestion in
            try Suggestion(
                column: suggestion.column ?? "all columns", text: suggestion.text, effect: suggestion.effect,
                step: try WireJSON.encode(suggestion.step))
        }
        hasSuggestions = !suggestions.isEmpty
        all = String(decoding: try WireJSON.encode(offered.map(\.step)), as: UTF8.self)
    }
}

extension ProfilePage.Suggestion {
    fileprivate init(column: String, text: String, effect: String, step: Data) throws {
        let fields = try WireJSON.decode([String: JSONValue].self, from: step)
        let words = fields["op"]?.plainText.replacing("_", with: " ") ?? "apply"
        self.column = column
        self.text = text
        self.effect = effect
        verb = words.prefix(1).uppercased() + words.dropFirst()
        self.step = String(decoding: step, as: UTF8.self)
    }
}

extension ProfilePage.Column {
    fileprivate init(_ column: ColumnProfileReply, warnings: [String]) {
        name = column.name
        type = column.type.rawValue
        figures = Self.figures(column)
        histogram = column.histogram.flatMap { HistogramChart($0, column: column.name) }
        box = BoxMarks(column)
        let most = Double(column.top.map(\.count).max() ?? 0)
        top = column.top.prefix(ProfilePage.mostTopValues).map { value in
            ProfilePage.TopValue(
                value: value.value, count: PageText.count(value.count),
                share: PageText.percent(Double(value.count), of: Double(column.count)),
                bar: ShareBar(Double(value.count), of: most))
        }
        hasTop = !top.isEmpty
        self.warnings = warnings
    }

    private static func figures(_ column: ColumnProfileReply) -> [PageFact] {
        var figures = [
            PageFact("Values", PageText.count(column.count)),
            PageFact(
                "Empty",
                "\(PageText.count(column.nulls)) (\(PageText.percent(Double(column.nulls), of: Double(column.count + column.nulls))))"
            ),
            PageFact("Distinct", (column.exact ? "" : "≈ ") + PageText.count(column.distinct)),
        ]
        func add(_ label: String, _ value: Double?) {
            if let value { figures.append(PageFact(label, PageText.number(value))) }
        }
        if let smallest = column.min { figures.append(PageFact("Smallest", smallest)) }
        if let largest = column.max { figures.append(PageFact("Largest", largest)) }
        add("Mean", column.mean)
        add("Deviation", column.standardDeviation)
        for quantile in column.quantiles ?? [] where [0.25, 0.5, 0.75].contains(quantile.q) {
            add(quantile.q == 0.5 ? "Median" : "\(Int(quantile.q * 100))% below", quantile.value)
        }
        add("Skewness", column.skewness)
        add("Kurtosis", column.kurtosis)
        if let error = column.error, error > 0 {
            figures.append(PageFact("Estimated", "within \(PageText.percent(error, of: 1))"))
        }
        if let outliers = column.outliers { figures.append(PageFact("Outliers", PageText.count(outliers))) }
        if let length = column.textLength {
            figures.append(PageFact("Length", "\(length.min) to \(length.max), mean \(PageText.number(length.mean))"))
        }
        return figures
    }
}
