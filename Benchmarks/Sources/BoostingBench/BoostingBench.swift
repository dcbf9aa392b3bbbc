import Foundation
import Learning
import Shared
import Tabular

/// Trains gradient boosting on a table of floats and prints one line of JSON: seconds and CPU seconds of training, binning included,
/// and of predicting the test table as a whole and row by row.
///
/// Usage: boosting-bench TRAIN TEST PREDICTIONS THREADS [ROUNDS]. A table file holds rows, features and classes as UInt32, then the
/// levels of each feature (0 for a number), the labels and the features one after the other as Float32, little-endian. The
/// probabilities are written as Float64: of class 1 for two classes, of each class row by row for more. Categories go through the
/// pipeline of features that every training has, in the time of training, since the learner alone tells 254 levels apart.
@main struct BoostingBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 5, let threads = Int(arguments[4]) else {
            print("usage: boosting-bench TRAIN TEST PREDICTIONS THREADS [ROUNDS]")
            exit(64)
        }
        let train = try Table(path: arguments[1])
        let test = try Table(path: arguments[2])
        var settings = BoostingSettings()
        settings.iterations = arguments.count > 5 ? Int(arguments[5]) ?? 100 : 100
        settings.leaves = 31
        settings.learningRate = 0.1
        settings.minimumRows = 20
        settings.l2 = 0
        let context = FitContext(seed: 1, threads: threads)
        let rows = Array(0..<Int32(train.target.rows))

        let fit = Stopwatch()
        let (pipeline, matrix) = train.encode(rows, threads: threads)
        let model = try BoostingLearner(settings).fit(
            matrix, target: train.target, rows: rows, weights: nil, context: context)
        let (fitSeconds, fitCPU) = fit.elapsed

        let tested = test.encode(by: pipeline)
        let batch = Stopwatch()
        let predicted = model.predict(tested, threads: threads)
        let (batchSeconds, batchCPU) = batch.elapsed
        let shares =
            train.target.outputs == 2 ? stride(from: 1, to: predicted.count, by: 2).map { predicted[$0] } : predicted
        try shares.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: arguments[3]))

        let singles = min(2_000, tested.rows)
        let single = Stopwatch()
        var sum = 0.0
        for row in 0..<Int32(singles) { sum += model.predict(tested, rows: [row])[1] }
        let singleSeconds = single.elapsed.wall / Double(max(1, singles))
        print(
            """
            {"seconds": \(fitSeconds), "cpu": \(fitCPU), "predict_seconds": \(batchSeconds), "predict_cpu": \(batchCPU), \
            "single_seconds": \(singleSeconds), "single_sum": \(sum)}
            """)
    }
}

/// Wall time and the CPU time of the process since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now
    private let startCPU = Stopwatch.cpu()

    var elapsed: (wall: Double, cpu: Double) {
        let duration = ContinuousClock.now - start
        let wall = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        return (wall, Stopwatch.cpu() - startCPU)
    }

    private static func cpu() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    }
}

/// A task read from a file.
struct Table {
    enum Features {
        case numbers(FeatureMatrix)
        case mixed(PreparedTable, [RawFeature])
    }

    let features: Features
    let target: Target

    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        func counts(_ offset: Int, _ count: Int) -> [Int] {
            data[offset..<offset + count * 4].withUnsafeBytes { $0.bindMemory(to: UInt32.self).map(Int.init) }
        }
        let sizes = counts(0, 3)
        let (rows, width, classes) = (sizes[0], sizes[1], sizes[2])
        let levels = counts(12, width)
        func column(_ index: Int) -> [Float] {
            let start = 12 + width * 4 + index * rows * 4
            return data[start..<start + rows * 4].withUnsafeBytes { [Float]($0.bindMemory(to: Float.self)) }
        }
        target = .classes(column(0).map { Int32($0) }, count: classes)
        guard levels.contains(where: { $0 > 0 }) else {
            features = .numbers(
                FeatureMatrix(
                    rows: rows,
                    features: (0..<width).map { .init(name: "f\($0)", values: .numeric(column($0 + 1))) }))
            return
        }
        let columns = (0..<width).map { index in
            let values = column(index + 1)
            let (type, cells): (ColumnType, ChunkValues) =
                levels[index] == 0
                ? (.decimal, .doubles(values.map(Double.init)))
                : (.text, .texts(TextArray(values.map { "level\(Int($0))" })))
            let chunk = ColumnChunk(type: type, values: cells, nulls: nil)
            return TableColumn(name: "f\(index)", type: type, chunks: [chunk])
        }
        let raw = columns.map { RawFeature($0) }
        features = .mixed(try PreparedTable(DataTable(columns: columns), features: raw), raw)
    }

    /// What the learner sees of rows to train on, and how others become the same.
    func encode(_ rows: [Int32], threads: Int) -> (FittedPipeline?, FeatureMatrix) {
        switch features {
        case .numbers(let matrix): return (nil, matrix)
        case .mixed(let table, let raw):
            var pipeline = FeaturePipeline(features: raw)
            pipeline.threads = threads
            return pipeline.fitTransform(table, target: target, rows: rows, seed: 1)
        }
    }

    func encode(by pipeline: FittedPipeline?) -> FeatureMatrix {
        switch features {
        case .numbers(let matrix): matrix
        case .mixed(let table, _): pipeline?.transform(table) ?? FeatureMatrix(rows: 0, features: [])
        }
    }
}
