/// The greatest singular values of a sparse matrix and its right singular vectors.
///
/// Plain additions and multiplications of doubles in a fixed order on one thread: the same bits on every machine.
///
/// Source: Halko, Martinsson and Tropp, "Finding structure with randomness", 2011, algorithms 4.4 and 5.1.
struct TruncatedSVD: Sendable {
    /// Singular values, greatest first; those that are 0 but for rounding are left out.
    let values: [Double]
    /// Right singular vectors: `columns x values.count`, row-major, of unit length; the entry of greatest size is positive, the first
    /// of equals.
    let vectors: [Double]

    /// - Parameters:
    ///   - components: values that are asked for; there are fewer when the matrix has a lower rank.
    ///   - oversampling: directions that are followed beyond those.
    ///   - iterations: multiplications with the matrix and its transpose that bring the directions closer to the greatest.
    init(_ matrix: SparseRows, components: Int, oversampling: Int = 8, iterations: Int = 2, seed: UInt64) {
        let width = min(max(0, components) + max(0, oversampling), matrix.rows, matrix.columns)
        guard width > 0, components > 0 else {
            (values, vectors) = ([], [])
            return
        }
        var random = RandomStream(seed: seed)
        let start = (0..<matrix.columns * width).map { _ in random.normal() }
        var range = DenseColumns(rowMajor: matrix.times(start, width: width), width: width)
        range.orthonormalise()
        for _ in 0..<max(0, iterations) {
            var other = DenseColumns(
                rowMajor: matrix.transposedTimes(range.rowMajor, width: width), width: width)
            other.orthonormalise()
            range = DenseColumns(rowMajor: matrix.times(other.rowMajor, width: width), width: width)
            range.orthonormalise()
        }
        // The transpose of the part of the matrix in that range, as basis x triangle.
        let part = DenseColumns(rowMajor: matrix.transposedTimes(range.rowMajor, width: width), width: width)
        var basis = part
        basis.orthonormalise()
        var triangle = basis.transposedTimes(part)
        triangle.makeColumnsOrthogonal()

        let lengths = (0..<width).map { triangle.length($0) }
        let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
        let least = (lengths.max() ?? 0) * 1e-10
        let kept = order.prefix(components).filter { lengths[$0] > least }
        values = kept.map { lengths[$0] }
        vectors = Self.vectors(basis, triangle, kept.map { ($0, lengths[$0]) })
    }

    /// The basis times the columns, brought to unit length, with the sign settled.
    private static func vectors(
        _ basis: DenseColumns, _ columns: DenseColumns, _ kept: [(column: Int, length: Double)]
    ) -> [Double] {
        var result = [Double](repeating: 0, count: basis.height * kept.count)
        for (place, (column, length)) in kept.enumerated() {
            var line = [Double](repeating: 0, count: basis.height)
            for inner in 0..<basis.width {
                let factor = columns[inner, column] / length
                for row in line.indices { line[row] += factor * basis[row, inner] }
            }
            var greatest = 0.0
            for value in line where abs(value) > abs(greatest) { greatest = value }
            for row in line.indices { result[row * kept.count + place] = greatest < 0 ? -line[row] : line[row] }
        }
        return result
    }
}
