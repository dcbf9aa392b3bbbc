import Foundation

/// Mean weighted loss of a linear model over encoded rows, with its gradient.
///
/// Coefficients are laid out as `scores x (columns + 1)`, the intercept last; one score for a number or two classes.
struct LinearObjective {
    enum Kind { case squared, logistic, softmax }

    let encoded: EncodedColumns
    let columns: Int
    let kind: Kind
    let outputs: Int
    let scores: Int
    let totalWeight: Double
    /// Different classes in the rows; 2 for a regression, which is fitted whatever it holds.
    let classesPresent: Int
    var squarePenalty = 0.0
    var isStopped: () -> Bool = { false }
    private let weights: [Double]
    private let numbers: [Double]
    private let codes: [Int]
    private let center: Double
    private let scale: Double

    init(_ encoded: EncodedColumns, columns: Int, target: Target, rows: [Int32], weights: [Double]) {
        self.encoded = encoded
        self.columns = columns
        outputs = target.outputs
        var weights = weights
        switch target {
        case .regression(let values):
            kind = .squared
            scores = 1
            classesPresent = 2
            codes = []
            let total = weights.reduce(0, +)
            let found = rows.map { values[Int($0)] }
            let mean = total > 0 ? zip(found, weights).reduce(0) { $0 + $1.0 * $1.1 } / total : 0
            let squares = zip(found, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
            let deviation = total > 0 ? (squares / total).squareRoot() : 0
            center = mean
            scale = deviation > 0 && deviation.isFinite ? deviation : 1
            let (middle, unit) = (center, scale)
            numbers = found.map { ($0 - middle) / unit }
        case .classes(_, let count):
            kind = count == 2 ? .logistic : .softmax
            scores = count == 2 ? 1 : max(1, count)
            let found = rows.map { target.classCode($0) ?? -1 }
            for index in found.indices where found[index] < 0 { weights[index] = 0 }
            codes = found.map { max(0, $0) }
            classesPresent = Set(found.filter { $0 >= 0 }).count
            numbers = []
            (center, scale) = (0, 1)
        }
        totalWeight = weights.reduce(0, +)
        self.weights = weights
    }

    /// All coefficients 0 and the intercepts at the prior.
    func start(_ shares: [Double]) -> [Double] {
        var result = Array(repeating: 0.0, count: scores * (columns + 1))
        switch kind {
        case .squared: break
        case .logistic: result[columns] = log(shares[1] / shares[0])
        case .softmax: for score in 0..<scores { result[score * (columns + 1) + columns] = log(shares[score]) }
        }
        return result
    }

    /// L1 strengths: none on intercepts.
    func absolutePenalty(_ strength: Double) -> [Double] {
        (0..<scores * (columns + 1)).map { $0 % (columns + 1) == columns ? 0 : strength }
    }

    /// Value at the coefficients; writes the gradient. Infinite, which ends the search, when the fit must stop.
    func evaluate(_ coefficients: [Double], gradient: inout [Double]) -> Double {
        if isStopped() { return .infinity }
        let width = columns + 1
        var raw: [[Double]] = []
        for score in 0..<scores {
            raw.append(product(coefficients, offset: score * width))
            if isStopped() { return .infinity }
        }
        var value = residuals(&raw) / totalWeight
        for score in 0..<scores {
            transposedProduct(raw[score], into: &gradient, offset: score * width)
            if isStopped() { return .infinity }
            for column in 0..<columns {
                let coefficient = coefficients[score * width + column]
                value += 0.5 * squarePenalty * coefficient * coefficient
                gradient[score * width + column] += squarePenalty * coefficient
            }
        }
        return value
    }

    private func product(_ coefficients: [Double], offset: Int) -> [Double] {
        var result = Array(repeating: coefficients[offset + columns], count: encoded.rows)
        for dense in encoded.dense {
            let coefficient = coefficients[offset + dense.column]
            guard coefficient != 0 else { continue }
            for row in result.indices { result[row] += coefficient * Double(dense.values[row]) }
        }
        for oneHot in encoded.oneHot {
            for row in result.indices where oneHot.columns[row] >= 0 {
                result[row] += coefficients[offset + Int(oneHot.columns[row])]
            }
        }
        return result
    }

    private func transposedProduct(_ residuals: [Double], into gradient: inout [Double], offset: Int) {
        for column in 0...columns { gradient[offset + column] = 0 }
        for dense in encoded.dense {
            var lanes = SIMD4<Double>.zero
            let whole = residuals.count & ~3
            var row = 0
            while row < whole {
                let left = SIMD4(residuals[row], residuals[row + 1], residuals[row + 2], residuals[row + 3])
                let right = SIMD4(
                    Double(dense.values[row]), Double(dense.values[row + 1]), Double(dense.values[row + 2]),
                    Double(dense.values[row + 3]))
                lanes += left * right
                row += 4
            }
            var sum = lanes.sum()
            while row < residuals.count {
                sum += residuals[row] * Double(dense.values[row])
                row += 1
            }
            gradient[offset + dense.column] = sum / totalWeight
        }
        for oneHot in encoded.oneHot {
            for row in residuals.indices where oneHot.columns[row] >= 0 {
                gradient[offset + Int(oneHot.columns[row])] += residuals[row] / totalWeight
            }
        }
        gradient[offset + columns] = residuals.reduce(0, +) / totalWeight
    }

    /// Turns raw scores into weighted residuals in place; returns the sum of the losses.
    private func residuals(_ raw: inout [[Double]]) -> Double {
        var loss = 0.0
        switch kind {
        case .squared:
            for row in 0..<encoded.rows {
                let residual = raw[0][row] - numbers[row]
                loss += 0.5 * weights[row] * residual * residual
                raw[0][row] = weights[row] * residual
            }
        case .logistic:
            for row in 0..<encoded.rows {
                let score = raw[0][row]
                let isSecond = codes[row] == 1
                loss += weights[row] * LinkFunctions.softplus(isSecond ? -score : score)
                raw[0][row] = weights[row] * (LinkFunctions.sigmoid(score) - (isSecond ? 1 : 0))
            }
        case .softmax:
            var shares = Array(repeating: 0.0, count: scores)
            for row in 0..<encoded.rows {
                for score in 0..<scores { shares[score] = raw[score][row] }
                LinkFunctions.softmax(&shares, offset: 0, classes: scores)
                loss -= weights[row] * log(max(shares[codes[row]], 1e-300))
                for score in 0..<scores {
                    raw[score][row] = weights[row] * (shares[score] - (score == codes[row] ? 1 : 0))
                }
            }
        }
        return loss
    }

    /// The fitted model; a regression's coefficients return to the scale of its target.
    func model(_ encoding: FeatureEncoding, coefficients: [Double]) -> LinearModel {
        var coefficients = coefficients
        if kind == .squared {
            for index in coefficients.indices { coefficients[index] *= scale }
            coefficients[columns] += center
        }
        return LinearModel(
            encoding: encoding, outputs: outputs, isRegression: kind == .squared, coefficients: coefficients)
    }
}
