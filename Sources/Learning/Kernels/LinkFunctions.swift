import Foundation

/// Links between raw scores and predictions, safe for any finite score.
enum LinkFunctions {
    /// Probability of log-odds.
    static func sigmoid(_ score: Double) -> Double {
        score >= 0 ? 1 / (1 + exp(-score)) : exp(score) / (1 + exp(score))
    }

    /// Log-odds of a probability, which counts as at least `least` and at most 1 less that.
    static func logit(_ share: Double, least: Double) -> Double {
        let bounded = min(1 - least, max(least, share))
        return log(bounded / (1 - bounded))
    }

    /// `log(1 + exp(x))`.
    static func softplus(_ score: Double) -> Double { max(score, 0) + log1p(exp(-abs(score))) }

    /// Turns `classes` scores starting at `offset` into probabilities in place.
    static func softmax(_ scores: inout [Double], offset: Int, classes: Int) {
        var highest = -Double.infinity
        for index in offset..<offset + classes { highest = max(highest, scores[index]) }
        var sum = 0.0
        for index in offset..<offset + classes {
            scores[index] = exp(scores[index] - highest)
            sum += scores[index]
        }
        for index in offset..<offset + classes { scores[index] /= sum }
    }
}
