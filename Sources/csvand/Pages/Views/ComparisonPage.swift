import Operations
import Shared

/// What changed in a dataset since an earlier version, or against another dataset.
struct ComparisonPage: PageView {
    static let template = "comparison"
    fileprivate static let mostPictures = 60

    struct Column: Sendable {
        let name: String
        let verdict: String
        /// The badge that goes with the verdict.
        let badge: String
        let type: String
        let psi: String
        let ks: String
        let nulls: String
        let mean: String
        let news: String
    }

    struct Picture: Sendable {
        let name: String
        let verdict: String
        let badge: String
        let chart: ShiftChart
        let newValues: String?
        let goneValues: String?
    }

    /// What is shown once there is something to compare with.
    struct Result: Sendable {
        let before: String
        let rows: String
        let verdict: String
        let badge: String
        let columns: [Column]
        let pictures: [Picture]
    }

    let frame: PageFrame
    let name: String
    let segment: String
    let version: Int
    let with: String
    let result: Result?

    init(_ workspace: Workspace, name reference: String, version: Int?, with chosen: String?) throws {
        let dataset = try workspace.dataset(reference, version: version)
        frame = PageFrame("Changes of \(dataset.name)", area: .overview)
        name = dataset.name
        segment = PageText.segment(dataset.name)
        self.version = dataset.version
        let given = chosen?.isEmpty == false ? chosen : nil
        with = given ?? (dataset.version > 1 ? String(dataset.version - 1) : "")
        // A first version has nothing before it: the form asks for another dataset.
        result =
            with.isEmpty ? nil : Result(try workspace.compare(reference, version: dataset.version, with: with))
    }
}

extension ComparisonPage.Result {
    fileprivate init(_ reply: ComparisonReply) {
        before = "\(reply.with.dataset) version \(reply.with.version)"
        rows = "\(PageText.count(reply.with.rows)) → \(PageText.count(reply.rows))"
        verdict = reply.verdict.rawValue
        badge = reply.verdict.badge
        columns = reply.columns.map(ComparisonPage.Column.init)
        // What moved most comes first.
        let shown = reply.columns.sorted { ($1.psi ?? 0, $0.name) < ($0.psi ?? 0, $1.name) }
        pictures = Array(shown.compactMap(ComparisonPage.Picture.init).prefix(ComparisonPage.mostPictures))
    }
}

extension ComparisonPage.Column {
    fileprivate init(_ column: ComparisonReply.Column) {
        name = column.name
        verdict = column.change == .same ? column.verdict.rawValue : column.change.rawValue
        badge = column.verdict.badge
        let types = [column.typeBefore, column.type].compactMap { $0?.rawValue }
        type = types.first == types.last ? types.first ?? "" : types.joined(separator: " → ")
        psi = PageText.number(column.psi)
        ks = PageText.number(column.ks)
        func pair(_ before: String?, _ after: String?) -> String {
            before == after ? before ?? "–" : "\(before ?? "–") → \(after ?? "–")"
        }
        nulls = pair(
            column.nullShareBefore.map { PageText.percent($0, of: 1) },
            column.nullShare.map { PageText.percent($0, of: 1) })
        mean = pair(column.meanBefore.map { PageText.number($0) }, column.mean.map { PageText.number($0) })
        let counts = [("new", column.newValues), ("gone", column.goneValues)]
        news = counts.compactMap { word, values in
            values.flatMap { $0.count > 0 ? "\(PageText.count($0.count)) \(word)" : nil }
        }.joined(separator: ", ")
    }
}

extension ComparisonPage.Picture {
    fileprivate init?(_ column: ComparisonReply.Column) {
        guard let bins = column.bins, let chart = ShiftChart(bins, column: column.name) else { return nil }
        self.chart = chart
        name = column.name
        verdict = column.verdict.rawValue
        badge = column.verdict.badge
        func text(_ values: ComparisonReply.Values?) -> String? {
            guard let values, values.count > 0 else { return nil }
            let shown = values.most.prefix(5).map { "“\($0.value)” (\(PageText.count($0.count)))" }
            let rest = values.count - shown.count
            return shown.joined(separator: ", ") + (rest > 0 ? " and \(PageText.count(rest)) more" : "")
        }
        newValues = text(column.newValues)
        goneValues = text(column.goneValues)
    }
}

extension ComparisonReply.Verdict {
    var badge: String {
        switch self {
        case .stable: "good"
        case .moderate: "warning"
        case .marked: "bad"
        }
    }
}
