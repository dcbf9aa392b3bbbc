import Foundation

/// Loss of the rows in training, with raw scores, its gradients as packed integers, and what the scores mean.
final class BoostingLoss {
    enum Kind: Equatable { case regression(BoostingObjective), logistic, softmax }

    let kind: Kind
    /// Scores a row: classes for softmax, else 1.
    let scores: Int
    let rows: Int
    /// Start score of each.
    let base: [Double]
    /// Prediction of a regression = center + scale x score.
    let center: Double
    let scale: Double
    /// `scores x rows` raw scores.
    let raw: AlignedBuffer<Float>
    /// `rows` packed gradients of the score that is being fitted.
    let packed: AlignedBuffer<UInt32>
    /// Real value of an integer unit.
    private(set) var gradientUnit = 1.0
    private(set) var hessianUnit = 1.0
    /// The greatest magnitude of a gradient and the greatest hessian of each score of the round.
    private var softmaxPeaks: [(gradient: Float, hessian: Float)] = []
    private let labels: AlignedBuffer<Float>
    private let weights: AlignedBuffer<Float>?
    private let highestWeight: Float
    private let gradients: AlignedBuffer<Float>
    private let hessians: AlignedBuffer<Float>
    private let largestInteger: Float

    init(_ target: Target, objective: BoostingObjective, rows fitted: [Int32], weights given: [Float]?) {
        rows = target.rows
        labels = AlignedBuffer(count: rows, zero: 0)
        var hasInvalid = false
        switch target {
        case .regression(let values):
            var objective = objective
            if objective == .poisson, fitted.contains(where: { values[Int($0)] < 0 }) { objective = .squared }
            kind = .regression(objective)
            scores = 1
            (base, center, scale) = BoostingLoss.start(values, objective, fitted, given)
            for row in 0..<rows {
                let label = Float((values[row] - center) / scale)
                labels.start[row] = label.isFinite ? label : 0
            }
        case .classes(let codes, let count):
            kind = count == 2 ? .logistic : .softmax
            scores = count == 2 ? 1 : max(1, count)
            (center, scale) = (0, 1)
            let shares = target.smoothedShares(rows: fitted, weights: given)
            base = count == 2 ? [log(shares[1] / shares[0])] : shares.map { log($0) }
            for row in 0..<rows {
                labels.start[row] = Float(codes[row])
                if codes[row] < 0 || codes[row] >= count { hasInvalid = true }
            }
        }
        if given != nil || hasInvalid {
            let weights = AlignedBuffer<Float>(count: rows, zero: 0)
            var highest: Float = 0
            for row in 0..<rows {
                let weight = given.map { $0[row] } ?? 1
                let isValid = kind == .logistic || kind == .softmax ? target.classCode(Int32(row)) != nil : true
                weights.start[row] = isValid && weight.isFinite ? max(0, weight) : 0
                highest = max(highest, weights.start[row])
            }
            self.weights = weights
            highestWeight = highest
        } else {
            weights = nil
            highestWeight = 1
        }
        raw = AlignedBuffer(count: rows * scores, zero: 0)
        packed = AlignedBuffer(count: rows, zero: 0)
        let isFused = kind == .logistic
        gradients = AlignedBuffer(count: isFused ? 0 : rows * scores, zero: 0)
        hessians = AlignedBuffer(count: isFused ? 0 : rows * scores, zero: 0)
        // Sums of 31 bits with sign must hold every row's gradient.
        largestInteger = Float(max(1, min(32_000, (1 << 31 - 1) / (fitted.count + 1) - 1)))
        for score in 0..<scores { (raw.start + score * rows).update(repeating: Float(base[score]), count: rows) }
    }

    /// Start score, centre and scale of a regression.
    private static func start(
        _ values: [Double], _ objective: BoostingObjective, _ rows: [Int32], _ weights: [Float]?
    ) -> (base: [Double], center: Double, scale: Double) {
        let mean = Target.regression(values).prior(rows: rows, weights: weights)[0]
        if objective == .poisson { return ([log(max(mean, 1e-9))], 0, 1) }
        var squares = 0.0
        for row in rows { squares += (values[Int(row)] - mean) * (values[Int(row)] - mean) }
        let deviation = (squares / Double(max(1, rows.count))).squareRoot()
        let scale = deviation > 0 && deviation.isFinite ? deviation : 1
        switch objective {
        case .absolute: return ([0], quantile(rows.map { values[Int($0)] }, 0.5), scale)
        case .quantile(let share): return ([0], quantile(rows.map { values[Int($0)] }, share), scale)
        default: return ([0], mean, scale)
        }
    }

    static func quantile(_ values: [Double], _ share: Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let place = max(0, min(1, share)) * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
    }

    /// Share of a leaf's residuals that is its value; nil where the second-order step is.
    var leafQuantile: Double? {
        switch kind {
        case .regression(.absolute): 0.5
        case .regression(.quantile(let share)): share
        default: nil
        }
    }

