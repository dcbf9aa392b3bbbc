/// Minimises a smooth convex function plus an L1 penalty, with some parameters kept at 0 or above.
///
/// Source: L-BFGS two-loop recursion, Nocedal 1980; orthant-wise treatment of L1, Andrew and Gao, "Scalable training of
/// L1-regularized log-linear models", ICML 2007; steps along the bounds, Bertsekas, "Projected Newton methods for optimization
/// problems with simple constraints", 1982.
struct QuasiNewton {
    var memory = 10
    var iterations = 200
    /// Stops when no element of the gradient is larger.
    var gradientTolerance = 1e-5
    /// Stops when an iteration lowers the value by less than this share.
    var valueTolerance = 1e-9
    /// L1 strength of each parameter; empty for none.
    var absolutePenalty: [Double] = []
    /// Which parameters stay at 0 or above, as they are at the start; empty for none.
    var nonNegative: [Bool] = []

    /// - Parameter evaluate: value at a point; writes the gradient of the smooth part.
    /// - Returns: the best point found; the one reached so far when `mustStop` turns true.
    func minimise(
        from start: [Double], evaluate: ([Double], inout [Double]) -> Double, mustStop: () -> Bool
    ) -> [Double] {
        var point = start
        var gradient = Array(repeating: 0.0, count: start.count)
        var value = evaluate(point, &gradient) + penalty(point)
        var history = CurvatureHistory(capacity: memory)
        for iteration in 0..<iterations {
            if mustStop() { break }
            let slope = pseudoGradient(point, gradient)
            if slope.allSatisfy({ abs($0) <= gradientTolerance }) { break }
            var direction = history.direction(slope)
            if !absolutePenalty.isEmpty {
                for index in direction.indices where direction[index] * slope[index] >= 0 { direction[index] = 0 }
            }
            for index in direction.indices where isBound(point, index) && direction[index] * slope[index] >= 0 {
                direction[index] = 0
            }
            let descent = dot(direction, slope)
            guard descent < 0 else {
                if history.isEmpty { break }
                history = CurvatureHistory(capacity: memory)
                continue
            }
            var step = iteration == 0 || history.isEmpty ? 1 / max(1, dot(slope, slope).squareRoot()) : 1
            var accepted = false
            for _ in 0..<30 {
                let candidate = moved(point, direction, step, slope)
                var newGradient = gradient
                let newValue = evaluate(candidate, &newGradient) + penalty(candidate)
                let expected = nonNegative.isEmpty ? step * descent : change(slope, from: point, to: candidate)
                if newValue.isFinite, newValue <= value + 1e-4 * expected {
                    history.add(from: point, to: candidate, gradient, newGradient)
                    let gain = value - newValue
                    point = candidate
                    gradient = newGradient
                    value = newValue
                    accepted = gain > valueTolerance * max(1e-12, abs(newValue))
                    break
                }
                step *= 0.5
            }
            if !accepted { break }
        }
        return point
    }

    private func penalty(_ point: [Double]) -> Double {
        var sum = 0.0
        for index in absolutePenalty.indices { sum += absolutePenalty[index] * abs(point[index]) }
        return sum
    }

    /// Whether a parameter lies on its bound.
    private func isBound(_ point: [Double], _ index: Int) -> Bool {
        !nonNegative.isEmpty && nonNegative[index] && point[index] <= 0
    }

    /// What a slope makes of a step, which bounds may have shortened.
    private func change(_ slope: [Double], from point: [Double], to candidate: [Double]) -> Double {
        var sum = 0.0
        for index in slope.indices { sum += slope[index] * (candidate[index] - point[index]) }
        return sum
    }

    /// The gradient with the side of the L1 penalty that descends; 0 where neither does, and where it would cross a bound.
    private func pseudoGradient(_ point: [Double], _ gradient: [Double]) -> [Double] {
        var result = gradient
        for index in result.indices where isBound(point, index) && gradient[index] > 0 { result[index] = 0 }
        guard !absolutePenalty.isEmpty else { return result }
        for index in result.indices where absolutePenalty[index] > 0 {
            let strength = absolutePenalty[index]
            if point[index] > 0 {
                result[index] += strength
            } else if point[index] < 0 {
                result[index] -= strength
            } else if gradient[index] + strength < 0 {
                result[index] += strength
            } else if gradient[index] - strength > 0 {
                result[index] -= strength
            } else {
                result[index] = 0
            }
        }
        return result
    }

    /// The step, held in the orthant of the point and above the bounds.
    private func moved(_ point: [Double], _ direction: [Double], _ step: Double, _ slope: [Double]) -> [Double] {
        var result = point
        for index in result.indices {
            var value = point[index] + step * direction[index]
            if !nonNegative.isEmpty, nonNegative[index] { value = max(0, value) }
            guard !absolutePenalty.isEmpty, absolutePenalty[index] > 0 else {
                result[index] = value
                continue
            }
            let side = point[index] != 0 ? point[index] : -slope[index]
            result[index] = value * side > 0 ? value : 0
        }
        return result
    }
}

/// The last steps and changes of gradient, from which L-BFGS takes the curvature.
private struct CurvatureHistory {
    var capacity: Int
    private var steps: [[Double]] = []
    private var changes: [[Double]] = []

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { steps.isEmpty }

    mutating func add(from old: [Double], to new: [Double], _ oldGradient: [Double], _ newGradient: [Double]) {
        let step = zip(new, old).map { $0 - $1 }
        let change = zip(newGradient, oldGradient).map { $0 - $1 }
        guard dot(step, change) > 1e-12 * dot(change, change) else { return }
        if steps.count == capacity {
            steps.removeFirst()
            changes.removeFirst()
        }
        steps.append(step)
        changes.append(change)
    }

    /// Minus the inverse curvature times the slope.
    func direction(_ slope: [Double]) -> [Double] {
        var result = slope.map { -$0 }
        guard let lastStep = steps.last, let lastChange = changes.last else { return result }
        var factors = Array(repeating: 0.0, count: steps.count)
        for index in steps.indices.reversed() {
            factors[index] = dot(steps[index], result) / dot(steps[index], changes[index])
            for element in result.indices { result[element] -= factors[index] * changes[index][element] }
        }
        let scale = dot(lastStep, lastChange) / dot(lastChange, lastChange)
        for element in result.indices { result[element] *= scale }
        for index in steps.indices {
            let factor = factors[index] - dot(changes[index], result) / dot(steps[index], changes[index])
            for element in result.indices { result[element] += factor * steps[index][element] }
        }
        return result
    }
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for index in left.indices { sum += left[index] * right[index] }
    return sum
}
