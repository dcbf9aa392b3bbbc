import Foundation
import Testing

@testable import Learning

/// Contributions of tree models against the shap package.
@Suite struct ShapTests {
    /// A tree as arrays by node.
    private struct Tree: Encodable {
        var childrenLeft: [Int32] = []
        var childrenRight: [Int32] = []
        var childrenDefault: [Int32] = []
        var features: [Int32] = []
        var thresholds: [Double] = []
        var values: [[Double]] = []
        var nodeSampleWeight: [Double] = []

        init(_ tree: DecisionTree, scale: Double) {
            var covers = tree.nodes.map { Double($0.cover) }
            // Children come after their parent.
            for (index, node) in tree.nodes.enumerated().reversed() where !node.isLeaf {
                covers[index] = covers[Int(node.left)] + covers[Int(node.right)]
            }
            for (index, node) in tree.nodes.enumerated() {
                childrenLeft.append(node.isLeaf ? -1 : node.left)
                childrenRight.append(node.isLeaf ? -1 : node.right)
                childrenDefault.append(node.isLeaf ? -1 : node.missingLeft ? node.left : node.right)
                features.append(node.isLeaf ? -2 : node.feature)
                // All numbers on one side, missing values on the other; JSON has no infinity.
                thresholds.append(node.threshold.isFinite ? Double(node.threshold) : .greatestFiniteMagnitude)
                let answer = node.isLeaf ? tree.answer(of: index) : Array(repeating: 0, count: tree.outputs)
                values.append(answer.map { scale * $0 })
                nodeSampleWeight.append(covers[index])
            }
        }
    }

    private struct Model: Encodable {
        var name: String
        var trees: [Tree]
        var base: [Double]
        var rows: [[Float?]]
        var contributions: [[[Double]]]
    }

    private struct Finding: Decodable {
        let name: String
        let difference: Double
        let largest: Double
    }

    /// Numbers of which some are missing, and a target that several of them decide together.
    private static func problem() -> (matrix: FeatureMatrix, values: [Double], classes: [Int32]) {
        var random = RandomStream(seed: 11)
        var columns = [[Float]](repeating: [], count: 5)
        var values: [Double] = []
        for _ in 0..<400 {
            let row = (0..<5).map { _ in random.normal() }
            values.append(row[0] * row[1] + (row[2] > 0.3 ? 2 : -1) + 0.3 * row[3] + 0.1 * random.normal())
            for column in 0..<5 { columns[column].append(random.unit() < 0.1 ? .nan : Float(row[column])) }
        }
        let matrix = FeatureMatrix(
            rows: 400, features: columns.enumerated().map { .init(name: "x\($0)", values: .numeric($1)) })
        return (matrix, values, values.map { $0 < -0.5 ? 0 : $0 < 1.5 ? 1 : 2 })
    }

    @Test(.timeLimit(.minutes(5))) func contributionsEqualThoseOfShap() throws {
        let (matrix, values, classes) = Self.problem()
        let rows = Array(Int32(0)..<400)
        let numbers = Target.regression(values)
        let kinds = Target.classes(classes, count: 3)
        let boosting = BoostingLearner(LearnerSubject.boosting { $0.iterations = 40 })
        var forest = ForestSettings()
        forest.trees = 15
        let subjects: [(String, any Learner, Target)] = [
            ("boosting", boosting, numbers),
            ("boosting of two classes", boosting, .classes(classes.map { min($0, 1) }, count: 2)),
            ("decision tree", DecisionTreeLearner(maximumDepth: 8, minimumRows: 2), numbers),
            ("decision tree of three classes", DecisionTreeLearner(maximumDepth: 8, minimumRows: 2), kinds),
            ("random forest", RandomForestLearner(forest), numbers),
            ("extra trees of three classes", ExtraTreesLearner(forest), kinds),
        ]
        var models: [Model] = []
        for (name, learner, target) in subjects {
            let fitted = try learner.fit(matrix, target: target, rows: rows, weights: nil, context: FitContext(seed: 3))
            let explained = rows.prefix(60)
            var lines = try explained.map {
                try #require(fitted as? any ExplainableModel).contributions(matrix, row: $0)
            }
            let trees: [Tree]
            var base = [0.0]
            if let boosted = fitted as? BoostingModel {
                trees = boosted.trees.map { Tree($0, scale: boosted.scale) }
                base = [boosted.center + boosted.scale * boosted.base[0]]
                lines = lines.map { [$0[$0.count - 1]] }
            } else {
                let forest = try #require(fitted as? TreeModel)
                trees = forest.trees.map { Tree($0, scale: 1 / Double(forest.trees.count)) }
                base = Array(repeating: 0, count: forest.outputs)
            }
            models.append(
                Model(
                    name: name, trees: trees, base: base,
                    rows: explained.map { row in
                        matrix.features.map { feature in
                            guard case .numeric(let values) = feature.values, !values[Int(row)].isNaN else {
                                return nil
                            }
                            return values[Int(row)]
                        }
                    }, contributions: lines))
        }
        let findings = try check(models)
        #expect(findings.map(\.name) == models.map(\.name))
        for finding in findings {
            #expect(finding.difference < 1e-6 * max(1, finding.largest), "\(finding.name): \(finding.difference)")
            #expect(finding.largest > 0.05, "\(finding.name)")
        }
    }

    private func check(_ models: [Model]) throws -> [Finding] {
        let file = URL.temporaryDirectory.appending(path: "csvand-shap-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try encoder.encode(models).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/check-shap.sh")
        process.arguments = [file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try text.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Finding.self, from: Data($0))
        }
    }
}