    /// Target minus score, for leaves that take a quantile.
    func residual(_ row: Int) -> Double { Double(labels.start[row]) - Double(raw.start[row]) }

    /// Computes the gradients of all rows and scores for one round.
    func prepare(team: ThreadTeam) {
        switch kind {
        case .logistic: return
        case .softmax:
            let found = AlignedBuffer<SIMD8<Float>>(count: team.threads * scores * 2, zero: SIMD8())
            team.forChunks(of: 8_192, count: rows) { thread, range in
                self.softmaxGradients(range, found.start + thread * self.scores * 2)
            }
            softmaxPeaks = (0..<scores).map { score in
                var (gradient, hessian): (Float, Float) = (0, 0)
                for thread in 0..<team.threads {
                    gradient = max(gradient, found.start[(thread * scores + score) * 2].max())
                    hessian = max(hessian, found.start[(thread * scores + score) * 2 + 1].max())
                }
                return (gradient, hessian)
            }
        case .regression(let objective):
            team.forChunks(of: 8_192, count: rows) { _, range in self.gradients(of: objective, range) }
        }
    }

    /// Packs the gradients of one score, rounded at random so that sums keep their expectation.
    func pack(score: Int, round: Int, seed: UInt64, team: ThreadTeam) {
        var stream = RandomStream(seed: seed, part: round * scores + score)
        let salt = UInt32(truncatingIfNeeded: stream.next())
        if kind == .logistic {
            let gradientScale = largestInteger / highestPossible
            let hessianScale = largestInteger * 4 / highestPossible
            gradientUnit = 1 / Double(gradientScale)
            hessianUnit = 1 / Double(hessianScale)
            team.forChunks(of: 16_384, count: rows) { _, range in
                self.packLogistic(range, salt, gradientScale, hessianScale)
            }
            return
        }
        let offset = score * rows
        let (highestGradient, highestHessian) = kind == .softmax ? softmaxPeaks[score] : peaks(offset, team)
        let gradientScale = highestGradient > 0 ? largestInteger / highestGradient : 1
        // Equal hessians are exact as 1 each.
        let isUnit = weights == nil && hasUnitHessian
        let hessianScale = isUnit ? 1 : (highestHessian > 0 ? largestInteger / highestHessian : 1)
        gradientUnit = 1 / Double(gradientScale)
        hessianUnit = 1 / Double(hessianScale)
        team.forChunks(of: 16_384, count: rows) { _, range in
            self.packRows(range, offset, salt, gradientScale, hessianScale, roundsHessians: !isUnit)
        }
    }

