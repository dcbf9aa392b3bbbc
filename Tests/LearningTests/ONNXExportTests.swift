import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

/// Exported models in the real onnxruntime, against what csvand predicts.
@Suite struct ONNXExportTests {
    struct Finding: Decodable {
        var name: String
        var difference: Double
        var wrong: Int
        var bytes: Int
        var inputs: [String: String]
        var outputs: [String]
        var metadata: [String: String]
        var modelVersion: Int
    }

    private static let tolerance = 1e-5

    @Test(.timeLimit(.minutes(5))) func everyLearnerPredictsTheSameInOnnxruntime() throws {
        let folder = try TemporaryFolder()
        let rows = ONNXSubject.table(300, seed: 8, strange: true)
        var names: Set<String> = []
        func export(_ name: String, _ artifact: ModelArtifact, _ table: DataTable) throws {
            try Data(try artifact.onnx(name: name, version: 4)).write(to: folder.url.appending(path: name + ".onnx"))
            try JSONEncoder().encode(ONNXCase(artifact, table))
                .write(to: folder.url.appending(path: name + ".json"))
            names.insert(name)
        }
        for task in LearnerTask.allCases {
            for (index, subject) in LearnerSubject.all.enumerated() {
                let learner = type(of: subject.learner).name
                try export(
                    "\(learner)-\(index)-\(task)", ONNXSubject.artifact([subject.learner], task: task), rows)
            }
            let several: [any Learner] = [LinearLearner(), DecisionTreeLearner(), NeighboursLearner()]
            try export("ensemble-\(task)", ONNXSubject.artifact(several, task: task), rows)
            try export("stack-\(task)", ONNXSubject.artifact(several, task: task, isStack: true), rows)
        }
        // No split leaves so many rows: every tree is a leaf.
        try export(
            "stump", ONNXSubject.artifact([RandomForestLearner.few(minimumRows: 4_000)], task: .threeClasses), rows)
        let poisson = BoostingLearner(LearnerSubject.boosting { ($0.iterations, $0.objective) = (20, .poisson) })
        try export("poisson", ONNXSubject.artifact([poisson], task: .number), rows)
        let plain = NeighboursLearner(neighbours: 7, byDistance: false)
        try export("neighbours", ONNXSubject.artifact([plain], task: .threeClasses), rows)
        let boosting = LearnerSubject.boosting { $0.iterations = 20 }
        let calibrations: [(String, LearnerTask, Calibration)] = [
            ("platt", .twoClasses, .platt(slope: 0.4, intercept: -0.2)),
            ("isotonic", .twoClasses, .isotonic(from: [0.02, 0.3, 0.31, 0.8], to: [0.1, 0.15, 0.6, 0.7])),
            ("isotonic-pair", .twoClasses, .isotonic(from: [0.2, 0.6], to: [0.1, 0.9])),
            ("isotonic-point", .twoClasses, .isotonic(from: [0.5], to: [0.3])),
            ("temperature", .threeClasses, .temperature(1.7)),
        ]
        for (name, task, calibration) in calibrations {
            try export(
                name,
                ONNXSubject.artifact(
                    [BoostingLearner(boosting)], task: task, calibration: calibration, threshold: 0.35), rows)
        }
        try export("searched", TableMaking.trained(), TableMaking.customers(60, seed: 4))

        let findings = try check(folder.url)
        #expect(Set(findings.map(\.name)) == names)
        for finding in findings {
            #expect(finding.difference <= Self.tolerance, "\(finding.name)")
            #expect(finding.wrong == 0, "\(finding.name)")
        }
        try expectDescription(of: #require(findings.first { $0.name == "platt" }))
        let number = try #require(findings.first { $0.name == "ensemble-number" })
        #expect(number.outputs == ["value", "interval"])
    }

    private func expectDescription(of finding: Finding) {
        #expect(
            finding.inputs == [
                "x": "tensor(double)", "count": "tensor(double)", "flag": "tensor(double)", "label": "tensor(string)",
                "city": "tensor(string)", "joined": "tensor(double)", "seen": "tensor(double)",
            ])
        #expect(finding.outputs == ["label_", "probabilities"])
        #expect(finding.modelVersion == 4)
        #expect(
            finding.metadata == [
                "model": "platt", "version": "4", "dataset_version": "0", "target": "outcome", "task": "binary",
                "learner": "gradient_boosting", "classes": #"["no","yes"]"#, "threshold": "0.35",
            ])
    }

    @Test func treesCanBeReadInJSON() throws {
        let one = DecisionTreeLearner(maximumDepth: 3, minimumRows: 10)
        let artifact = try ONNXSubject.artifact([one], task: .twoClasses)
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(artifact.json()))
        guard case .object(let document) = json, case .object(let model)? = document["model"],
            case .array(let trees)? = model["trees"], case .array(let nodes)? = trees.first
        else {
            Issue.record("no trees")
            return
        }
        #expect(model["tree_count"] == .integer(1))
        #expect(model["node_count"] == .integer(Int64(nodes.count)))
        let fields: [[String: JSONValue]] = nodes.map { if case .object(let fields) = $0 { fields } else { [:] } }
        let names = Set(artifact.pipeline.columnNames)
        for node in fields {
            guard case .string(let column)? = node["column"] else {
                guard case .array(let shares)? = node["value"] else {
                    Issue.record("neither a split nor a leaf")
                    continue
                }
                #expect(shares.count == 2)
                continue
            }
            #expect(names.contains(column))
            guard case .integer(let left)? = node["left"], case .integer(let right)? = node["right"] else {
                Issue.record("a split without children")
                continue
            }
            #expect(fields.indices.contains(Int(left)) && fields.indices.contains(Int(right)))
        }
        #expect(
            fields.contains { node in
                if case .array(let labels)? = node["labels_left"] { !labels.isEmpty } else { false }
            })
    }

    @Test func freeTextIsRefusedByName() throws {
        var artifact = try TableMaking.trained()
        let terms = TextTerms(terms: [1], names: ["late"], weights: [1])
        let note = RawFeature(name: "note", type: .text)
        artifact.pipeline = FittedPipeline(features: [note], encoders: [.text(terms)])
        let error = #expect(throws: LearningError.self) { try artifact.onnx(name: "m", version: 1) }
        #expect(error?.problem.code == "model.export_unavailable")
        #expect(
            error?.problem.detail
                == "The model cannot be written as ONNX: the feature \"note\" is free text, whose words are hashed, and ONNX has no operator for that."
        )
        #expect(
            error?.problem.remedy
                == "Train it without what is named, or export with format=json, which describes the model.")
        artifact.pipeline = FittedPipeline(features: [], encoders: [])
        #expect(throws: LearningError.notExpressible(reason: "it has no features")) {
            try artifact.onnx(name: "m", version: 1)
        }
    }

    /// Runs the script that sets up onnxruntime and compares.
    private func check(_ folder: URL) throws -> [Finding] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appending(path: "scripts/check-onnx.sh")
        process.arguments = [folder.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try text.split(separator: UInt8(ascii: "\n")).map { try decoder.decode(Finding.self, from: Data($0)) }
    }
}

/// A folder that goes with its owner.
private final class TemporaryFolder {
    let url: URL

    init() throws {
        url = URL.temporaryDirectory.appending(path: "csvand-onnx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

extension RandomForestLearner {
    fileprivate static func few(minimumRows: Int) -> RandomForestLearner {
        var settings = ForestSettings()
        settings.trees = 3
        settings.minimumRows = minimumRows
        return RandomForestLearner(settings)
    }
}
