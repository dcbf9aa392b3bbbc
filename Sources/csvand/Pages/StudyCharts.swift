import Shared

/// Where the middle of a column lies, under its histogram: a box from quarter to quarter with the median, whiskers from 5 % to 95 %.
struct BoxMarks: Sendable {
    let low: String
    let high: String
    let boxX: String
    let boxWidth: String
    let median: String
    let caption: String

    /// Nil when the column has no range to place them in, or lacks a quantile.
    init?(_ column: ColumnProfileReply) {
        guard let first = column.histogram?.first, let last = column.histogram?.last, last.to > first.from else {
            return nil
        }
        let shares = [0.05, 0.25, 0.5, 0.75, 0.95]
        let values = shares.compactMap { share in column.quantiles?.first { $0.q == share }?.value }
        guard values.count == shares.count else { return nil }
        // Halves, because the range of Doubles may be more than a Double holds.
        let range = last.to / 2 - first.from / 2
        let places = values.map { value in
            let share = range > 0 ? (value / 2 - first.from / 2) / range : 0
            return max(0, min(1, share)) * HistogramChart.width
        }
        low = HistogramChart.text(places[0])
        high = HistogramChart.text(places[4])
        boxX = HistogramChart.text(places[1])
        boxWidth = HistogramChart.text(max(1, places[3] - places[1]))
        median = HistogramChart.text(places[2])
        let words = values.map { PageText.number($0) }
        caption = "5% below \(words[0]), half from \(words[1]) to \(words[3]), median \(words[2]), 5% above \(words[4])"
    }
}

/// Shares before and after, two bars a bin, in the coordinates of an SVG of 320 x 96.
struct ShiftChart: Sendable {
    struct Bin: Sendable {
        let beforeX: String
        let beforeY: String
        let beforeHeight: String
        let afterX: String
        let afterY: String
        let afterHeight: String
        let width: String
        let tip: String
    }

    let caption: String
    let bins: [Bin]
    let first: String
    let last: String

    /// Nil when there is nothing to draw.
    init?(_ shares: [ComparisonReply.Bin], column: String) {
        guard let most = shares.flatMap({ [$0.before, $0.after] }).max(), most > 0 else { return nil }
        let step = HistogramChart.width / Double(shares.count)
        func height(_ share: Double) -> Double {
            share > 0 ? max(1, share / most * (HistogramChart.height - 4)) : 0
        }
        bins = shares.enumerated().map { index, bin in
            let left = Double(index) * step
            let (before, after) = (height(bin.before), height(bin.after))
            return Bin(
                beforeX: HistogramChart.text(left + step * 0.08),
                beforeY: HistogramChart.text(HistogramChart.height - before),
                beforeHeight: HistogramChart.text(before), afterX: HistogramChart.text(left + step * 0.5),
                afterY: HistogramChart.text(HistogramChart.height - after), afterHeight: HistogramChart.text(after),
                width: HistogramChart.text(step * 0.42),
                tip: "\(bin.label): \(PageText.percent(bin.before, of: 1)) before, "
                    + "\(PageText.percent(bin.after, of: 1)) after")
        }
        caption = "Shares of \(column) in \(shares.count) bins, before and after"
        first = shares.first?.label ?? ""
        last = shares.last?.label ?? ""
    }
}

/// A square of columns by columns, each cell as strong as the two go together.
struct CorrelationMap: Sendable {
    private static let side = 22
    private static let gutter = 150
    private static let mostLetters = 20

    struct Label: Sendable {
        let text: String
        let x: Int
        let y: Int
    }

    struct Cell: Sendable {
        let x: Int
        let y: Int
        let isNegative: Bool
        let strength: String
        let tip: String
    }

    let caption: String
    let width: Int
    let height: Int
    let names: [Label]
    let heads: [Label]
    let cells: [Cell]

    /// Nil when there is no pair.
    init?(_ reply: AssociationReply) {
        guard !reply.pairs.isEmpty else { return nil }
        let columns = reply.columns
        let places = Dictionary(zip(columns, columns.indices)) { first, _ in first }
        width = Self.gutter + columns.count * Self.side
        height = (columns.count + 1) * Self.side
        caption = "How \(columns.count) columns go together"
        names = columns.enumerated().map { index, name in
            let shown = name.count > Self.mostLetters ? name.prefix(Self.mostLetters - 1) + "…" : name[...]
            return Label(
                text: "\(shown) \(index + 1)", x: Self.gutter - 6, y: (index + 1) * Self.side + Self.side * 2 / 3)
        }
        heads = columns.indices.map { index in
            Label(text: String(index + 1), x: Self.gutter + index * Self.side + Self.side / 2, y: Self.side * 2 / 3)
        }
        cells = reply.pairs.flatMap { pair -> [Cell] in
            guard let value = pair.value, let x = places[pair.x], let y = places[pair.y] else { return [] }
            let words = pair.kind.replacing("_", with: " ")
            return [(x, y), (y, x)].map { column, row in
                Cell(
                    x: Self.gutter + column * Self.side, y: (row + 1) * Self.side, isNegative: value < 0,
                    strength: HistogramChart.text(max(0.04, min(1, abs(value))), places: 2),
                    tip: "\(columns[row]) and \(columns[column]): \(words) \(HistogramChart.text(value, places: 3))")
            }
        }
    }
}
