import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct TextVolumeTests {
    /// A table of texts of so many words, and a number.
    private func table(_ rows: Int, words: Int) -> DataTable {
        var random = RandomStream(seed: 3)
        let known = TextMaking.words(300, seed: 4)
        let texts = (0..<rows).map { _ in
            (0..<words).map { _ in known[random.index(below: known.count)] }.joined(separator: " ")
        }
        return DataTable(columns: [
            TableMaking.texts("review", texts), TableMaking.decimals("x", (0..<rows).map { Double($0 * 31 % 97) }),
            TableMaking.texts("kind", (0..<rows).map { $0 % 3 == 0 ? "yes" : "no" }),
        ])
    }

    private func plan(_ table: DataTable, budget: Double = 60, memory: Int = 2 << 30) throws -> TrainingPlan {
        var options = TrainingOptions(target: "kind")
        options.budgetSeconds = budget
        options.memoryBytes = memory
        options.threads = 2
        options.algorithms = ["linear"]
        return try TrainingPlan(table: table, options: options)
    }

    @Test func freeTextIsCountedInBytesAndColumns() throws {
        let plan = try plan(table(600, words: 50))
        #expect(plan.features.map(\.name) == ["review", "x"])
        #expect(plan.texts.columns == 1)
        // Words of 7 to 10 letters and a blank.
        #expect(abs(plan.texts.bytesPerRow - 475) < 10)
        #expect(plan.matrixColumns == 2 + 128)
        let pipeline = plan.pipeline
        #expect(pipeline.threads == 2 && pipeline.topicEntries == 500_000)
        let few = try self.plan(table(100, words: 50))
        #expect(few.texts == TextVolume() && few.matrixColumns == 2)
    }

    @Test func theMemoryOfTermsIsAtLeastWhatTheyTake() throws {
        for words in [8, 60, 300, 1_200] {
            let table = table(200, words: words)
            let plan = try plan(table)
            let prepared = try PreparedTable(table, features: plan.features)
            guard case .labels(let codes) = prepared.columns[0] else { return }
            var source = TermSource(codes)
            let bytes = codes.labels.indices.reduce(0) { $0 + 48 + 4 * source.terms(of: $1).count }
            let planned = TrainingMemory.keptTermBytes(plan)
            #expect(planned > Double(bytes) * 0.9 && planned < Double(bytes) * 3, "\(words) words: \(bytes)")
        }
    }

    @Test func longTextsInLittleTimeOrMemoryAreSearchedOnASample() throws {
        let long = table(3_000, words: 400)
        #expect(try AutoMLSearch(plan: plan(long), table: long).searchRows == 3_000)
        #expect(try AutoMLSearch(plan: plan(long, budget: 2), table: long).searchRows == 2_000)
        #expect(try AutoMLSearch(plan: plan(long, budget: 2), table: long).plan.pipeline.topicEntries == 100_000)
        let plan = try plan(long, memory: 40 << 20)
        let tight = try AutoMLSearch(plan: plan, table: long)
        #expect(tight.searchRows < 3_000 && tight.searchRows > 1_000)
        // An eighth of the memory.
        #expect(plan.pipeline.keptTerms == (40 << 20) / 8 / 4)
    }

    @Test func theTimeOfTopicsDoesNotGrowWithTheRows() throws {
        let table = table(600, words: 20)
        let plan = try plan(table)
        let prepared = try PreparedTable(table, features: plan.features)
        let folds = SearchFolds(plan, table: prepared, rows: plan.rows)
        #expect(folds.pipelineSeconds(rows: 600) == 0)
        _ = folds.matrix(0)
        let (none, once, twice) = (
            folds.pipelineSeconds(rows: 0), folds.pipelineSeconds(rows: 600), folds.pipelineSeconds(rows: 1_200)
        )
        #expect(none > 0 && once > none)
        #expect(abs(twice - once - (once - none)) < 1e-9)
    }

    @Test func aSearchOverTextHasTopicsAndItsImportance() throws {
        let (texts, classes) = TextMaking.reviews(360, synonyms: 60, seed: 14)
        let table = DataTable(columns: [
            TableMaking.texts("review", texts), TableMaking.texts("kind", classes.map { $0 == 0 ? "no" : "yes" }),
        ])
        let artifacts = try [1, 2].map { threads in
            var options = TrainingOptions(target: "kind")
            options.threads = threads
            options.maxTrials = 2
            options.budgetSeconds = 300
            options.algorithms = ["linear"]
            return try AutoMLSearch(plan: TrainingPlan(table: table, options: options), table: table).run()
        }
        let artifact = artifacts[0]
        #expect(artifact.summary.learner == "linear")
        #expect(try #require(artifact.summary.score) > 0.9)
        #expect(TextMaking.terms(artifact.pipeline)?.topics?.count == 32)
        #expect(artifact.explanation.importances.map(\.feature) == ["review"])
        #expect(artifact.pipeline == artifacts[1].pipeline)
        #expect(artifact.testVectors == artifacts[1].testVectors)
        try ModelArtifact.decode(artifact.encode()).verify()
    }
}
