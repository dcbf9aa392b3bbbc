/// Features as standardised columns: numbers centred and scaled, missing numbers an indicator, categories one-hot up to a cap.
///
/// A feature that is constant in the fitted rows has no column.
struct FeatureEncoding: Sendable, Equatable {
    struct Numeric: Sendable, Equatable {
        var mean: Double
        var scale: Double
        /// Finite range seen; infinities are taken as its ends.
        var low: Float
        var high: Float
        /// Column of the value, -1 when the feature was constant.
        var column: Int32
        /// Column of the missing indicator, -1 when no fitted row missed it.
        var indicator: Int32

        /// Centred and scaled; missing is the mean.
        func standardised(_ value: Float) -> Float {
            guard !value.isNaN else { return 0 }
            let bounded = value.isInfinite ? (value < 0 ? low : high) : value
            return Float((Double(bounded) - mean) / scale)
        }
    }

    struct Categorical: Sendable, Equatable {
        /// Column of each code, -1 for none.
        var columns: [Int32]
        /// Column of missing, -1 when no fitted row missed it.
        var missing: Int32

        var hasColumns: Bool { missing >= 0 || columns.contains { $0 >= 0 } }

        func column(_ code: Int32) -> Int32 {
            guard code >= 0 else { return missing }
            return code < columns.count ? columns[Int(code)] : -1
        }
    }

    enum Feature: Sendable, Equatable {
        case numeric(Numeric)
        case categorical(Categorical)
    }

    var features: [Feature] = []
    var columns = 0
    /// Mean of each column over the fitted rows; 0 for standardised values.
    var means: [Double] = []

    /// Fits the encoding to some rows.
    ///
    /// - Parameter categories: most columns that one categorical feature gets; the commonest categories get them.
    init(_ matrix: FeatureMatrix, rows: [Int32], categories: Int) {
        for feature in matrix.features {
            switch feature.values {
            case .numeric(let values): addNumeric(values, rows: rows)
            case .categorical(let codes, let cardinality):
                addCategorical(codes, cardinality: cardinality, rows: rows, cap: categories)
            }
        }
    }

    private mutating func addNumeric(_ values: [Float], rows: [Int32]) {
        var count = 0
        var missing = 0
        var sum = 0.0
        var low = Float.infinity
        var high = -Float.infinity
        for row in rows {
            let value = values[Int(row)]
            if value.isNaN { missing += 1 }
            guard value.isFinite else { continue }
            count += 1
            sum += Double(value)
            low = min(low, value)
            high = max(high, value)
        }
        if count == 0 { (low, high) = (0, 0) }
        let mean = count > 0 ? sum / Double(count) : 0
        var squares = 0.0
        for row in rows where values[Int(row)].isFinite {
            let distance = Double(values[Int(row)]) - mean
            squares += distance * distance
        }
        let scale = count > 0 ? (squares / Double(count)).squareRoot() : 0
        var numeric = Numeric(mean: mean, scale: 1, low: low, high: high, column: -1, indicator: -1)
        if scale > 0, scale.isFinite, low < high {
            numeric.scale = scale
            numeric.column = addColumn(mean: 0)
        }
        if missing > 0, missing < rows.count {
            numeric.indicator = addColumn(mean: Double(missing) / Double(rows.count))
        }
        features.append(.numeric(numeric))
    }

    private mutating func addCategorical(_ codes: [Int32], cardinality: Int, rows: [Int32], cap: Int) {
        var counts = Array(repeating: 0, count: max(0, cardinality))
        var missing = 0
        for row in rows {
            let code = Int(codes[Int(row)])
            if counts.indices.contains(code) { counts[code] += 1 } else { missing += 1 }
        }
        let seen = counts.indices.filter { counts[$0] > 0 && counts[$0] < rows.count }
        let kept = seen.sorted { (-counts[$0], $0) < (-counts[$1], $1) }.prefix(max(0, cap)).sorted()
        var categorical = Categorical(columns: Array(repeating: -1, count: counts.count), missing: -1)
        for code in kept {
            categorical.columns[code] = addColumn(mean: Double(counts[code]) / Double(rows.count))
        }
        if missing > 0, missing < rows.count {
            categorical.missing = addColumn(mean: Double(missing) / Double(rows.count))
        }
        features.append(.categorical(categorical))
    }