    /// The greatest magnitude of a gradient and the greatest hessian of one score.
    private func peaks(_ offset: Int, _ team: ThreadTeam) -> (Float, Float) {
        let found = AlignedBuffer<SIMD2<Float>>(count: team.threads, zero: SIMD2())
        team.forChunks(of: 16_384, count: rows) { thread, range in
            var (gradient, hessian): (SIMD8<Float>, SIMD8<Float>) = (SIMD8(), SIMD8())
            for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                let count = min(8, range.upperBound - row)
                let next = EightRows.load(self.gradients, offset + row, count)
                let magnitude = next.replacing(with: -next, where: next .< 0)
                gradient.replace(with: magnitude, where: magnitude .> gradient)
                let other = EightRows.load(self.hessians, offset + row, count)
                hessian.replace(with: other, where: other .> hessian)
            }
            let old = found.start[thread]
            found.start[thread] = SIMD2(max(old.x, gradient.max()), max(old.y, hessian.max()))
        }
        var highest = SIMD2<Float>()
        for thread in 0..<team.threads { highest = pointwiseMax(highest, found.start[thread]) }
        return (highest.x, highest.y)
    }

    /// Squared gradients over hessians of some rows as they were packed: about 1 for classes, the variance of the residuals for numbers.
    func dispersion(_ chosen: [Int32]) -> Double {
        var (squares, hessians): (Int64, Int64) = (0, 0)
        // Safety: chosen are rows of the target. 31 bits of the sum of gradients leave 62 for that of their squares.
        for row in chosen {
            let word = Int32(bitPattern: packed.start[Int(row)])
            squares &+= Int64(word >> 16) &* Int64(word >> 16)
            hessians &+= Int64(word & 0xFFFF)
        }
        let hessian = Double(hessians) * hessianUnit
        return hessian > 0 ? Double(squares) * gradientUnit * gradientUnit / hessian : 1
    }

    private var highestPossible: Float { highestWeight > 0 ? highestWeight : 1 }

    private var hasUnitHessian: Bool {
        switch kind {
        case .regression(.poisson), .logistic, .softmax: false
        case .regression: true
        }
    }

    private func packRows(
        _ range: Range<Int>, _ offset: Int, _ salt: UInt32, _ gradientScale: Float, _ hessianScale: Float,
        roundsHessians: Bool
    ) {
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let count = min(8, range.upperBound - row)
            let words = EightRows.words(
                EightRows.load(gradients, offset + row, count) * gradientScale,
                EightRows.load(hessians, offset + row, count) * hessianScale, row: row, salt,
                roundsHessians: roundsHessians)
            EightRows.store(words, packed.start + row, count)
        }
    }

    private func packLogistic(_ range: Range<Int>, _ salt: UInt32, _ gradientScale: Float, _ hessianScale: Float) {
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let count = min(8, range.upperBound - row)
            let share = VectorExponential.sigmoid(EightRows.load(raw, row, count))
            var gradient = (share - EightRows.load(labels, row, count)) * gradientScale
            var hessian = share * (1 - share) * hessianScale
            if let weights {
                let weight = EightRows.load(weights, row, count)
                gradient *= weight
                hessian *= weight
            }
            let words = EightRows.words(gradient, hessian, row: row, salt, roundsHessians: true)
            EightRows.store(words, packed.start + row, count)
        }
    }

    /// - Parameter peaks: of a thread, two a score: the greatest magnitudes of gradients and the greatest hessians.
    private func softmaxGradients(_ range: Range<Int>, _ peaks: UnsafeMutablePointer<SIMD8<Float>>) {
        let factor = Float(scores) / Float(max(1, scores - 1))
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let count = min(8, range.upperBound - row)
            var highest = SIMD8<Float>(repeating: -.infinity)
            for score in 0..<scores {
                let value = EightRows.load(raw, score * rows + row, count)
                highest.replace(with: value, where: value .> highest)
            }
            var sum = SIMD8<Float>()
            for score in 0..<scores {
                let part = VectorExponential.exponential(EightRows.load(raw, score * rows + row, count) - highest)
                EightRows.store(part, gradients.start + score * rows + row, count)
                sum += part
            }
            let label = EightRows.load(labels, row, count)
            let weight = weights.map { EightRows.load($0, row, count) } ?? SIMD8(repeating: 1)
            for score in 0..<scores {
                let share = EightRows.load(gradients, score * rows + row, count) / sum
                var gradient = share.replacing(with: share - 1, where: label .== Float(score)) * weight
                var hessian = share * (1 - share) * factor
                hessian.replace(with: 1e-6, where: hessian .< 1e-6)
                hessian *= weight
                EightRows.store(gradient, gradients.start + score * rows + row, count)
                EightRows.store(hessian, hessians.start + score * rows + row, count)
                gradient.replace(with: -gradient, where: gradient .< 0)
                // Lanes behind the rows have a number that no row has.
                for lane in count..<8 { (gradient[lane], hessian[lane]) = (0, 0) }
                peaks[score * 2].replace(with: gradient, where: gradient .> peaks[score * 2])
                peaks[score * 2 + 1].replace(with: hessian, where: hessian .> peaks[score * 2 + 1])
            }
        }
    }

    private func gradients(of objective: BoostingObjective, _ range: Range<Int>) {
        for row in range {
            let weight = weights?.start[row] ?? 1
            let difference = raw.start[row] - labels.start[row]
            var (gradient, hessian): (Float, Float) = (difference, 1)
            switch objective {
            case .squared: break
            case .absolute: gradient = difference > 0 ? 1 : (difference < 0 ? -1 : 0)
            case .huber(let delta): gradient = max(-Float(delta), min(Float(delta), difference))
            case .quantile(let share): gradient = difference >= 0 ? 1 - Float(share) : -Float(share)
            case .poisson:
                let rate = exp(min(raw.start[row], 30))
                gradient = rate - labels.start[row]
                // Steps of at most 0.7, as in LightGBM.
                hessian = rate * 2.013_753
            }
            gradients.start[row] = gradient * weight
            hessians.start[row] = hessian * weight
        }
    }

    /// Mean loss over some rows, for early stopping.
    func meanLoss(_ chosen: [Int32]) -> Double {
        var sum = 0.0
        var total = 0.0
        for row in chosen {
            let weight = Double(weights?.start[Int(row)] ?? 1)
            sum += weight * loss(Int(row))
            total += weight
        }
        return total > 0 ? sum / total : 0
    }

    private func loss(_ row: Int) -> Double {
        let score = Double(raw.start[row])
        let label = Double(labels.start[row])
        switch kind {
        case .logistic: return LinkFunctions.softplus(label == 1 ? -score : score)
        case .softmax:
            var highest = -Double.infinity
            for index in 0..<scores { highest = max(highest, Double(raw.start[index * rows + row])) }
            var sum = 0.0
            for index in 0..<scores { sum += exp(Double(raw.start[index * rows + row]) - highest) }
            let own = max(0, min(scores - 1, Int(label)))
            return log(sum) + highest - Double(raw.start[own * rows + row])
        case .regression(let objective):
            let difference = score - label
            switch objective {
            case .squared: return difference * difference
            case .absolute: return abs(difference)
            case .huber(let delta):
                return abs(difference) <= delta ? difference * difference / 2 : delta * (abs(difference) - delta / 2)
            case .quantile(let share): return difference >= 0 ? (1 - share) * difference : -share * difference
            case .poisson: return exp(min(score, 30)) - label * score
            }
        }
    }
}
