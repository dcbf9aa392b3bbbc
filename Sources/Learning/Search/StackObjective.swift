import Foundation

/// Mean loss of a linear stack over rows, with its gradient. Parameters are the weights, then the intercepts.
///
/// Squared error for numbers, logistic or softmax loss for classes; the ridge draws towards the mean of the models.
struct StackObjective {
    /// Scores of the models, each row-major `rows x scores`.
    private let parts: [[Double]]
    /// One value a row.
    private let target: Target
    private let ridge: Double
    private let scores: Int

    /// - Parameters:
    ///   - target: numbers in the unit of the parts.
    ///   - ridge: strength against the mean loss.
    init(parts: [[Double]], target: Target, ridge: Double) {
        (self.parts, self.target, self.ridge) = (parts, target, ridge)
        scores = LinearStack.scores(outputs: target.outputs)
    }

    var start: [Double] {
        let mean = LinearStack.mean(models: parts.count, outputs: target.outputs)
        return mean.weights + mean.intercepts
    }

    /// Which parameters are weights, which are 0 or more.
    var isWeight: [Bool] { (0..<parts.count + scores).map { $0 < parts.count } }

    func evaluate(_ parameters: [Double], gradient: inout [Double]) -> Double {
        let rows = target.rows
        let count = Double(max(1, rows))
        var errors: [Double] = []
        errors.reserveCapacity(rows * scores)
        for _ in 0..<rows { errors += parameters[parts.count...] }
        for (place, part) in parts.enumerated() where parameters[place] != 0 {
            let weight = parameters[place]
            for index in errors.indices { errors[index] += weight * part[index] }
        }
        var value = residuals(&errors) / count
        for index in gradient.indices { gradient[index] = 0 }
        for (place, part) in parts.enumerated() {
            var sum = 0.0
            for index in errors.indices { sum += errors[index] * part[index] }
            gradient[place] = sum / count
        }
        for index in errors.indices { gradient[parts.count + index % scores] += errors[index] / count }
        for (index, rest) in start.enumerated() {
            let distance = parameters[index] - rest
            value += 0.5 * ridge * distance * distance
            gradient[index] += ridge * distance
        }
        return value
    }

    /// Turns scores into residuals in place; returns the sum of the losses.
    private func residuals(_ raw: inout [Double]) -> Double {
        var loss = 0.0
        switch target {
        case .regression(let values):
            for (row, value) in values.enumerated() {
                raw[row] -= value
                loss += 0.5 * raw[row] * raw[row]
            }
        case .classes(let codes, count: 2):
            for (row, code) in codes.enumerated() {
                let score = raw[row]
                loss += LinkFunctions.softplus(code == 1 ? -score : score)
                raw[row] = LinkFunctions.sigmoid(score) - Double(code)
            }
        case .classes(let codes, _):
            for (row, code) in codes.enumerated() {
                LinkFunctions.softmax(&raw, offset: row * scores, classes: scores)
                let place = row * scores + Int(code)
                loss -= log(max(raw[place], 1e-300))
                raw[place] -= 1
            }
        }
        return loss
    }
}
