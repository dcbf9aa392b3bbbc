/// The mean or the shares of the nearest rows, for small data: a prediction looks at every kept row.
///
/// Distance is Euclidean over standardised numbers and one-hot categories.
package struct NeighboursLearner: Learner {
    package static let name = "nearest_neighbours"

    /// Rows that vote, 1 or more.
    package var neighbours: Int
    /// Nearer rows weigh more.
    package var byDistance: Bool
    /// Most rows kept, drawn at random, 1 or more.
    package var mostRows: Int

    package init(neighbours: Int = 15, byDistance: Bool = true, mostRows: Int = 10_000) {
        self.neighbours = neighbours
        self.byDistance = byDistance
        self.mostRows = mostRows
    }

    package var parameters: [String: LearnerParameter] {
        ["neighbours": .integer(neighbours), "by_distance": .flag(byDistance), "most_rows": .integer(mostRows)]
    }

    package func fit(
        _ matrix: FeatureMatrix, target: Target, rows: [Int32], weights: [Float]?, context: FitContext
    ) throws(LearningError) -> any FittedModel {
        if context.mustStop { throw .cancelled }
        var kept = rows.filter { row in
            if case .classes = target { return target.classCode(row) != nil }
            return true
        }
        if kept.count > max(1, mostRows) {
            var random = RandomStream(seed: context.seed, part: 0x6E6E)
            let chosen = random.sample(max(1, mostRows), below: kept.count)
            kept = chosen.map { kept[Int($0)] }
        }
        let encoding = FeatureEncoding(matrix, rows: rows, categories: 64)
        if context.mustStop { throw .cancelled }
        let encoded = encoding.encode(matrix, rows: kept)
        if context.mustStop { throw .cancelled }
        let values: [Double] =
            switch target {
            case .regression(let numbers): kept.map { numbers[Int($0)] }
            case .classes(let codes, _): kept.map { Double(codes[Int($0)]) }
            }
        var isRegression = false
        if case .regression = target { isRegression = true }
        return NeighboursModel(
            encoding: encoding, isRegression: isRegression, prior: target.prior(rows: rows, weights: weights),
            neighbours: max(1, neighbours), byDistance: byDistance, dense: encoded.dense.map(\.values),
            oneHot: encoded.oneHot.map(\.columns), values: values,
            weights: kept.map { row in weights.map { max(0, $0[Int(row)]) } ?? 1 })
    }
}

/// The kept rows as a model.
package struct NeighboursModel: FittedModel {
    let encoding: FeatureEncoding
    let isRegression: Bool
    let prior: [Double]
    let neighbours: Int
    let byDistance: Bool
    /// Standardised columns, a number a kept row.
    let dense: [[Float]]
    /// One-hot groups, a column a kept row.
    let oneHot: [[Int32]]
    let values: [Double]
    let weights: [Float]

    package var outputs: Int { prior.count }
    package var columns: Int? { encoding.features.count }
    package var artifactTag: ArtifactTag { .neighbours }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        let rows = rows ?? Array(0..<Int32(matrix.rows))
        let encoded = encoding.encode(matrix, rows: rows)
        var result: [Double] = []
        result.reserveCapacity(rows.count * outputs)
        var distances = Array(repeating: Float(0), count: values.count)
        for row in rows.indices {
            for index in distances.indices { distances[index] = 0 }
            for (column, kept) in dense.enumerated() where column < encoded.dense.count {
                let own = encoded.dense[column].values[row]
                for index in distances.indices {
                    let difference = kept[index] - own
                    distances[index] += difference * difference
                }
            }
            for (group, kept) in oneHot.enumerated() where group < encoded.oneHot.count {
                let own = encoded.oneHot[group].columns[row]
                for index in distances.indices { distances[index] += kept[index] == own ? 0 : 1 }
            }
            result.append(contentsOf: vote(distances))
        }
        return result
    }

    /// Weighted mean of the nearest rows; shares are drawn towards the prior by one row's worth.
    private func vote(_ distances: [Float]) -> [Double] {
        var nearest: [(distance: Float, index: Int)] = []
        for index in distances.indices where weights[index] > 0 {
            let distance = distances[index]
            if nearest.count == neighbours, let last = nearest.last, distance >= last.distance { continue }
            var place = nearest.count
            while place > 0, nearest[place - 1].distance > distance { place -= 1 }
            nearest.insert((distance, index), at: place)
            if nearest.count > neighbours { nearest.removeLast() }
        }
        var total = 0.0
        var sums = Array(repeating: 0.0, count: isRegression ? 1 : outputs)
        for (distance, index) in nearest {
            let closeness = byDistance ? 1 / (Double(distance).squareRoot() + 1e-3) : 1
            let weight = Double(weights[index]) * closeness
            total += weight
            if isRegression { sums[0] += weight * values[index] } else { sums[Int(values[index])] += weight }
        }
        guard total > 0, total.isFinite else { return prior }
        if isRegression { return [sums[0] / total] }
        let count = Double(nearest.count)
        return sums.indices.map { (sums[$0] / total * count + prior[$0]) / (count + 1) }
    }

    package func write(to writer: inout ArtifactWriter) {
        encoding.write(to: &writer)
        writer.write(isRegression)
        writer.write(prior)
        writer.write(UInt32(neighbours))
        writer.write(byDistance)
        writer.write(values)
        writer.write(weights)
        writer.write(UInt32(dense.count))
        for column in dense { writer.write(column) }
        writer.write(UInt32(oneHot.count))
        for group in oneHot { writer.write(group) }
    }
}

extension NeighboursModel {
    /// - Throws: `.artifactDamaged` unless all columns are as long as the values.
    init(reader: inout ArtifactReader) throws(LearningError) {
        encoding = try FeatureEncoding(reader: &reader)
        let offset = reader.offset
        isRegression = try reader.readBool()
        prior = try reader.readDoubles()
        neighbours = max(1, Int(try reader.read(UInt32.self)))
        byDistance = try reader.readBool()
        values = try reader.readDoubles()
        weights = try reader.readFloats()
        var dense: [[Float]] = []
        for _ in 0..<(try reader.readCount(elementBytes: 4)) { dense.append(try reader.readFloats()) }
        var oneHot: [[Int32]] = []
        for _ in 0..<(try reader.readCount(elementBytes: 4)) { oneHot.append(try reader.readIntegers()) }
        (self.dense, self.oneHot) = (dense, oneHot)
        let count = values.count
        let isCoded = isRegression || values.allSatisfy { $0 >= 0 && $0 < Double(prior.count) }
        guard isRegression ? prior.count == 1 : !prior.isEmpty else {
            throw .artifactDamaged(reason: "kept rows of \(prior.count) outputs", offset: offset)
        }
        guard isCoded, weights.count == count, dense.allSatisfy({ $0.count == count }),
            oneHot.allSatisfy({ $0.count == count })
        else { throw .artifactDamaged(reason: "the columns of kept rows differ in length", offset: offset) }
    }
}
