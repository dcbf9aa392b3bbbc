import Testing

@testable import Learning

@Suite struct TruncatedSVDTests {
    /// A matrix of given shape; columns are scaled by powers of `decay`, so that singular values fall about as fast.
    private func matrix(
        _ rows: Int, _ columns: Int, density: Double, decay: Double, seed: UInt64
    ) -> (sparse: SparseRows, dense: [[Double]]) {
        var random = RandomStream(seed: seed)
        var sparse = SparseRows(columns: columns)
        var dense: [[Double]] = []
        for _ in 0..<rows {
            var line = [Double](repeating: 0, count: columns)
            var scale = 1.0
            for column in 0..<columns {
                if random.unit() < density { line[column] = scale * random.normal() }
                scale *= decay
            }
            let filled = line.indices.filter { line[$0] != 0 }
            sparse.append(indices: filled.map(Int32.init), values: filled.map { line[$0] })
            dense.append(line)
        }
        return (sparse, dense)
    }

    /// Eigenvalues, greatest first, and eigenvectors of the matrix's transpose times itself, by Jacobi's method of 1846.
    private func exact(_ dense: [[Double]]) -> [(value: Double, vector: [Double])] {
        let count = dense[0].count
        var a = (0..<count).map { i in (0..<count).map { j in dense.reduce(0) { $0 + $1[i] * $1[j] } } }
        var v = (0..<count).map { i in (0..<count).map { i == $0 ? 1.0 : 0 } }
        let least = 1e-16 * ((0..<count).map { a[$0][$0] }.max() ?? 0)
        var isDone = false
        for _ in 0..<40 where !isDone {
            isDone = true
            for p in 0..<count {
                for q in p + 1..<max(p + 1, count)
                where abs(a[p][q]) > least {
                    isDone = false
                    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (1 + theta * theta).squareRoot())
                    let c = 1 / (1 + t * t).squareRoot()
                    let s = t * c
                    for k in 0..<count { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
                    for k in 0..<count { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
                    for k in 0..<count { (v[k][p], v[k][q]) = (c * v[k][p] - s * v[k][q], s * v[k][p] + c * v[k][q]) }
                }
            }
        }
        return (0..<count).map { i in (a[i][i], v.map { $0[i] }) }.sorted { $0.0 > $1.0 }
    }

    private func columns(_ svd: TruncatedSVD) -> [[Double]] {
        let count = svd.values.count
        return (0..<count).map { stride(from: $0, to: svd.vectors.count, by: count).map { svd.vectors[$0] } }
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    /// Sine of the angle by which a vector leaves a space, at most.
    private func sine(_ vectors: [[Double]], outOf space: [[Double]]) -> Double {
        vectors.map { vector in
            var rest = vector
            for axis in space {
                let part = dot(vector, axis)
                rest = zip(rest, axis).map { $0 - part * $1 }
            }
            return dot(rest, rest).squareRoot()
        }.max() ?? 0
    }

    @Test(arguments: [(60, 40, 0.2, 0.8), (200, 30, 0.3, 0.85), (25, 60, 0.3, 0.8), (120, 90, 0.1, 0.85)])
    func valuesAndVectorsAreThoseOfAnExactDecomposition(
        _ rows: Int, _ width: Int, _ density: Double, _ decay: Double
    ) {
        for seed in UInt64(1)...2 {
            let (sparse, dense) = matrix(rows, width, density: density, decay: decay, seed: seed)
            let svd = TruncatedSVD(sparse, components: 8, iterations: 6, seed: seed + 100)
            let truth = exact(dense)
            #expect(svd.values.count == 8)
            for (found, expected) in zip(svd.values, truth) {
                #expect(abs(found - expected.value.squareRoot()) < 1e-6 * expected.value.squareRoot())
            }
            let vectors = columns(svd)
            #expect(sine(vectors, outOf: truth.prefix(8).map(\.vector)) < 1e-5)
            for (index, vector) in vectors.enumerated() {
                for (other, second) in vectors.enumerated() {
                    #expect(abs(dot(vector, second) - (index == other ? 1 : 0)) < 1e-12)
                }
                // The entry of greatest size is positive.
                #expect(vector.max { abs($0) < abs($1) } ?? -1 > 0)
            }
        }
    }

    @Test func twoIterationsFindWhatStandsOut() {
        // Five blocks of terms that occur together, in noise: what a corpus of topics looks like.
        var random = RandomStream(seed: 4)
        var sparse = SparseRows(columns: 100)
        var dense: [[Double]] = []
        for row in 0..<300 {
            var line = [Double](repeating: 0, count: 100)
            for _ in 0..<12 { line[row % 5 * 20 + random.index(below: 20)] += 1 }
            for _ in 0..<2 { line[random.index(below: 100)] += 0.5 }
            let filled = line.indices.filter { line[$0] != 0 }
            sparse.append(indices: filled.map(Int32.init), values: filled.map { line[$0] })
            dense.append(line)
        }
        let svd = TruncatedSVD(sparse, components: 5, seed: 9)
        let truth = exact(dense)
        for (found, expected) in zip(svd.values, truth) {
            #expect(abs(found - expected.value.squareRoot()) < 1e-3 * expected.value.squareRoot())
        }
        #expect(sine(columns(svd), outOf: truth.prefix(5).map(\.vector)) < 0.02)
    }

    @Test func aMatrixOfLowRankHasNoMoreComponents() {
        var sparse = SparseRows(columns: 30)
        for row in 0..<50 {
            let factor = Double(row % 7 + 1)
            let indices: [Int32] = row % 2 == 0 ? [1, 5, 9] : [2, 5]
            sparse.append(indices: indices, values: indices.map { factor * Double($0) })
        }
        let svd = TruncatedSVD(sparse, components: 10, seed: 1)
        #expect(svd.values.count == 2)
        #expect(TruncatedSVD(SparseRows(columns: 5), components: 3, seed: 1).values.isEmpty)
        var zero = SparseRows(columns: 5)
        for _ in 0..<4 { zero.append(indices: [Int32](), values: [Double]()) }
        #expect(TruncatedSVD(zero, components: 3, seed: 1).values.isEmpty)
    }

    @Test func equalSeedsGiveEqualBits() {
        let (sparse, _) = matrix(80, 50, density: 0.2, decay: 0.99, seed: 5)
        let (first, second) = (
            TruncatedSVD(sparse, components: 6, seed: 3), TruncatedSVD(sparse, components: 6, seed: 3)
        )
        #expect(first.values == second.values && first.vectors == second.vectors)
        #expect(TruncatedSVD(sparse, components: 6, seed: 4).vectors != first.vectors)
    }
}
