import Shared

/// How probabilities of one class part its rows from the others.
enum EvaluationCurves {
    /// Classes that curves are kept of, commonest first.
    private static let mostClasses = 10
    /// Steps that a curve of more points is thinned to.
    private static let steps = 100.0
    private static let calibrationBins = 10

    /// - Parameter probabilities: row-major, one a class.
    /// - Returns: the second of two classes, else the commonest ones; classes that all rows or no row have are left out.
    static func of(_ codes: [Int32], classes: [String], probabilities: [Double]) -> [EvaluationReply.ClassCurves] {
        guard !codes.isEmpty, probabilities.count == codes.count * classes.count else { return [] }
        var counts = [Int](repeating: 0, count: classes.count)
        for code in codes { counts[Int(code)] += 1 }
        let labels =
            classes.count == 2
            ? [1] : counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(mostClasses).sorted()
        return labels.filter { counts[$0] > 0 && counts[$0] < codes.count }.map { label in
            let scores = codes.indices.map { probabilities[$0 * classes.count + label] }
            return curves(classes[label], RankedScores(scores) { Int(codes[$0]) == label })
        }
    }

    /// Rows at one probability, from the highest on, and how many there were up to there.
    private struct Level {
        var threshold: Double
        var truePositives: Int
        var falsePositives: Int
    }

    private static func curves(_ label: String, _ ranked: RankedScores) -> EvaluationReply.ClassCurves {
        let levels = levels(ranked)
        let positives = Double(levels.last?.truePositives ?? 0)
        let negatives = Double(levels.last?.falsePositives ?? 0)
        var roc = [EvaluationReply.RocPoint(threshold: nil, falsePositiveRate: 0, truePositiveRate: 0)]
        var precisionRecall: [EvaluationReply.PrecisionRecallPoint] = []
        var averagePrecision = 0.0
        var recalled = 0.0
        for (place, level) in levels.enumerated() {
            let recall = Double(level.truePositives) / positives
            let fallout = Double(level.falsePositives) / negatives
            let precision = Double(level.truePositives) / Double(level.truePositives + level.falsePositives)
            averagePrecision += (recall - recalled) * precision
            recalled = recall
            let isKept = place == levels.count - 1 || levels.count <= Int(steps)
            let before = roc[roc.count - 1]
            if isKept || recall + fallout - before.truePositiveRate - before.falsePositiveRate >= 2 / steps {
                roc.append(
                    .init(threshold: level.threshold, falsePositiveRate: fallout, truePositiveRate: recall))
            }
            if isKept || recall - (precisionRecall.last?.recall ?? -1) >= 1 / steps {
                precisionRecall.append(.init(threshold: level.threshold, recall: recall, precision: precision))
            }
        }
        return EvaluationReply.ClassCurves(
            label: label, rocAuc: ranked.areaUnderCurve,
            averagePrecision: averagePrecision, roc: roc, precisionRecall: precisionRecall,
            calibration: calibration(ranked))
    }

    private static func levels(_ ranked: RankedScores) -> [Level] {
        var levels: [Level] = []
        var level = Level(threshold: 0, truePositives: 0, falsePositives: 0)
        for place in (0..<ranked.count).reversed() {
            if ranked.isPositive(place) { level.truePositives += 1 } else { level.falsePositives += 1 }
            level.threshold = ranked.score(place)
            if place > 0, ranked.score(place - 1) == level.threshold { continue }
            levels.append(level)
        }
        return levels
    }

    /// Bins of about equally many rows, lowest probability first; rows of one probability are in one bin.
    private static func calibration(_ ranked: RankedScores) -> [EvaluationReply.CalibrationBin] {
        let scores = (0..<ranked.count).map(ranked.score)
        return Stretches.of(Array(0..<ranked.count), by: scores, count: calibrationBins).map { places in
            EvaluationReply.CalibrationBin(
                predicted: scores[places.startIndex..<places.endIndex].reduce(0, +) / Double(places.count),
                observed: Double(places.count(where: ranked.isPositive)) / Double(places.count), rows: places.count)
        }
    }
}

/// Rows in stretches of about equal length by a value.
enum Stretches {
    /// - Parameter order: the rows, sorted by `values`.
    /// - Returns: at most `count` stretches; rows of one value are in one stretch.
    static func of(_ order: [Int], by values: [Double], count: Int) -> [ArraySlice<Int>] {
        var stretches: [ArraySlice<Int>] = []
        var start = 0
        while start < order.count {
            let left = count - stretches.count
            var end = left <= 1 ? order.count : start + max(1, (order.count - start) / left)
            while end < order.count, values[order[end]] == values[order[end - 1]] { end += 1 }
            stretches.append(order[start..<end])
            start = end
        }
        return stretches
    }
}
