import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

/// Whole searches that end with a stack: few votes of neighbours, and shares of leaves, are too timid for a sharp boundary.
@Suite("Searching a stack") struct StackSearchTests {
    private static let rows = 320

    private static func table(_ rows: Int = rows, seed: UInt64 = 21) -> DataTable {
        var random = RandomStream(seed: seed)
        let x = (0..<rows).map { _ in random.normal() }
        let y = (0..<rows).map { _ in random.normal() }
        let kind = zip(x, y).map { $0 * $0 + $1 * $1 + 0.5 * $0 * $1 < 1.4 ? "inside" : "outside" }
        return DataTable(columns: [
            TableMaking.decimals("x", x), TableMaking.decimals("y", y), TableMaking.texts("kind", kind),
        ])
    }

    private static func search(threads: Int = 1) throws -> AutoMLSearch {
        var options = TrainingOptions(target: "kind")
        options.metric = "log_loss"
        options.algorithms = ["decision_tree", "nearest_neighbours"]
        options.maxTrials = 8
        options.budgetSeconds = 600
        options.threads = threads
        let table = table()
        return try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table)
    }

    /// What of an artifact does not depend on the clock.
    private static func bytes(_ artifact: ModelArtifact) throws -> [UInt8] {
        var artifact = artifact
        artifact.summary.trainingSeconds = 0
        for index in artifact.leaderboard.items.indices {
            artifact.leaderboard.items[index].fitSeconds = 0
            artifact.leaderboard.items[index].predictSecondsPer1000 = 0
        }
        return try artifact.encode()
    }

    @Test func stackLeadsAndIsTheSameForAnyNumberOfThreadsAndAfterAKill() throws {
        var records: [TrialRecord] = []
        let artifact = try Self.search().run(onTrial: { records.append($0) })
        let board = artifact.leaderboard.items
        #expect(artifact.summary.learner == "stack")
        #expect(board.first?.learner == "stack")
        #expect(board.first?.score == artifact.summary.score)
        let best = try #require(board.first { $0.learner != "stack" && $0.learner != "ensemble" }?.score)
        #expect(try #require(artifact.summary.score) < best)
        let model = try #require(artifact.model as? EnsembleModel)
        #expect(model.members.map(\.weight) == artifact.summary.members.map(\.weight))
        #expect(artifact.summary.members.reduce(0) { $0 + $1.weight } > 1.05)
        try artifact.verify()

        let bytes = try Self.bytes(artifact)
        #expect(try Self.bytes(Self.search(threads: 2).run()) == bytes)
        let stored = try records.prefix(4).map {
            try JSONDecoder().decode(TrialRecord.self, from: JSONEncoder().encode($0))
        }
        let resumed = try Self.search().run(resume: stored)
        #expect(resumed.summary.members == artifact.summary.members)
        #expect(resumed.summary.score == artifact.summary.score)
        #expect(resumed.testVectors == artifact.testVectors)

        // On rows that it never saw it is as good as it was said to be, and better than its best trial was.
        let fresh = Self.table(2_000, seed: 5)
        let codes = try #require(fresh.column(named: "kind")).categories()
        let truth = codes.codes.map { artifact.summary.classes[1] == codes.labels[Int($0)] ? Int32(1) : 0 }
        let found = Metric.logLoss.score(.classes(truth, count: 2), predictions: Predictor(artifact).outputs(fresh))
        let told = try #require(artifact.summary.score)
        #expect(found < best)
        #expect(found < 1.25 * told)
    }
}
