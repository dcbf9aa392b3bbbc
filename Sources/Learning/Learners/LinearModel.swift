/// A fitted linear, logistic or multinomial regression.
package struct LinearModel: FittedModel, ExplainableModel {
    let encoding: FeatureEncoding
    package let outputs: Int
    package var columns: Int? { encoding.features.count }
    let isRegression: Bool
    /// `scores x (columns + 1)`, the intercept last.
    let coefficients: [Double]

    init(encoding: FeatureEncoding, outputs: Int, isRegression: Bool, coefficients: [Double]) {
        self.encoding = encoding
        self.outputs = outputs
        self.isRegression = isRegression
        self.coefficients = coefficients
    }

    private var scores: Int { isRegression || outputs == 2 ? 1 : outputs }

    package var artifactTag: ArtifactTag { .linear }
    package var contributionSpace: ContributionSpace { isRegression ? .prediction : .margin }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        let rows = rows ?? Array(0..<Int32(matrix.rows))
        var result = rawScores(encoding.encode(matrix, rows: rows))
        if isRegression { return result }
        if outputs == 2 {
            return result.flatMap { score in
                let share = LinkFunctions.sigmoid(score)
                return [1 - share, share]
            }
        }
        for row in rows.indices { LinkFunctions.softmax(&result, offset: row * scores, classes: scores) }
        return result
    }

    /// Row-major `rows x scores`.
    private func rawScores(_ encoded: EncodedColumns) -> [Double] {
        let width = encoding.columns + 1
        let scores = scores
        var result = Array(repeating: 0.0, count: encoded.rows * scores)
        for score in 0..<scores {
            let offset = score * width
            for row in 0..<encoded.rows { result[row * scores + score] = coefficients[offset + width - 1] }
            for dense in encoded.dense {
                let coefficient = coefficients[offset + dense.column]
                for row in 0..<encoded.rows { result[row * scores + score] += coefficient * Double(dense.values[row]) }
            }
            for oneHot in encoded.oneHot {
                for row in 0..<encoded.rows where oneHot.columns[row] >= 0 {
                    result[row * scores + score] += coefficients[offset + Int(oneHot.columns[row])]
                }
            }
        }
        return result
    }

    /// Linear SHAP with independent features: coefficient times distance from the mean of the fitted rows.
    ///
    /// Source: Lundberg and Lee, "A unified approach to interpreting model predictions", 2017, corollary 1.
    package func contributions(_ matrix: FeatureMatrix, row: Int32) -> [[Double]] {
        let lines = (0..<scores).map { contributions(matrix, row: row, offset: $0 * (encoding.columns + 1)) }
        guard !isRegression, outputs == 2, let line = lines.first else { return lines }
        return [line.map { -$0 }, line]
    }

    private func contributions(_ matrix: FeatureMatrix, row: Int32, offset: Int) -> [Double] {
        var result = Array(repeating: 0.0, count: max(encoding.features.count, matrix.features.count) + 1)
        result[result.count - 1] = coefficients[offset + encoding.columns]
        for index in encoding.means.indices {
            result[result.count - 1] += encoding.means[index] * coefficients[offset + index]
        }
        for (index, feature) in encoding.features.enumerated() {
            let values = index < matrix.features.count ? matrix.features[index].values : .numeric([])
            func add(_ column: Int32, _ value: Double) {
                guard column >= 0 else { return }
                result[index] += coefficients[offset + Int(column)] * (value - encoding.means[Int(column)])
            }
            switch feature {
            case .numeric(let numeric):
                var value = Float.nan
                if case .numeric(let numbers) = values, !numbers.isEmpty { value = numbers[Int(row)] }
                add(numeric.column, Double(numeric.standardised(value)))
                add(numeric.indicator, value.isNaN ? 1 : 0)
            case .categorical(let categorical):
                var code: Int32 = -1
                if case .categorical(let codes, _) = values { code = codes[Int(row)] }
                let hot = categorical.column(code)
                for column in categorical.columns + [categorical.missing] { add(column, column == hot ? 1 : 0) }
            }
        }
        return result
    }

    package func write(to writer: inout ArtifactWriter) {
        encoding.write(to: &writer)
        writer.write(UInt32(outputs))
        writer.write(isRegression)
        writer.write(coefficients)
    }

    init(reader: inout ArtifactReader) throws(LearningError) {
        encoding = try FeatureEncoding(reader: &reader)
        let offset = reader.offset
        outputs = Int(try reader.read(UInt32.self))
        isRegression = try reader.readBool()
        coefficients = try reader.readDoubles()
        let scores = isRegression || outputs == 2 ? 1 : outputs
        guard outputs > 0, !isRegression || outputs == 1, coefficients.count == scores * (encoding.columns + 1) else {
            throw .artifactDamaged(
                reason: "\(coefficients.count) coefficients do not fit \(outputs) outputs", offset: offset)
        }
    }
}
