/// One fitted tree, or the mean of many.
package struct TreeModel: FittedModel, ExplainableModel {
    package let trees: [DecisionTree]
    package let outputs: Int
    let features: Int
    package var columns: Int? { features }
    /// Loss on rows that the trees did not see, when it was asked for; see `ForestSettings.outOfBag`.
    package let outOfBagLoss: Double?
    private let isForest: Bool
    private let traversal: TreeTraversal

    init(_ trees: [DecisionTree], outputs: Int, features: Int, isForest: Bool, outOfBagLoss: Double? = nil) {
        self.trees = trees
        self.outputs = outputs
        self.features = features
        self.isForest = isForest
        self.outOfBagLoss = outOfBagLoss
        traversal = TreeTraversal(trees, outputs: outputs)
    }

    package var artifactTag: ArtifactTag { isForest ? .forest : .tree }
    package var contributionSpace: ContributionSpace { .prediction }

    package func predict(_ matrix: FeatureMatrix, rows: [Int32]?) -> [Double] {
        var result = Array(repeating: 0.0, count: (rows?.count ?? matrix.rows) * outputs)
        traversal.add(matrix, rows: rows, to: &result)
        if trees.count > 1 {
            let share = 1 / Double(trees.count)
            for index in result.indices { result[index] *= share }
        }
        return result
    }

    package func contributions(_ matrix: FeatureMatrix, row: Int32) -> [[Double]] {
        let width = max(features, matrix.features.count) + 1
        var lines = Array(repeating: Array(repeating: 0.0, count: width), count: outputs)
        for tree in trees {
            TreeContributions.add(
                tree, matrix, row: Int(row), output: 0, scale: 1 / Double(trees.count), width: width, to: &lines)
        }
        return lines
    }

    package func write(to writer: inout ArtifactWriter) {
        writer.write(UInt32(outputs))
        writer.write(UInt32(features))
        writer.write(outOfBagLoss ?? .nan)
        writer.write(UInt32(trees.count))
        for tree in trees { tree.write(to: &writer) }
    }

    init(reader: inout ArtifactReader, isForest: Bool) throws(LearningError) {
        let offset = reader.offset
        let outputs = Int(try reader.read(UInt32.self))
        let features = Int(try reader.read(UInt32.self))
        let loss = try reader.readDouble()
        let trees = try DecisionTree.readAll(&reader, features: features, outputs: outputs)
        guard outputs > 0, !trees.isEmpty else {
            throw .artifactDamaged(reason: "a forest has no tree", offset: offset)
        }
        self.init(
            trees, outputs: outputs, features: features, isForest: isForest, outOfBagLoss: loss.isNaN ? nil : loss)
    }
}
