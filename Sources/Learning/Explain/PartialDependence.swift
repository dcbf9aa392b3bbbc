import Foundation
import Shared
import Tabular

/// The model's mean answer when one feature has a given value in every row, all else being as it is.
///
/// Source: Friedman, "Greedy function approximation: a gradient boosting machine", 2001, section 8.2.
struct PartialDependence: Sendable {
    let artifact: ModelArtifact
    let deadline: ContinuousClock.Instant

    private static let mostRows = 100
    private static let mostPoints = 12
    private static let mostFeatures = 20
    /// Classes whose means are kept; with more the table is of no use to anybody.
    private static let mostOutputs = 30

    /// A column in which all rows have one value, and that value for people.
    private struct Point {
        let column: PreparedTable.Column
        let value: JSONValue
    }

    /// - Parameters:
    ///   - table: rows to take a sample from.
    ///   - order: raw features, the one that matters most first.
    /// - Returns: features that vary, as many as the time sufficed for.
    func reply(_ table: PreparedTable, order: [Int]) -> [ExplainReply.PartialDependence] {
        let width = max(1, artifact.model.outputs)
        let count = min(Self.mostRows, table.rows)
        guard count > 0, width <= Self.mostOutputs else { return [] }
        let sample = table.selecting((0..<count).map { Int32($0 * table.rows / count) })
        let predictor = Predictor(artifact)
        var replies: [ExplainReply.PartialDependence] = []
        for feature in order.prefix(Self.mostFeatures) {
            let points = points(table.columns[feature], rows: count)
            guard points.count > 1 else { continue }
            var found: [ExplainReply.PartialDependence.Point] = []
            for point in points {
                if ContinuousClock.now >= deadline { return replies }
                let outputs = predictor.outputs(sample.replacing(feature, by: point.column))
                let means = (0..<width).map { output in
                    stride(from: output, to: outputs.count, by: width).reduce(0) { $0 + outputs[$1] } / Double(count)
                }
                guard means.allSatisfy(\.isFinite) else { continue }
                found.append(.init(value: point.value, means: means))
            }
            replies.append(
                .init(feature: artifact.pipeline.features[feature].name, rows: count, points: found))
        }
        return replies
    }

    private func points(_ column: PreparedTable.Column, rows: Int) -> [Point] {
        switch column {
        case .numbers(let values):
            return Self.grid(values.map(Double.init)).map { value in
                Point(column: .numbers(Array(repeating: Float(value), count: rows)), value: .number(value))
            }
        case .instants(let values):
            return Self.grid(values).map { value in
                Point(
                    column: .instants(Array(repeating: value, count: rows)),
                    value: .string(WireTime.text(Date(timeIntervalSince1970: value))))
            }
        case .labels(let codes):
            var counts = [Int](repeating: 0, count: codes.labels.count)
            for code in codes.codes where code >= 0 { counts[Int(code)] += 1 }
            let labels = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
            // Texts that hardly ever repeat are not values of one another's rows.
            guard labels.count <= Self.mostPoints || counts[labels[0]] * 20 >= codes.codes.count else { return [] }
            return labels.prefix(Self.mostPoints).map { label in
                let constant = CategoryCodes(codes: Array(repeating: Int32(label), count: rows), labels: codes.labels)
                return Point(column: .labels(constant), value: .string(codes.labels[label]))
            }
        }
    }

    /// All values where there are few, else those at equal steps of rank; ascending, without repeats.
    private static func grid(_ values: [Double]) -> [Double] {
        let sorted = values.filter { !$0.isNaN }.sorted()
        guard !sorted.isEmpty else { return [] }
        var distinct: [Double] = []
        for value in sorted where value != distinct.last {
            distinct.append(value)
            if distinct.count > mostPoints { break }
        }
        if distinct.count <= mostPoints { return distinct }
        var grid: [Double] = []
        for step in 0..<mostPoints {
            let value = sorted[(sorted.count - 1) * step / (mostPoints - 1)]
            if value != grid.last { grid.append(value) }
        }
        return grid
    }
}
