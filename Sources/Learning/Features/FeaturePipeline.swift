import Shared
import Tabular

/// Learns from training rows how raw columns become the matrix that learners see.
package struct FeaturePipeline: Sendable {
    package var features: [RawFeature]
    /// Numbers and booleans that predictions must follow one way: their column of the matrix says so to the learners.
    package var monotone: [String: MonotoneDirection]
    /// Terms of texts that the topics of a feature are learnt from at most; see `TextTopics`.
    var topicEntries = 500_000
    /// Terms of texts that are kept at most for the next fold, 4 bytes each.
    var keptTerms = 32 << 20
    /// Seconds that the topics of all fits took, which do not grow with the rows once these are sampled.
    let topicSeconds = Locked(0.0)
    /// Features are learnt and encoded next to each other, and terms looked for.
    package var threads = 1

    package init(features: [RawFeature], monotone: [String: MonotoneDirection] = [:]) {
        self.features = features
        self.monotone = monotone
    }

    /// Learns the encoders from some rows of a table.
    ///
    /// - Parameters:
    ///   - target: one value a row of the table.
    ///   - rows: the training rows; no other row has any influence.
    ///   - seed: for what is drawn.
    package func fit(_ table: PreparedTable, target: Target, rows: [Int32], seed: UInt64 = 0) -> FittedPipeline {
        let encoders = Lanes.map(features.count, lanes: threads) { index -> FeatureEncoder in
            switch table.columns[index] {
            case .numbers: .number
            case .instants: .calendar(hasTime: features[index].type == .timestamp)
            case .labels(let codes):
                encoder(
                    codes, terms: table.terms[index] ?? TermLines(), target: target, rows: rows,
                    seed: seed &+ UInt64(index))
            }
        }
        return FittedPipeline(features: features, encoders: encoders)
    }

    private func encoder(
        _ codes: CategoryCodes, terms: TermLines, target: Target, rows: [Int32], seed: UInt64
    ) -> FeatureEncoder {
        var counts = [Int](repeating: 0, count: codes.labels.count)
        for row in rows where codes.codes[Int(row)] >= 0 { counts[Int(codes.codes[Int(row)])] += 1 }
        let present = codes.labels.indices.filter { counts[$0] > 0 }
        if Self.isFreeText(present.map { codes.labels[$0] }) {
            terms.prepare(codes, mostEntries: keptTerms, threads: threads)
            return .text(
                TextTerms(
                    codes, source: terms.source(codes), target: target, rows: rows, mostEntries: topicEntries,
                    seed: seed, topicSeconds: topicSeconds))
        }
        // Commonest first, equals by name, so that the codes do not depend on the order of rows.
        let labels = present.sorted { (counts[$1], codes.labels[$0]) < (counts[$0], codes.labels[$1]) }
            .prefix(FeatureEncoder.mostCodes).map { codes.labels[$0] }
        let index = LabelIndex(labels)
        guard present.count >= FeatureEncoder.statisticsFrom else { return .category(labels: index) }
        return .manyCategories(labels: index, statistics: TargetStatistics(codes, target: target, rows: rows))
    }

    /// Whether texts that occur are to be taken apart.
    static func isFreeText(_ labels: [String]) -> Bool {
        labels.count > FeatureEncoder.mostCodes / 2 && TextTerms.looksLikeFreeText(labels)
    }

    /// Learns the encoders and makes the matrix of all rows of the table, in which target statistics of the training rows are out of
    /// fold.
    package func fitTransform(
        _ table: PreparedTable, target: Target, rows: [Int32], seed: UInt64
    ) -> (FittedPipeline, FeatureMatrix) {
        let fitted = fit(table, target: target, rows: rows, seed: seed)
        let columns = Lanes.map(features.count, lanes: threads) { index -> [FeatureMatrix.Values] in
            let encoder = fitted.encoders[index]
            var values = encoder.encode(table.columns[index], terms: table.terms[index])
            if case .manyCategories = encoder, case .labels(let codes) = table.columns[index] {
                var statistics = Array(values[1...])
                TargetStatistics.encodeOutOfFold(
                    codes, target: target, rows: rows, into: &statistics, seed: seed &+ UInt64(index))
                values = [values[0]] + statistics
            }
            return values
        }
        var matrix = fitted.matrix(columns, rows: table.rows)
        for (column, source) in fitted.sources.enumerated() where fitted.encoders[source] == .number {
            matrix.features[column].monotone = monotone[features[source].name]
        }
        return (fitted, matrix)
    }
}

/// A feature pipeline that has learnt its encoders: from here on a pure function of rows.
package struct FittedPipeline: Sendable, Equatable {
    package let features: [RawFeature]
    let encoders: [FeatureEncoder]
    /// Index of the raw feature that each column of the matrix was made from.
    package let sources: [Int]
    /// Names of the matrix's columns.
    package let columnNames: [String]

    init(features: [RawFeature], encoders: [FeatureEncoder]) {
        self.features = features
        self.encoders = encoders
        let names = zip(features, encoders).map { $1.columnNames(of: $0.name) }
        columnNames = names.flatMap(\.self)
        sources = names.enumerated().flatMap { index, names in names.map { _ in index } }
    }

    /// The matrix of all rows of a table.
    ///
    /// - Throws: `.missingFeature`.
    package func transform(_ table: DataTable) throws(LearningError) -> FeatureMatrix {
        transform(try PreparedTable(table, features: features))
    }

    package func transform(_ table: PreparedTable) -> FeatureMatrix {
        matrix(
            encoders.indices.map { encoders[$0].encode(table.columns[$0], terms: table.terms[$0]) }, rows: table.rows)
    }

    func matrix(_ columns: [[FeatureMatrix.Values]], rows: Int) -> FeatureMatrix {
        let values = columns.flatMap(\.self)
        return FeatureMatrix(
            rows: rows, features: zip(columnNames, values).map { FeatureMatrix.Feature(name: $0, values: $1) })
    }

    /// Sums numbers that belong to the matrix's columns by raw feature.
    package func byRawFeature(_ values: some Sequence<Double>) -> [Double] {
        var sums = [Double](repeating: 0, count: features.count)
        for (source, value) in zip(sources, values) { sums[source] += value }
        return sums
    }
}
