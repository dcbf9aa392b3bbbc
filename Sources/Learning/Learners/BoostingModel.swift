import Foundation

/// A fitted sum of trees.
package struct BoostingModel: FittedModel {
    /// What the sum of the trees stands for.
    enum Link: UInt8, Sendable { case identity, logistic, softmax, exponential }

    /// One tree a round and score, round by round.
    let trees: [DecisionTree]
    /// Start of each score.
    let base: [Double]
    let link: Link
    package let outputs: Int
    let features: Int
    package var columns: Int? { features }
    /// Prediction with the identity link = centre + scale x score.
    let center: Double
    let scale: Double
    private let traversal: TreeTraversal

    init(
        _ trees: [DecisionTree], base: [Double], link: Link, outputs: Int, features: Int, center: Double,
        scale: Double
    ) {
        self.trees = trees
        self.base = base
        self.link = link
        self.outputs = outputs
        self.features = features
        self.center = center
        self.scale = scale
        traversal = TreeTraversal(trees, outputs: base.count)
    }

    /// The mean of the scores of several fits of one target on the same rows, at least one.
    init(meanOf models: [BoostingModel]) {
        let first = models[0]
        let share = 1 / Double(models.count)
        let trees = models.flatMap(\.trees).map { tree in
            var tree = tree
            for index in tree.values.indices { tree.values[index] *= share }
            return tree
        }
        self.init(
            trees, base: first.base, link: first.link, outputs: first.outputs, features: first.features,
            center: first.center, scale: first.scale)
    }

    /// Rounds that were kept, of all fits where it is a mean.
    package var rounds: Int { trees.count / max(1, base.count) }

    package var artifactTag: ArtifactTag { .boosting }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        let count = rows?.count ?? matrix.rows
        var scores = Array(repeating: base.first ?? 0, count: count * base.count)
        if base.count > 1 { for index in scores.indices { scores[index] = base[index % base.count] } }
        traversal.add(matrix, rows: rows, to: &scores)
        switch link {
        case .identity:
            for index in scores.indices { scores[index] = center + scale * scores[index] }
        case .exponential:
            for index in scores.indices { scores[index] = exp(scores[index]) }
        case .softmax:
            for row in 0..<count { LinkFunctions.softmax(&scores, offset: row * base.count, classes: base.count) }
        case .logistic:
            var result = Array(repeating: 0.0, count: 2 * count)
            for row in 0..<count {
                let share = LinkFunctions.sigmoid(scores[row])
                result[2 * row] = 1 - share
                result[2 * row + 1] = share
            }
            return result
        }
        return scores
    }

    package func write(to writer: inout ArtifactWriter) {
        writer.write(link.rawValue)
        writer.write(UInt32(outputs))
        writer.write(UInt32(features))
        writer.write(center)
        writer.write(scale)
        writer.write(base)
        writer.write(UInt32(trees.count))
        for tree in trees { tree.write(to: &writer) }
    }

    init(reader: inout ArtifactReader) throws(LearningError) {
        let offset = reader.offset
        guard let link = Link(rawValue: try reader.read()) else {
            throw .artifactDamaged(reason: "the link of a boosting model is unknown", offset: offset)
        }
        let outputs = Int(try reader.read(UInt32.self))
        let features = Int(try reader.read(UInt32.self))
        let center = try reader.readDouble()
        let scale = try reader.readDouble()
        let base = try reader.readDoubles()
        let trees = try DecisionTree.readAll(&reader, features: features, outputs: 1)
        let scores = link == .softmax ? outputs : 1
        guard base.count == scores, scores > 0, link == .softmax || outputs == (link == .logistic ? 2 : 1) else {
            throw .artifactDamaged(reason: "\(base.count) scores do not fit \(outputs) outputs", offset: offset)
        }
        self.init(
            trees, base: base, link: link, outputs: outputs, features: features, center: center, scale: scale)
    }
}
