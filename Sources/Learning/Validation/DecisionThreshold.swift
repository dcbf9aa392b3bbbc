/// From which probability the second of two classes is answered.
enum DecisionThreshold {
    /// 0.5, unless the metric rests on decided labels: then the threshold that is best for it, on out-of-fold rows.
    static func best(_ codes: [Int32], probabilities: [Double], metric: Metric) -> Double {
        // Accuracy's best threshold is 0.5 for calibrated probabilities; precision and recall alone would drive it to an end.
        guard metric == .f1 || metric == .balancedAccuracy, codes.count >= 50 else { return 0.5 }
        let target = Target.classes(codes, count: 2)
        var best = (threshold: 0.5, score: metric.score(target, predictions: probabilities))
        for step in 1..<100 {
            let threshold = Double(step) / 100
            let score = metric.score(target, predictions: probabilities, threshold: threshold)
            if score > best.score + 1e-9 { best = (threshold, score) }
        }
        return best.threshold
    }
}
