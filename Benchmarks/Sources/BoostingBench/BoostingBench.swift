import Foundation
import Learning

/// Trains gradient boosting on a table of floats and prints one line of JSON: seconds and CPU seconds of training, binning included,
/// and of predicting the test table as a whole and row by row.
///
/// Usage: boosting-bench TRAIN TEST PREDICTIONS THREADS [ROUNDS]. A table file holds rows and features as UInt32, then the labels
/// (0 or 1) and the features one after the other as Float32, little-endian. The probabilities of 1 are written as Float64.
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
        let positive = stride(from: 1, to: predicted.count, by: 2).map { predicted[$0] }
        try positive.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: arguments[3]))

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

/// A binary task read from a file.
struct Table {
    let matrix: FeatureMatrix
    let target: Target

    init(path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        let sizes = data.prefix(8).withUnsafeBytes { [UInt32]($0.bindMemory(to: UInt32.self)) }
        let (rows, features) = (Int(sizes[0]), Int(sizes[1]))
        func column(_ index: Int) -> [Float] {
            let start = 8 + index * rows * 4
            return data[start..<start + rows * 4].withUnsafeBytes { [Float]($0.bindMemory(to: Float.self)) }
        }
        target = .classes(column(0).map { Int32($0) }, count: 2)
        matrix = FeatureMatrix(
            rows: rows,
            features: (0..<features).map { .init(name: "f\($0)", values: .numeric(column($0 + 1))) })
    }
}
