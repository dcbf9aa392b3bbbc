/// A matrix of few numbers that are not 0, row by row (CSR).
struct SparseRows: Sendable {
    let columns: Int
    /// Where each row begins among the numbers, and where the last ends.
    private(set) var starts: [Int] = [0]
    private(set) var indices: [Int32] = []
    private(set) var values: [Double] = []

    init(columns: Int) { self.columns = columns }

    var rows: Int { starts.count - 1 }

    /// Appends a row.
    ///
    /// - Parameters:
    ///   - indices: columns below `columns`.
    ///   - values: a number each.
    mutating func append(indices: some Sequence<Int32>, values: some Sequence<Double>) {
        for (index, value) in zip(indices, values) where index >= 0 && index < columns {
            self.indices.append(index)
            self.values.append(value)
        }
        starts.append(self.indices.count)
    }

    /// The product with a dense matrix.
    ///
    /// - Parameter dense: `columns x width`, row-major.
    /// - Returns: `rows x width`, row-major.
    func times(_ dense: [Double], width: Int) -> [Double] {
        product(dense, width: width, height: rows) { row, index in (row, index) }
    }

    /// The product of the transposed matrix with a dense one.
    ///
    /// - Parameter dense: `rows x width`, row-major.
    /// - Returns: `columns x width`, row-major.
    func transposedTimes(_ dense: [Double], width: Int) -> [Double] {
        product(dense, width: width, height: columns) { row, index in (index, row) }
    }

    /// Adds, for each number, its multiple of a line of `dense` to a line of the result.
    @inline(__always)
    private func product(
        _ dense: [Double], width: Int, height: Int, lines: (_ row: Int, _ index: Int) -> (to: Int, from: Int)
    ) -> [Double] {
        var result = [Double](repeating: 0, count: height * width)
        result.withUnsafeMutableBufferPointer { result in
            dense.withUnsafeBufferPointer { dense in
                for row in 0..<rows {
                    for place in starts[row]..<starts[row + 1] {
                        let (to, from) = lines(row, Int(indices[place]))
                        let value = values[place]
                        for lane in 0..<width { result[to * width + lane] += value * dense[from * width + lane] }
                    }
                }
            }
        }
        return result
    }
}
