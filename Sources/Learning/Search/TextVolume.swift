import Shared
import Tabular

/// How much free text is learnt from, by a sample of rows: what it will cost is planned with it.
package struct TextVolume: Sendable, Equatable {
    /// Features of free text.
    package var columns = 0
    /// Bytes of their texts in a row.
    package var bytesPerRow = 0.0
    /// Bytes of their terms in a row, as they are kept for the next fold.
    package var termBytesPerRow = 0.0

    /// Columns of the matrix that a free text has at most beside its length.
    static let columnsEach = TextTerms.mostTerms + TextTopics.mostTopics

    private static let sampledRows = 1_000

    package init() {}

    /// - Parameter rows: the rows that are learnt from.
    init(_ table: DataTable, features: [RawFeature], rows: [Int32]) {
        let count = min(Self.sampledRows, rows.count)
        let names = features.filter { $0.type == .text }.map(\.name)
        for column in table.columns(named: names).compactMap(\.self) {
            var texts: [String] = []
            for index in 0..<count {
                if case .string(let text) = column.json(Int(rows[index * rows.count / count])) { texts.append(text) }
            }
            var seen = Set<String>()
            guard FeaturePipeline.isFreeText(texts.filter { seen.insert($0).inserted }) else { continue }
            columns += 1
            bytesPerRow += texts.reduce(0) { $0 + Double($1.utf8.count) } / Double(count)
            termBytesPerRow += texts.reduce(0) { $0 + Self.termBytes($1.utf8.count) } / Double(count)
        }
    }

    /// As measured: nearly every character begins n-grams up to where these end; later words are fewer and mostly known.
    private static func termBytes(_ length: Int) -> Double {
        64 + 9 * Double(min(length, 1_500)) + 0.5 * Double(max(0, length - 1_500))
    }
}

extension TrainingPlan {
    /// Columns of the matrix that the features may become, as far as memory and time are planned by it.
    var matrixColumns: Int { max(1, features.count) + texts.columns * TextVolume.columnsEach }

    /// The pipeline of its features within its memory, threads and time.
    var pipeline: FeaturePipeline {
        var pipeline = FeaturePipeline(features: features, monotone: options.monotone)
        // A second's worth for ten seconds and more: it is fitted in each fold.
        pipeline.topicEntries = Int(max(1, min(10, options.budgetSeconds)) * 50_000)
        pipeline.keptTerms = Int(TrainingMemory.keptTermBytes(self)) / 4 / max(1, texts.columns)
        pipeline.threads = options.threads
        return pipeline
    }
}
