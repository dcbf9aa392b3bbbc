/// What is summed up of two columns.
enum PairTally: Sendable {
    case numbers(NumberPair)
    case classes(ClassPair)
    case mixed(MixedPair)

    mutating func add(_ one: AssociationStudy.Values, _ two: AssociationStudy.Values) {
        switch (self, one, two) {
        case (.numbers(var tally), .numbers(let x), .numbers(let y)):
            tally.add(x, y)
            self = .numbers(tally)
        case (.classes(var tally), .classes(let x), .classes(let y)):
            self = .classes(ClassPair())
            tally.add(x, y)
            self = .classes(tally)
        case (.mixed(var tally), .classes(let x), .numbers(let y)),
            (.mixed(var tally), .numbers(let y), .classes(let x)):
            self = .mixed(MixedPair())
            tally.add(x, y)
            self = .mixed(tally)
        default: break
        }
    }

    func result() -> Association {
        switch self {
        case .numbers(let tally): Association(kind: .pearson, value: tally.correlation, rows: Int(tally.count))
        case .classes(let tally): Association(kind: .cramersV, value: tally.cramersV, rows: tally.total)
        case .mixed(let tally): Association(kind: .correlationRatio, value: tally.correlationRatio, rows: tally.total)
        }
    }
}

/// Sums over pairs of numbers, four at a time.
struct NumberPair: Sendable {
    private(set) var count = 0.0
    private var x = 0.0
    private var y = 0.0
    private var xx = 0.0
    private var yy = 0.0
    private var xy = 0.0

    mutating func add(_ one: [Double], _ two: [Double]) {
        var (n, sx, sy) = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
        var (sxx, syy, sxy) = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
        let rows = min(one.count, two.count)
        one.withUnsafeBytes { one in
            two.withUnsafeBytes { two in
                func take(_ a: SIMD4<Double>, _ b: SIMD4<Double>) {
                    let present = (a .== a) .& (b .== b)
                    let u = a.replacing(with: 0, where: .!present)
                    let v = b.replacing(with: 0, where: .!present)
                    n += SIMD4<Double>().replacing(with: 1, where: present)
                    sx += u
                    sy += v
                    sxx += u * u
                    syy += v * v
                    sxy += u * v
                }
                var row = 0
                while row + 4 <= rows {
                    take(
                        one.loadUnaligned(fromByteOffset: row &* 8, as: SIMD4<Double>.self),
                        two.loadUnaligned(fromByteOffset: row &* 8, as: SIMD4<Double>.self))
                    row &+= 4
                }
                while row < rows {
                    var (a, b) = (SIMD4<Double>(repeating: .nan), SIMD4<Double>(repeating: .nan))
                    a[0] = one.loadUnaligned(fromByteOffset: row * 8, as: Double.self)
                    b[0] = two.loadUnaligned(fromByteOffset: row * 8, as: Double.self)
                    take(a, b)
                    row += 1
                }
            }
        }
        count += n.sum()
        x += sx.sum()
        y += sy.sum()
        xx += sxx.sum()
        yy += syy.sum()
        xy += sxy.sum()
    }

    var correlation: Double? {
        guard count > 1 else { return nil }
        let (varianceX, varianceY) = (xx - x * x / count, yy - y * y / count)
        // What rounding leaves of a constant column is no spread.
        guard varianceX > 1e-12 * xx, varianceY > 1e-12 * yy else { return nil }
        return max(-1, min(1, (xy - x * y / count) / (varianceX * varianceY).squareRoot()))
    }
}

/// A table of counts, class by class.
struct ClassPair: Sendable {
    /// Rows of the table by the first column's class, grown as classes turn up.
    private var counts: [[Int]] = []
    private(set) var total = 0

    mutating func add(_ one: [Int32], _ two: [Int32]) {
        for (x, y) in zip(one, two) where x >= 0 && y >= 0 {
            let (x, y) = (Int(x), Int(y))
            while counts.count <= x { counts.append([]) }
            if counts[x].count <= y { counts[x] += [Int](repeating: 0, count: y + 1 - counts[x].count) }
            counts[x][y] += 1
            total += 1
        }
    }

    /// Corrected for chance. Source: W. Bergsma, "A bias-correction for Cramér's V and Tschuprow's T", 2013.
    var cramersV: Double? {
        let width = counts.map(\.count).max() ?? 0
        let ofRow = counts.map { $0.reduce(0, +) }
        var ofColumn = [Int](repeating: 0, count: width)
        for row in counts { for (y, count) in row.enumerated() { ofColumn[y] += count } }
        let (r, k) = (Double(ofRow.count { $0 > 0 }), Double(ofColumn.count { $0 > 0 }))
        guard total > 1, r > 1, k > 1 else { return nil }
        let n = Double(total)
        var sum = 0.0
        for (x, row) in counts.enumerated() {
            for (y, count) in row.enumerated() where count > 0 {
                sum += Double(count) * Double(count) / (Double(ofRow[x]) * Double(ofColumn[y]))
            }
        }
        let phi = max(0, sum - 1 - (k - 1) * (r - 1) / (n - 1))
        let least = min(k - (k - 1) * (k - 1) / (n - 1), r - (r - 1) * (r - 1) / (n - 1)) - 1
        return least > 0 ? min(1, (phi / least).squareRoot()) : nil
    }
}

/// Sums of numbers by class.
struct MixedPair: Sendable {
    private var counts: [Double] = []
    private var sums: [Double] = []
    private var squares = 0.0
    private(set) var total = 0

    mutating func add(_ classes: [Int32], _ numbers: [Double]) {
        for (code, number) in zip(classes, numbers) where code >= 0 && !number.isNaN {
            let code = Int(code)
            if code >= counts.count {
                let more = [Double](repeating: 0, count: code + 1 - counts.count)
                counts += more
                sums += more
            }
            counts[code] += 1
            sums[code] += number
            squares += number * number
            total += 1
        }
    }

    /// The share of the spread that the classes explain, as a root (eta).
    var correlationRatio: Double? {
        let n = Double(total)
        let classes = counts.count { $0 > 0 }
        guard total > 1, classes > 1, classes < total else { return nil }
        let sum = sums.reduce(0, +)
        let whole = squares - sum * sum / n
        guard whole > 1e-12 * squares else { return nil }
        let between = zip(counts, sums).reduce(0) { $1.0 > 0 ? $0 + $1.1 * $1.1 / $1.0 : $0 } - sum * sum / n
        return max(0, min(1, between / whole)).squareRoot()
    }
}
