import Foundation
import Shared

/// Bars over the range of a column, in the coordinates of an SVG of 320 x 96.
struct HistogramChart: Sendable {
    static let (width, height) = (320.0, 96.0)

    struct Bar: Sendable {
        let x: String
        let y: String
        let width: String
        let height: String
        let tip: String
    }

    let caption: String
    let bars: [Bar]
    let lowest: String
    let highest: String

    /// Nil when there is nothing to draw.
    init?(_ bins: [ColumnProfileReply.Bin], column: String) {
        guard let first = bins.first, let last = bins.last, let most = bins.map(\.count).max(), most > 0 else {
            return nil
        }
        let step = Self.width / Double(bins.count)
        bars = bins.enumerated().map { index, bin in
            // A bin with any value stays visible.
            let tall = bin.count == 0 ? 0 : max(1, Double(bin.count) / Double(most) * (Self.height - 4))
            return Bar(
                x: Self.text(Double(index) * step + 0.5), y: Self.text(Self.height - tall),
                width: Self.text(max(0.5, step - 1)), height: Self.text(tall),
                tip: "\(PageText.number(bin.from)) to \(PageText.number(bin.to)): \(PageText.count(bin.count))")
        }
        lowest = PageText.number(first.from)
        highest = PageText.number(last.to)
        caption = "Histogram of \(column), \(bins.count) bins from \(lowest) to \(highest)"
    }

    static func text(_ value: Double, places: Int = 1) -> String { String(format: "%.\(places)f", value) }
}

/// One horizontal bar of a table, 0 to 160 units wide.
struct ShareBar: Sendable {
    let length: String
    let isNegative: Bool

    init(_ value: Double, of most: Double) {
        let share = most > 0 && value.isFinite ? min(1, abs(value) / most) : 0
        length = HistogramChart.text(share * 160)
        isNegative = value < 0
    }
}

/// A series over time, in the coordinates of an SVG of 480 x 80.
struct Sparkline: Sendable {
    let name: String
    let points: String
    let lastX: String
    let lastY: String
    let smallest: String
    let largest: String
    let latest: String
    let from: String
    let to: String

    /// Nil when fewer than two samples can be drawn.
    init?(_ series: Evidence.Series) {
        let samples = series.samples.filter { $0.count == 2 && $0[0].isFinite && $0[1].isFinite }
        guard samples.count >= 2, let first = samples.first, let last = samples.last else { return nil }
        let values = samples.map { $0[1] }
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        let (span, range) = (max(last[0] - first[0], 1e-9), high - low)
        let placed = samples.map { sample in
            // A series that does not change is drawn through the middle.
            (
                x: 6 + (sample[0] - first[0]) / span * 468,
                y: range > 0 ? 74 - (sample[1] - low) / range * 68 : 40
            )
        }
        points = placed.map { "\(HistogramChart.text($0.x)),\(HistogramChart.text($0.y))" }.joined(separator: " ")
        lastX = HistogramChart.text(placed[placed.count - 1].x)
        lastY = HistogramChart.text(placed[placed.count - 1].y)
        name = series.labels.isEmpty ? series.metric : "\(series.metric){\(PageText.labels(series.labels))}"
        smallest = PageText.number(low)
        largest = PageText.number(high)
        latest = PageText.number(last[1])
        from = PageText.time(Date(timeIntervalSince1970: first[0]))
        to = PageText.time(Date(timeIntervalSince1970: last[0]))
    }
}
