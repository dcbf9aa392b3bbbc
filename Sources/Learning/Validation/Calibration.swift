import Foundation

/// Turns predicted probabilities into frequencies.
package enum Calibration: Sendable, Equatable {
    case none
    /// Two classes: the sigmoid of `slope x log-odds + intercept`. Source: Platt, "Probabilistic outputs for SVMs", 1999.
    case platt(slope: Double, intercept: Double)
    /// Two classes: a rising line through these points. Source: Zadrozny and Elkan, KDD 2002.
    case isotonic(from: [Double], to: [Double])
    /// More classes: logarithms divided by this. Source: Guo et al., ICML 2017.
    case temperature(Double)

    /// Fewest rows of a class for which two numbers are fitted, and rows for which a curve is.
    private static let leastOfClass = 50
    private static let leastForCurve = 4_000
    /// Probabilities that a calibration is fitted on, and the rows that are taken in any case: two numbers or a curve need no more, and the
    /// end of a budget does not wait.
    private static let mostProbabilities = 1_000_000
    private static let leastRows = 2_000

    /// Probabilities after calibration; row-major, `rows x classes`.
    package func apply(_ probabilities: [Double], classes: Int) -> [Double] {
        var result = probabilities
        switch self {
        case .none: return result
        case .platt(let slope, let intercept):
            for row in 0..<result.count / 2 {
                let odds = slope * Self.logit(probabilities[row * 2 + 1]) + intercept
                let share = 1 / (1 + exp(-odds))
                result[row * 2] = 1 - share
                result[row * 2 + 1] = share
            }
        case .isotonic(let from, let to):
            for row in 0..<result.count / 2 {
                let share = Self.interpolate(probabilities[row * 2 + 1], from, to)
                result[row * 2] = 1 - share
                result[row * 2 + 1] = share
            }
        case .temperature(let temperature):
            guard classes > 0 else { return result }
            for row in 0..<result.count / classes {
                var sum = 0.0
                for index in row * classes..<(row + 1) * classes {
                    result[index] = pow(max(Self.leastPower, probabilities[index]), 1 / temperature)
                    sum += result[index]
                }
                for index in row * classes..<(row + 1) * classes { result[index] /= sum }
            }
        }
        return result
    }

    /// The calibration that lowers the log-loss on rows it was not fitted on; none when none does by a thousandth.
    ///
    /// - Parameters:
    ///   - probabilities: out of fold, row-major.
    ///   - threads: that fits on different rows may use at once.
    package static func fit(
        _ codes: [Int32], classes: Int, probabilities: [Double], threads: Int = 1
    ) -> Calibration {
        var counts = [Int](repeating: 0, count: classes)
        for code in codes { counts[Int(code)] += 1 }
        guard counts.allSatisfy({ $0 >= leastOfClass }), probabilities.count == codes.count * classes else {
            return .none
        }
        let most = max(leastRows, mostProbabilities / max(1, classes))
        guard codes.count > most else { return best(codes, classes: classes, probabilities, threads: threads) }
        let rows = (0..<most).map { $0 * codes.count / most }
        return best(
            rows.map { codes[$0] }, classes: classes,
            rows.flatMap { probabilities[$0 * classes..<($0 + 1) * classes] }, threads: threads)
    }

    private static func best(
        _ codes: [Int32], classes: Int, _ probabilities: [Double], threads: Int
    ) -> Calibration {
        var kinds: [@Sendable ([Int32], [Double]) -> Calibration] = []
        if classes == 2 {
            kinds.append(fitPlatt)
            if codes.count >= leastForCurve { kinds.append(fitIsotonic) }
        } else {
            kinds.append { fitTemperature($0, classes: classes, probabilities: $1) }
        }
        var best = Calibration.none
        // A curve replaces a simpler form only if it is better by another thousandth.
        var bestLoss = ClassMetrics.logLoss(codes, classes: classes, probabilities: probabilities)
        for kind in kinds {
            let loss = crossFitted(kind, codes, classes: classes, probabilities: probabilities, threads: threads)
            if loss < bestLoss * 0.999 {
                bestLoss = loss
                best = kind(codes, probabilities)
            }
        }
        return best
    }

    private static func crossFitted(
        _ kind: @escaping @Sendable ([Int32], [Double]) -> Calibration, _ codes: [Int32], classes: Int,
        probabilities: [Double], threads: Int
    ) -> Double {
        let parts = 5
        let losses = Lanes.map(parts, lanes: threads) { part in
            var fitCodes: [Int32] = []
            var fitted: [Double] = []
            var testCodes: [Int32] = []
            var tested: [Double] = []
            for row in codes.indices {
                let line = probabilities[row * classes..<(row + 1) * classes]
                if row % parts == part {
                    testCodes.append(codes[row])
                    tested.append(contentsOf: line)
                } else {
                    fitCodes.append(codes[row])
                    fitted.append(contentsOf: line)
                }
            }
            let calibrated = kind(fitCodes, fitted).apply(tested, classes: classes)
            return Double(testCodes.count)
                * ClassMetrics.logLoss(testCodes, classes: classes, probabilities: calibrated)
        }
        return losses.reduce(0, +) / Double(codes.count)
    }

    /// Probabilities nearer to 0 or 1 count as this.
    static let leastShare = 1e-9
    /// The same where probabilities are raised to a power.
    private static let leastPower = 1e-15

    private static func logit(_ share: Double) -> Double { LinkFunctions.logit(share, least: leastShare) }

    /// Newton's method on the two numbers.
    private static func fitPlatt(_ codes: [Int32], _ probabilities: [Double]) -> Calibration {
        let odds = codes.indices.map { logit(probabilities[$0 * 2 + 1]) }
        var slope = 1.0
        var intercept = 0.0
        for _ in 0..<30 {
            var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-9, 0.0, 1e-9)
            for (row, code) in codes.enumerated() {
                let share = 1 / (1 + exp(-(slope * odds[row] + intercept)))
                let error = share - Double(code)
                let weight = share * (1 - share)
                g0 += error * odds[row]
                g1 += error
                h00 += weight * odds[row] * odds[row]
                h01 += weight * odds[row]
                h11 += weight
            }
            let determinant = h00 * h11 - h01 * h01
            guard determinant > 1e-12 else { break }
            let stepSlope = (h11 * g0 - h01 * g1) / determinant
            let stepIntercept = (h00 * g1 - h01 * g0) / determinant
            slope -= max(-1, min(1, stepSlope))
            intercept -= max(-1, min(1, stepIntercept))
            if abs(stepSlope) + abs(stepIntercept) < 1e-7 { break }
        }
        return slope > 0 && slope.isFinite && intercept.isFinite
            ? .platt(slope: slope, intercept: intercept) : .none
    }

    /// Pool adjacent violators, with each pool's mean score as its point.
    private static func fitIsotonic(_ codes: [Int32], _ probabilities: [Double]) -> Calibration {
        let order = codes.indices.sorted { probabilities[$0 * 2 + 1] < probabilities[$1 * 2 + 1] }
        var pools: [(scores: Double, hits: Double, rows: Double)] = []
        for row in order {
            pools.append((probabilities[row * 2 + 1], Double(codes[row]), 1))
            while pools.count > 1, let last = pools.last,
                pools[pools.count - 2].hits * last.rows >= last.hits * pools[pools.count - 2].rows
            {
                pools.removeLast()
                let place = pools.count - 1
                pools[place] = (
                    pools[place].scores + last.scores, pools[place].hits + last.hits, pools[place].rows + last.rows
                )
            }
        }
        var from: [Double] = []
        var to: [Double] = []
        for pool in pools {
            let score = pool.scores / pool.rows
            guard from.last.map({ score > $0 }) ?? true else { continue }
            from.append(score)
            // One row more of each class: no finite number of rows proves a probability of 0 or 1.
            to.append((pool.hits + 0.5) / (pool.rows + 1))
        }
        for index in to.indices.dropFirst() { to[index] = max(to[index], to[index - 1]) }
        return from.isEmpty ? .none : .isotonic(from: from, to: to)
    }

    private static func interpolate(_ value: Double, _ from: [Double], _ to: [Double]) -> Double {
        guard let first = from.first, let last = from.last else { return value }
        if value <= first { return to[0] }
        if value >= last { return to[to.count - 1] }
        var low = 0
        var high = from.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if from[middle] <= value { low = middle } else { high = middle }
        }
        return to[low] + (to[high] - to[low]) * (value - from[low]) / (from[high] - from[low])
    }

    /// Newton's method on one over the temperature, in which the log-loss is convex.
    private static func fitTemperature(_ codes: [Int32], classes: Int, probabilities: [Double]) -> Calibration {
        let logarithms = probabilities.map { log(max(leastPower, $0)) }
        var inverse = 1.0
        for _ in 0..<30 {
            var (slope, curvature) = (0.0, 1e-9)
            for (row, code) in codes.enumerated() {
                var (sum, first, second) = (0.0, 0.0, 0.0)
                for index in row * classes..<(row + 1) * classes {
                    let power = exp(inverse * logarithms[index])
                    sum += power
                    first += power * logarithms[index]
                    second += power * logarithms[index] * logarithms[index]
                }
                let mean = first / sum
                slope += mean - logarithms[row * classes + Int(code)]
                curvature += second / sum - mean * mean
            }
            // From a quarter to four; a step of at most a half keeps to where the parabola holds.
            let next = max(0.25, min(4, inverse - max(-0.5, min(0.5, slope / curvature))))
            let isDone = abs(next - inverse) < 1e-6
            inverse = next
            if isDone { break }
        }
        return .temperature(1 / inverse)
    }
}
