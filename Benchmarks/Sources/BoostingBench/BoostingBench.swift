import Foundation
import Learning

/// Trains gradient boosting on a table of floats and prints one line of JSON: seconds and CPU seconds of training, binning included,
/// and of predicting the test table as a whole and row by row.
///
/// Usage: boosting-bench TRAIN TEST PREDICTIONS THREADS [ROUNDS]. A table file holds rows, features and classes as UInt32, then the
/// levels of each feature (0 for a number), the labels and the features one after the other as Float32, little-endian. The
/// probabilities are written as Float64: of class 1 for two classes, of each class row by row for more.
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
        let rows = (0..<Int32(train.matrix.rows)).map { $0 }

        let fit = Stopwatch()
        let model = try BoostingLearner(settings).fit(
            train.matrix, target: train.target, rows: rows, weights: nil, context: context)
        let (fitSeconds, fitCPU) = fit.elapsed

        let batch = Stopwatch()
        let predicted = model.predict(test.matrix, threads: threads)
        let (batchSeconds, batchCPU) = batch.elapsed
        let shares =
            train.target.outputs == 2 ? stride(from: 1, to: predicted.count, by: 2).map { predicted[$0] } : predicted
        try shares.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: arguments[3]))

        let singles = min(2_000, test.matrix.rows)
        let single = Stopwatch()
        var sum = 0.0
        for row in 0..<Int32(singles) { sum += model.predict(test.matrix, rows: [row])[1] }
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
    let matrix: FeatureMatrix
    let target: Target

    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        func counts(_ offset: Int, _ count: Int) -> [Int] {
            data[offset..<offset + count * 4].withUnsafeBytes { $0.bindMemory(to: UInt32.self).map(Int.init) }
        }
        let sizes = counts(0, 3)
        let (rows, features, classes) = (sizes[0], sizes[1], sizes[2])
        let levels = counts(12, features)
        func column(_ index: Int) -> [Float] {
            let start = 12 + features * 4 + index * rows * 4
            return data[start..<start + rows * 4].withUnsafeBytes { [Float]($0.bindMemory(to: Float.self)) }
        }
        target = .classes(column(0).map { Int32($0) }, count: classes)
        matrix = FeatureMatrix(
            rows: rows,
            features: (0..<features).map { index in
                let values = column(index + 1)
                return .init(
                    name: "f\(index)",
                    values: levels[index] == 0
                        ? .numeric(values) : .categorical(values.map { Int32($0) }, cardinality: levels[index]))
            })
    }
}
