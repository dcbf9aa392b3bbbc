/// Out-of-fold predictions by row: the mean over the repetitions.
struct OutOfFoldRows: Sendable {
    /// Of the rows that were in a test fold.
    var target: Target
    /// Row-major, aligned with `target`.
    var predictions: [Double]

    /// - Parameter predictions: one fold after the other, row-major; empty when they were not kept.
    init(folds: SearchFolds, predictions: [Double]) {
        let width = folds.target.outputs
        let rows = folds.table.rows
        var sums = [Double](repeating: 0, count: rows * width)
        var counts = [Double](repeating: 0, count: rows)
        var place = 0
        for fold in folds.plan.folds {
            guard place + fold.test.count * width <= predictions.count else { break }
            for row in fold.test {
                counts[Int(row)] += 1
                for output in 0..<width { sums[Int(row) * width + output] += predictions[place + output] }
                place += width
            }
        }
        var kept: [Int32] = []
        var means: [Double] = []
        for row in 0..<rows where counts[row] > 0 {
            kept.append(Int32(row))
            for output in 0..<width { means.append(sums[row * width + output] / counts[row]) }
        }
        target = folds.target.selecting(kept)
        self.predictions = means
    }
}
