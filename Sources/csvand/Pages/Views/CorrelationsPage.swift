import Operations
import Shared

/// How the columns of a version go together.
struct CorrelationsPage: PageView {
    static let template = "correlations"
    /// More make a picture that nobody reads; REST compares a hundred.
    private static let mostColumns = 40
    private static let mostPairs = 40

    struct Pair: Sendable {
        let first: String
        let second: String
        let measure: String
        let value: String
        let spearman: String
        let rows: String
        let bar: ShareBar
    }

    struct Choice: Sendable {
        let name: String
        let isChosen: Bool
    }

    let frame: PageFrame
    let name: String
    let segment: String
    let version: Int
    let rows: String
    let map: CorrelationMap?
    let pairs: [Pair]
    let hasPairs: Bool
    let warnings: [String]
    let leftOut: [String]
    let targets: [Choice]
    let note: String?

    init(_ workspace: Workspace, name reference: String, version: Int?, target chosen: String?) throws {
        let profile = try workspace.profile(of: reference, version: version)
        let target = chosen?.isEmpty == false ? chosen : nil
        let varying = profile.columns.filter { $0.distinct > 1 }.map(\.name)
        var columns = Array(varying.prefix(Self.mostColumns))
        if let target, !columns.contains(target) { columns.insert(target, at: 0) }
        let reply = try workspace.associations(
            of: reference, version: profile.version, columns: columns, target: target)
        frame = PageFrame("Correlations of \(reply.dataset)", area: .overview)
        self.name = reply.dataset
        segment = PageText.segment(reply.dataset)
        self.version = reply.version
        rows = PageText.count(reply.rows)
        map = CorrelationMap(reply)
        pairs = reply.pairs.prefix(Self.mostPairs).map { pair in
            Pair(
                first: pair.x, second: pair.y, measure: pair.kind.replacing("_", with: " "),
                value: PageText.number(pair.value), spearman: pair.spearman.map { PageText.number($0) } ?? "",
                rows: PageText.count(pair.rows), bar: ShareBar(pair.value ?? 0, of: 1))
        }
        hasPairs = !pairs.isEmpty
        warnings = reply.warnings.map(\.text)
        leftOut = reply.leftOut.map { "\($0.column): \($0.reason)" }
        targets = profile.columns.map { Choice(name: $0.name, isChosen: $0.name == target) }
        note =
            varying.count > columns.count
            ? "The first \(columns.count) of \(varying.count) columns that vary are compared here." : nil
    }
}
