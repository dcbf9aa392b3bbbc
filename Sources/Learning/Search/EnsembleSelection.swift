/// Greedy choice of the trials whose mean predicts best.
///
/// Source: Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble selection from libraries of models", ICML 2004, with replacement and
/// started from the best single model.
struct EnsembleSelection {
    /// Index of a candidate and its share.
    struct Choice: Equatable {
        var candidate: Int
        var weight: Double
    }

    private static let rounds = 25

    var metric: Metric
    /// Targets of the scored rows of each fold.
    var folds: [Target]

    /// Mean of the metric over the folds on which it is defined.
    ///
    /// - Parameter predictions: of the folds' rows, one fold after the other, row-major.
    func foldScores(_ predictions: [Double]) -> [Double] {
        var scores: [Double] = []
        var start = 0
        for fold in folds {
            let end = start + fold.rows * fold.outputs
            guard end <= predictions.count else { break }
            let score = metric.score(fold, predictions: Array(predictions[start..<end]))
            if score.isFinite { scores.append(score) }
            start = end
        }
        return scores
    }

    func loss(_ predictions: [Double]) -> Double {
        let scores = foldScores(predictions)
        return scores.isEmpty ? .infinity : metric.loss(scores.reduce(0, +) / Double(scores.count))
    }

    /// Adds the candidate that helps most until none does.
    ///
    /// - Parameter candidates: out-of-fold predictions; the first is the best one.
    /// - Complexity: O(rounds x candidates x rows)
    func choose(_ candidates: [[Double]], mustStop: () -> Bool) -> [Choice] {
        guard candidates.count > 1, let first = candidates.first else { return [Choice(candidate: 0, weight: 1)] }
        var sum = first
        var counts = [Int](repeating: 0, count: candidates.count)
        counts[0] = 1
        var best = loss(first)
        var bestCounts = counts
        for round in 2...Self.rounds {
            var chosen: (loss: Double, candidate: Int)?
            for (index, candidate) in candidates.enumerated() {
                if mustStop() { return Self.choices(bestCounts) }
                let scale = 1 / Double(round)
                let mean = zip(sum, candidate).map { ($0 + $1) * scale }
                let loss = loss(mean)
                if loss < chosen?.loss ?? .infinity { chosen = (loss, index) }
            }
            guard let chosen else { break }
            counts[chosen.candidate] += 1
            for index in sum.indices { sum[index] += candidates[chosen.candidate][index] }
            // One round may lose a little and the next win it back; three lost rounds end it.
            if chosen.loss < best {
                best = chosen.loss
                bestCounts = counts
            } else if counts.reduce(0, +) >= bestCounts.reduce(0, +) + 3 {
                break
            }
        }
        return Self.choices(bestCounts)
    }

    private static func choices(_ counts: [Int]) -> [Choice] {
        let total = Double(counts.reduce(0, +))
        return counts.enumerated().filter { $0.element > 0 }
            .map { Choice(candidate: $0.offset, weight: Double($0.element) / total) }
    }

    static func mean(_ candidates: [[Double]], _ choices: [Choice]) -> [Double] {
        var sum = [Double](repeating: 0, count: candidates.first?.count ?? 0)
        for choice in choices {
            for index in sum.indices { sum[index] += choice.weight * candidates[choice.candidate][index] }
        }
        return sum
    }
}
