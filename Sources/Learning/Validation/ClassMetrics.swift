import Foundation

/// Scores of class probabilities.
package enum ClassMetrics {
    /// Probabilities are kept this far from 0 and 1 in logarithms, as scikit-learn does.
    private static let margin = 1e-15

    /// Mean negative logarithm of the true class's probability.
    package static func logLoss(_ codes: [Int32], classes: Int, probabilities: [Double]) -> Double {
        guard !codes.isEmpty, probabilities.count == codes.count * classes else { return .nan }
        var sum = 0.0
        for (row, code) in codes.enumerated() {
            sum -= log(min(1, max(margin, probabilities[row * classes + Int(code)])))
        }
        return sum / Double(codes.count)
    }

    /// Binary: mean squared error of the second class's probability; more classes: summed over the classes.
    package static func brier(_ codes: [Int32], classes: Int, probabilities: [Double]) -> Double {
        guard !codes.isEmpty, probabilities.count == codes.count * classes else { return .nan }
        var sum = 0.0
        for (row, code) in codes.enumerated() {
            for label in (classes == 2 ? 1 : 0)..<classes {
                let error = probabilities[row * classes + label] - (Int(code) == label ? 1 : 0)
                sum += error * error
            }
        }
        return sum / Double(codes.count)
    }

    /// Binary: of the second class; more classes: the mean of one against the rest over the classes that occur.
    ///
    /// - Complexity: O(classes x rows)
    package static func rocAUC(_ codes: [Int32], classes: Int, probabilities: [Double]) -> Double {
        guard probabilities.count == codes.count * classes else { return .nan }
        func one(_ label: Int) -> Double {
            let scores = codes.indices.map { probabilities[$0 * classes + label] }
            return RankedScores(scores) { Int(codes[$0]) == label }.areaUnderCurve
        }
        if classes == 2 { return one(1) }
        let all = (0..<classes).map(one).filter { !$0.isNaN }
        return all.isEmpty ? .nan : all.reduce(0, +) / Double(all.count)
    }

    /// The class that is answered: the likeliest, or for two classes the second from the threshold on.
    package static func decide(_ probabilities: ArraySlice<Double>, threshold: Double) -> Int {
        let start = probabilities.startIndex
        if probabilities.count == 2 { return probabilities[start + 1] >= threshold ? 1 : 0 }
        var best = start
        for index in probabilities.indices where probabilities[index] > probabilities[best] { best = index }
        return best - start
    }
}

/// How often each class was answered for each actual class.
package struct ConfusionCounts: Sendable, Equatable {
    /// `counts[actual][predicted]`
    package private(set) var counts: [[Int]]

    package init(_ codes: [Int32], classes: Int, probabilities: [Double], threshold: Double) {
        counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        guard probabilities.count == codes.count * classes else { return }
        for (row, code) in codes.enumerated() {
            let answer = ClassMetrics.decide(
                probabilities[row * classes..<(row + 1) * classes], threshold: threshold)
            counts[Int(code)][answer] += 1
        }
    }

    package func support(_ label: Int) -> Int { counts[label].reduce(0, +) }

    package func precision(_ label: Int) -> Double {
        let answered = counts.reduce(0) { $0 + $1[label] }
        return answered == 0 ? 0 : Double(counts[label][label]) / Double(answered)
    }

    package func recall(_ label: Int) -> Double {
        let support = support(label)
        return support == 0 ? 0 : Double(counts[label][label]) / Double(support)
    }

    package func f1(_ label: Int) -> Double {
        let sum = precision(label) + recall(label)
        return sum == 0 ? 0 : 2 * precision(label) * recall(label) / sum
    }

    /// Two classes: of the second; more: the mean over the classes that occur.
    func score(_ metric: Metric) -> Double {
        let labels = counts.indices.filter { support($0) > 0 }
        guard !labels.isEmpty else { return .nan }
        func mean(_ value: (Int) -> Double) -> Double { labels.map(value).reduce(0, +) / Double(labels.count) }
        switch metric {
        case .accuracy:
            return Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(labels.map(support).reduce(0, +))
        case .balancedAccuracy: return mean(recall)
        case .precision: return counts.count == 2 ? precision(1) : mean(precision)
        case .recall: return counts.count == 2 ? recall(1) : mean(recall)
        case .f1: return counts.count == 2 ? f1(1) : mean(f1)
        default: return .nan
        }
    }
}