    private mutating func addColumn(mean: Double) -> Int32 {
        means.append(mean)
        columns += 1
        return Int32(columns - 1)
    }
}

/// Encoded rows, ready for products with a vector of coefficients.
struct EncodedColumns: Sendable {
    /// A column with a value in every row.
    struct Dense: Sendable {
        var column: Int
        var values: [Float]
    }

    /// Columns of which at most one is 1 in a row: its number, or -1.
    struct OneHot: Sendable {
        var columns: [Int32]
    }

    var rows: Int
    var dense: [Dense] = []
    var oneHot: [OneHot] = []
}

extension FeatureEncoding {
    /// Encodes some rows of a matrix; a feature that the matrix lacks or holds in another kind is missing.
    func encode(_ matrix: FeatureMatrix, rows: [Int32]) -> EncodedColumns {
        var encoded = EncodedColumns(rows: rows.count)
        for (index, feature) in features.enumerated() {
            let values = index < matrix.features.count ? matrix.features[index].values : .numeric([])
            switch feature {
            case .numeric(let numeric): encode(numeric, values, rows, into: &encoded)
            case .categorical(let categorical):
                var columns = Array(repeating: categorical.missing, count: rows.count)
                if case .categorical(let codes, _) = values {
                    for (position, row) in rows.enumerated() { columns[position] = categorical.column(codes[Int(row)]) }
                }
                if categorical.hasColumns { encoded.oneHot.append(.init(columns: columns)) }
            }
        }
        return encoded
    }

    private func encode(
        _ numeric: Numeric, _ values: FeatureMatrix.Values, _ rows: [Int32], into encoded: inout EncodedColumns
    ) {
        guard numeric.column >= 0 || numeric.indicator >= 0 else { return }
        var raw = Array(repeating: Float.nan, count: rows.count)
        if case .numeric(let numbers) = values, !numbers.isEmpty {
            for (position, row) in rows.enumerated() { raw[position] = numbers[Int(row)] }
        }
        if numeric.column >= 0 {
            let column = EncodedColumns.Dense(column: Int(numeric.column), values: raw.map(numeric.standardised))
            encoded.dense.append(column)
        }
        if numeric.indicator >= 0 {
            encoded.oneHot.append(.init(columns: raw.map { $0.isNaN ? numeric.indicator : -1 }))
        }
    }
}

extension FeatureEncoding {
    func write(to writer: inout ArtifactWriter) {
        writer.write(means)
        writer.write(UInt32(features.count))
        for feature in features {
            switch feature {
            case .numeric(let numeric):
                writer.write(UInt8(0))
                writer.write(numeric.mean)
                writer.write(numeric.scale)
                writer.write(numeric.low)
                writer.write(numeric.high)
                writer.write(numeric.column)
                writer.write(numeric.indicator)
            case .categorical(let categorical):
                writer.write(UInt8(1))
                writer.write(categorical.columns)
                writer.write(categorical.missing)
            }
        }
    }

    init(reader: inout ArtifactReader) throws(LearningError) {
        means = try reader.readDoubles()
        columns = means.count
        let count = try reader.readCount(elementBytes: 5)
        for _ in 0..<count {
            let offset = reader.offset
            let kind: UInt8 = try reader.read()
            if kind == 0 {
                let mean = try reader.readDouble()
                let scale = try reader.readDouble()
                let low = try reader.readFloat()
                let high = try reader.readFloat()
                let column: Int32 = try reader.read()
                let indicator: Int32 = try reader.read()
                try check([column, indicator], offset: offset)
                features.append(
                    .numeric(
                        .init(mean: mean, scale: scale, low: low, high: high, column: column, indicator: indicator)))
            } else {
                let codes: [Int32] = try reader.readIntegers()
                let missing: Int32 = try reader.read()
                try check(codes + [missing], offset: offset)
                features.append(.categorical(.init(columns: codes, missing: missing)))
            }
        }
    }

    private func check(_ found: [Int32], offset: Int) throws(LearningError) {
        guard found.allSatisfy({ $0 >= -1 && $0 < columns }) else {
            throw .artifactDamaged(reason: "a column is outside the encoding", offset: offset)
        }
    }
}
