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
    /// Real value of an integer unit.
    private(set) var gradientUnit = 1.0
    private(set) var hessianUnit = 1.0
    private let labels: AlignedBuffer<Float>
    /// Of softmax, by row: the highest score and one over the sum of the exponentials of scores less the highest.
    private let highest: AlignedBuffer<Float>
    private let inverse: AlignedBuffer<Float>
    private let weights: AlignedBuffer<Float>?
    private let highestWeight: Float
    /// Of a regression, by row.
    private let gradients: AlignedBuffer<Float>
    private let hessians: AlignedBuffer<Float>
    private let largestInteger: Float
    /// Rows that tell the dispersion well enough: its own deviation is less than a hundredth.
    private static let rowsOfDispersion = 65_536
    /// Integer units of a real gradient and hessian.
    private var gradientScale: Float = 1
    private var hessianScale: Float = 1

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
        let (isSoftmax, isRegression) = (kind == .softmax, kind != .softmax && kind != .logistic)
        highest = AlignedBuffer(count: isSoftmax ? rows : 0, zero: 0)
        inverse = AlignedBuffer(count: isSoftmax ? rows : 0, zero: 0)
        gradients = AlignedBuffer(count: isRegression ? rows : 0, zero: 0)
        hessians = AlignedBuffer(count: isRegression ? rows : 0, zero: 0)
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

    /// Computes what the gradients of all scores need for one round.
    func prepare(team: ThreadTeam) {
        switch kind {
        case .logistic, .softmax:
            setUnits(
                gradient: largestInteger / highestPossible,
                hessian: largestInteger * 4 / (highestPossible * hessianFactor))
            guard kind == .softmax else { return }
            team.forChunks(of: 4_096, count: rows) { _, range in self.normaliseSoftmax(range) }
        case .regression(let objective):
            team.forChunks(of: 8_192, count: rows) { _, range in self.gradients(of: objective, range) }
            let (gradient, hessian) = peaks(team)
            // Equal hessians are exact as 1 each.
            setUnits(
                gradient: gradient > 0 ? largestInteger / gradient : 1,
                hessian: hasEqualHessians ? 1 : (hessian > 0 ? largestInteger / hessian : 1))
        }
    }

    /// Packs the gradients of one score, by row number, rounded at random so that sums keep their expectation.
    ///
    /// - Parameter packed: `rows` words; threads that pack different scores at once need one each.
    func pack(score: Int, round: Int, seed: UInt64, into packed: AlignedBuffer<UInt32>, team: ThreadTeam) {
        var stream = RandomStream(seed: seed, part: round * scores + score)
        let salt = UInt32(truncatingIfNeeded: stream.next())
        team.forChunks(of: 16_384, count: rows) { _, range in
            switch self.kind {
            case .logistic: self.packLogistic(range, salt, into: packed.start)
            case .softmax: self.packSoftmax(range, score, salt, into: packed.start)
            case .regression: self.packRegression(range, salt, into: packed.start)
            }
        }
    }

    private func setUnits(gradient: Float, hessian: Float) {
        (gradientScale, hessianScale) = (gradient, hessian)
        (gradientUnit, hessianUnit) = (1 / Double(gradient), 1 / Double(hessian))
    }

    /// The greatest magnitude of a gradient and the greatest hessian of a regression.
    private func peaks(_ team: ThreadTeam) -> (gradient: Float, hessian: Float) {
        let found = AlignedBuffer<SIMD2<Float>>(count: team.threads, zero: SIMD2())
        team.forChunks(of: 16_384, count: rows) { thread, range in
            var (gradient, hessian): (SIMD8<Float>, SIMD8<Float>) = (SIMD8(), SIMD8())
            for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
                let count = min(8, range.upperBound - row)
                let next = EightRows.load(self.gradients, row, count)
                let magnitude = next.replacing(with: -next, where: next .< 0)
                gradient.replace(with: magnitude, where: magnitude .> gradient)
                let other = EightRows.load(self.hessians, row, count)
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
    func dispersion(_ chosen: [Int32], _ packed: AlignedBuffer<UInt32>) -> Double {
        var (squares, hessians): (Int64, Int64) = (0, 0)
        // Safety: chosen are rows of the target. 31 bits of the sum of gradients leave 62 for that of their squares.
        for place in stride(from: 0, to: chosen.count, by: max(1, chosen.count / BoostingLoss.rowsOfDispersion)) {
            let word = Int32(bitPattern: packed.start[Int(chosen[place])])
            squares &+= Int64(word >> 16) &* Int64(word >> 16)
            hessians &+= Int64(word & 0xFFFF)
        }
        let hessian = Double(hessians) * hessianUnit
        return hessian > 0 ? Double(squares) * gradientUnit * gradientUnit / hessian : 1
    }

    private var highestPossible: Float { highestWeight > 0 ? highestWeight : 1 }

    private var hasEqualHessians: Bool {
        switch kind {
        case .regression(.poisson), .logistic, .softmax: false
        case .regression: weights == nil
        }
    }

    private func packRegression(_ range: Range<Int>, _ salt: UInt32, into packed: UnsafeMutablePointer<UInt32>) {
        let roundsHessians = !hasEqualHessians
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let count = min(8, range.upperBound - row)
            let words = EightRows.words(
                EightRows.load(gradients, row, count) * gradientScale,
                EightRows.load(hessians, row, count) * hessianScale, row: row, salt, roundsHessians: roundsHessians)
            EightRows.store(words, packed + row, count)
        }
    }

    private func packLogistic(_ range: Range<Int>, _ salt: UInt32, into packed: UnsafeMutablePointer<UInt32>) {
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
            EightRows.store(words, packed + row, count)
        }
    }

    /// Hessians of several classes are larger by this, as in LightGBM: a step of one score moves the shares of the others too.
    private var hessianFactor: Float { kind == .softmax ? Float(scores) / Float(max(1, scores - 1)) : 1 }

    private func normaliseSoftmax(_ range: Range<Int>) {
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let count = min(8, range.upperBound - row)
            var highest = SIMD8<Float>(repeating: -.infinity)
            for score in 0..<scores {
                let value = EightRows.load(raw, score * rows + row, count)
                highest.replace(with: value, where: value .> highest)
            }
            var sum = SIMD8<Float>()
            for score in 0..<scores {
                sum += VectorExponential.exponential(EightRows.load(raw, score * rows + row, count) - highest)
            }
            EightRows.store(highest, self.highest.start + row, count)
            EightRows.store(1 / sum, inverse.start + row, count)
        }
    }

    /// Takes the exponentials again instead of keeping them, so that nothing but the scores is as large as rows times classes.
    private func packSoftmax(
        _ range: Range<Int>, _ score: Int, _ salt: UInt32, into packed: UnsafeMutablePointer<UInt32>
    ) {
        let factor = hessianFactor
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            let count = min(8, range.upperBound - row)
            let value = EightRows.load(raw, score * rows + row, count) - EightRows.load(highest, row, count)
            let share = VectorExponential.exponential(value) * EightRows.load(inverse, row, count)
            let isOwn = EightRows.load(labels, row, count) .== Float(score)
            var gradient = share.replacing(with: share - 1, where: isOwn) * gradientScale
            var hessian = share * (1 - share) * factor
            hessian.replace(with: 1e-6, where: hessian .< 1e-6)
            hessian *= hessianScale
            if let weights {
                let weight = EightRows.load(weights, row, count)
                gradient *= weight
                hessian *= weight
            }
            let words = EightRows.words(gradient, hessian, row: row, salt, roundsHessians: true)
            EightRows.store(words, packed + row, count)
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
