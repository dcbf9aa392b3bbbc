import Foundation
import Shared

/// A curve, or points, over a range, in the coordinates of an SVG of 320 x 220.
struct CurveChart: Sendable {
    private static let (width, height, margin) = (320.0, 220.0, 6.0)

    struct Dot: Sendable {
        let x: String
        let y: String
        let tip: String
    }

    let title: String
    let caption: String
    /// Of the line, empty between labels, and of a second one in grey where there is something to compare with.
    let points: String
    let beside: String
    let hasBeside: Bool
    let dots: [Dot]
    let left: String
    let right: String
    let note: String

    private typealias Point = (x: Double, y: Double, tip: String)

    private init?(
        title: String, note: String, points: [Point], beside: [(x: Double, y: Double)] = [],
        x: ClosedRange<Double>? = nil,
        y: ClosedRange<Double>? = nil, hasLine: Bool = true, hasDots: Bool = true
    ) {
        let all = points.map { ($0.x, $0.y) } + beside.map { ($0.x, $0.y) }
        guard points.count > 1, all.allSatisfy({ $0.0.isFinite && $0.1.isFinite }),
            let across = x ?? Self.range(all.map(\.0)), let up = y ?? Self.range(all.map(\.1))
        else { return nil }
        func place(_ value: Double, _ range: ClosedRange<Double>) -> Double {
            // Halves, because the range of Doubles may be more than a Double holds.
            let span = range.upperBound / 2 - range.lowerBound / 2
            return span > 0 ? max(0, min(1, (value / 2 - range.lowerBound / 2) / span)) : 0.5
        }
        func at(_ point: (x: Double, y: Double)) -> (x: String, y: String) {
            (
                HistogramChart.text(Self.margin + place(point.x, across) * (Self.width - 2 * Self.margin)),
                HistogramChart.text(Self.height - Self.margin - place(point.y, up) * (Self.height - 2 * Self.margin))
            )
        }
        self.title = title
        self.note = note
        let placed = points.map { at(($0.x, $0.y)) }
        self.points = hasLine ? placed.map { "\($0.x),\($0.y)" }.joined(separator: " ") : ""
        self.beside = beside.map(at).map { "\($0.x),\($0.y)" }.joined(separator: " ")
        hasBeside = beside.count > 1
        dots = hasDots ? zip(placed, points).map { Dot(x: $0.x, y: $0.y, tip: $1.tip) } : []
        left = PageText.number(across.lowerBound)
        right = PageText.number(across.upperBound)
        caption = "\(title): \(note), \(PageText.number(up.lowerBound)) to \(PageText.number(up.upperBound))"
    }

    private static func range(_ values: [Double]) -> ClosedRange<Double>? {
        guard let low = values.min(), let high = values.max() else { return nil }
        return low...high
    }

    /// The three pictures of a class's probabilities.
    static func of(_ curves: EvaluationReply.ClassCurves) -> [CurveChart] {
        [
            CurveChart(
                title: "ROC of \(curves.label)",
                note: "true against false positives, area \(PageText.number(curves.rocAuc))",
                points: curves.roc.map { ($0.falsePositiveRate, $0.truePositiveRate, "") }, beside: [(0, 0), (1, 1)],
                x: 0...1, y: 0...1, hasDots: false),
            CurveChart(
                title: "Precision by recall of \(curves.label)",
                note: "average precision \(PageText.number(curves.averagePrecision))",
                points: curves.precisionRecall.map { ($0.recall, $0.precision, "") }, x: 0...1, y: 0...1,
                hasDots: false),
            CurveChart(
                title: "Calibration of \(curves.label)", note: "share of rows by predicted probability",
                points: curves.calibration.map { bin in
                    (
                        bin.predicted, bin.observed,
                        "predicted \(PageText.number(bin.predicted)), found \(PageText.number(bin.observed)), "
                            + "\(PageText.count(bin.rows)) rows"
                    )
                }, beside: [(0, 0), (1, 1)], x: 0...1, y: 0...1),
        ].compactMap(\.self)
    }

    static func of(_ residuals: EvaluationReply.Residuals) -> CurveChart? {
        let stretches = residuals.byPrediction
        return CurveChart(
            title: "Found by predicted", note: "means of tenths of the rows, spread \(PageText.number(residuals.std))",
            points: stretches.map { stretch in
                (
                    stretch.predicted, stretch.actual,
                    "predicted \(PageText.number(stretch.predicted)), found \(PageText.number(stretch.actual)) "
                        + "± \(PageText.number(stretch.std)), \(PageText.count(stretch.rows)) rows"
                )
            }, beside: stretches.map { ($0.predicted, $0.predicted) })
    }

    static func of(_ curve: EvaluationReply.LearningCurve) -> CurveChart? {
        CurveChart(
            title: "Learning curve of \(curve.learner)", note: "\(curve.metric) by rows; grey: on the rows fitted on",
            points: curve.points.map { point in
                (
                    Double(point.rows), point.score,
                    "\(PageText.count(point.rows)) rows: \(PageText.number(point.score)), "
                        + "on themselves \(PageText.number(point.trainScore))"
                )
            }, beside: curve.points.map { (Double($0.rows), $0.trainScore) })
    }

    /// - Parameter output: the class whose probability is drawn, or 0 for a number.
    static func of(_ dependence: ExplainReply.PartialDependence, output: Int, name: String) -> CurveChart? {
        guard dependence.points.allSatisfy({ output < $0.means.count }) else { return nil }
        let points = dependence.points.enumerated().map { index, point in
            let place: Double
            switch point.value {
            case .number(let value): place = value
            case .integer(let value): place = Double(value)
            case .string(let text): place = WireTime.date(text)?.timeIntervalSince1970 ?? Double(index)
            default: place = Double(index)
            }
            let mean = point.means[output]
            return (place, mean, "\(point.value.plainText): \(PageText.number(mean))") as Point
        }
        let labels = dependence.points.map(\.value.plainText)
        let isContinuous = dependence.points.allSatisfy { point in
            if case .string(let text) = point.value { return WireTime.date(text) != nil }
            return true
        }
        return CurveChart(
            title: dependence.feature,
            note: "\(name), \(labels.first?.prefix(24) ?? "") to \(labels.last?.prefix(24) ?? "")",
            points: points, hasLine: isContinuous)
    }
}
