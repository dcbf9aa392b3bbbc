/// A tall dense matrix, column by column.
struct DenseColumns: Sendable {
    let height: Int
    let width: Int
    private var values: [Double]

    /// - Parameter rowMajor: `height x width`.
    init(rowMajor: [Double], width: Int) {
        height = width > 0 ? rowMajor.count / width : 0
        self.width = width
        values = [Double](repeating: 0, count: height * width)
        for row in 0..<height {
            for column in 0..<width { values[column * height + row] = rowMajor[row * width + column] }
        }
    }

    private init(height: Int, width: Int) {
        (self.height, self.width) = (height, width)
        values = [Double](repeating: 0, count: height * width)
    }

    subscript(row: Int, column: Int) -> Double { values[column * height + row] }

    /// `height x width`.
    var rowMajor: [Double] {
        var result = [Double](repeating: 0, count: values.count)
        for row in 0..<height {
            for column in 0..<width { result[row * width + column] = values[column * height + row] }
        }
        return result
    }

    func length(_ column: Int) -> Double { product(column, column).squareRoot() }

    /// Makes the columns orthogonal and of length 1; one that is a sum of multiples of those before it becomes 0.
    ///
    /// Modified Gram-Schmidt, each column twice, which is enough (Giraud, Langou and Rozloznik 2005).
    mutating func orthonormalise() {
        for column in 0..<width {
            let before = length(column)
            for _ in 0..<2 {
                for other in 0..<column { add(-product(other, column), times: other, to: column) }
            }
            let after = length(column)
            let factor = after > before * 1e-12 ? 1 / after : 0
            for place in column * height..<(column + 1) * height { values[place] *= factor }
        }
    }

    /// The transpose of this times another of the same height.
    func transposedTimes(_ other: DenseColumns) -> DenseColumns {
        var result = DenseColumns(height: width, width: other.width)
        for column in 0..<other.width {
            for row in 0..<width {
                result.values[column * width + row] = Self.product(
                    values, row * height, other.values, column * height, count: height)
            }
        }
        return result
    }

    /// Turns the columns in pairs until all are orthogonal: their lengths are then the singular values.
    ///
    /// Source: Hestenes, "Inversion of matrices by biorthogonalization and related results", 1958 (one-sided Jacobi).
    mutating func makeColumnsOrthogonal() {
        for _ in 0..<60 {
            var isDone = true
            for first in 0..<width {
                for second in first + 1..<max(first + 1, width) {
                    let (a, b, c) = (product(first, first), product(second, second), product(first, second))
                    guard abs(c) > 1e-15 * (a * b).squareRoot() else { continue }
                    isDone = false
                    let zeta = (b - a) / (2 * c)
                    let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
                    let cosine = 1 / (1 + tangent * tangent).squareRoot()
                    turn(first, second, cosine: cosine, sine: cosine * tangent)
                }
            }
            if isDone { return }
        }
    }

    private mutating func turn(_ first: Int, _ second: Int, cosine: Double, sine: Double) {
        for row in 0..<height {
            let (x, y) = (values[first * height + row], values[second * height + row])
            values[first * height + row] = cosine * x - sine * y
            values[second * height + row] = sine * x + cosine * y
        }
    }

    private func product(_ first: Int, _ second: Int) -> Double {
        Self.product(values, first * height, values, second * height, count: height)
    }

    /// Four sums side by side, in an order that does not depend on the machine.
    private static func product(_ a: [Double], _ startA: Int, _ b: [Double], _ startB: Int, count: Int) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
                var row = 0
                while row + 4 <= count {
                    s0 += a[startA + row] * b[startB + row]
                    s1 += a[startA + row + 1] * b[startB + row + 1]
                    s2 += a[startA + row + 2] * b[startB + row + 2]
                    s3 += a[startA + row + 3] * b[startB + row + 3]
                    row += 4
                }
                while row < count {
                    s0 += a[startA + row] * b[startB + row]
                    row += 1
                }
                return (s0 + s1) + (s2 + s3)
            }
        }
    }

    private mutating func add(_ factor: Double, times other: Int, to column: Int) {
        let (from, to, height) = (other * height, column * height, height)
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<height { values[to + row] += factor * values[from + row] }
        }
    }
}
