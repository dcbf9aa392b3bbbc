import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct TextFeatureTests {
    private let pipeline = FeaturePipeline(features: TextMaking.review)

    private func rows(_ range: Range<Int>) -> [Int32] { range.map(Int32.init) }

    /// Share of rows of which a model answers the class.
    private func accuracy(
        _ learner: any Learner, _ matrix: FeatureMatrix, _ classes: [Int32], train: [Int32], test: [Int32]
    ) throws -> Double {
        let model = try learner.fit(
            matrix, target: .classes(classes, count: 2), rows: train, weights: nil, context: FitContext(seed: 1))
        let outputs = model.predict(matrix, rows: test)
        let right = test.indices.count { (outputs[$0 * 2 + 1] > 0.5 ? 1 : 0) == classes[Int(test[$0])] }
        return Double(right) / Double(test.count)
    }

    @Test func topicsOfSynonymsGeneraliseFromFewRows() throws {
        let (texts, classes) = TextMaking.reviews(1_000, synonyms: 150, seed: 5)
        let (train, test) = (rows(0..<200), rows(200..<1_000))
        let (fitted, matrix) = pipeline.fitTransform(
            try TextMaking.table(texts), target: .classes(classes, count: 2), rows: train, seed: 3)
        #expect(TextMaking.terms(fitted)?.topics?.count == 32)
        let learners: [(learner: any Learner, gain: Double)] = [
            (LinearLearner(), 0.03), (BoostingLearner(), 0.2), (NeighboursLearner(), 0.01),
        ]
        for (learner, gain) in learners {
            let with = try accuracy(learner, matrix, classes, train: train, test: test)
            let without = try accuracy(learner, matrix.withoutTopics, classes, train: train, test: test)
            #expect(with > without + gain, "\(type(of: learner).name)")
        }
    }

    @Test func characterNGramsHelpWithMisspeltWords() throws {
        let (texts, classes) = TextMaking.reviews(1_000, synonyms: 12, typos: 0.8, seed: 6)
        let (train, test) = (rows(0..<200), rows(200..<1_000))
        let codes = CategoryCodes(codes: rows(0..<1_000), labels: texts)
        var source = TermSource(codes)
        let statistics = TermStatistics(labels: train, source: &source)
        let accuracies = try [0, TextTopics.mostGrams].map { grams in
            let topics = try #require(
                TextTopics(
                    statistics, labels: train, source: &source, mostGrams: grams, mostEntries: 500_000, seed: 2))
            let terms = TextTerms(terms: [], names: [], weights: [], topics: topics)
            let columns = terms.encode(codes, source: source)
            let matrix = FeatureMatrix(rows: 1_000, features: columns.map { .init(name: "", values: $0) })
            return try accuracy(LinearLearner(), matrix, classes, train: train, test: test)
        }
        #expect(accuracies[1] > accuracies[0] + 0.05)
    }

    @Test func theSameBitsForAnyNumberOfThreads() throws {
        let (texts, classes) = TextMaking.reviews(300, synonyms: 40, seed: 7)
        let results = try [1, 2, 4].map { threads in
            var pipeline = pipeline
            pipeline.threads = threads
            // With few terms kept, most are found anew.
            if threads == 4 { pipeline.keptTerms = 1_000 }
            return pipeline.fitTransform(
                try TextMaking.table(texts), target: .classes(classes, count: 2), rows: rows(0..<300), seed: 3)
        }
        for (fitted, matrix) in results[1...] {
            #expect(fitted == results[0].0)
            #expect(matrix.bits == results[0].1.bits)
        }
    }

    @Test func otherRowsHaveNoInfluence() throws {
        let (texts, classes) = TextMaking.reviews(300, synonyms: 40, seed: 8)
        let train = rows(0..<200)
        let (fitted, matrix) = pipeline.fitTransform(
            try TextMaking.table(texts), target: .classes(classes, count: 2), rows: train, seed: 3)
        var (others, otherClasses): ([String?], [Int32]) = (texts, classes)
        for row in 200..<300 {
            others[row] = row % 3 == 0 ? nil : "entirely other words \(row) \(texts[row % 7])"
            otherClasses[row] = 1 - classes[row]
        }
        let (again, changed) = pipeline.fitTransform(
            try TextMaking.table(others), target: .classes(otherClasses, count: 2), rows: train, seed: 3)
        #expect(again == fitted)
        #expect(changed.selecting(train).bits == matrix.selecting(train).bits)
    }

    @Test func textsAreEncodedAlikeAloneAndAmongOthers() throws {
        let (texts, classes) = TextMaking.reviews(250, synonyms: 40, seed: 9)
        let strange: [String?] = [
            nil, "", "!!! ---", "Zürich 東京 👩‍👩‍👧 no known word", String(repeating: "long words and more ", count: 5_000),
            String(repeating: "x", count: 100_000), texts[3],
        ]
        let (fitted, matrix) = pipeline.fitTransform(
            try TextMaking.table(texts + strange), target: .classes(classes + [0, 1, 0, 1, 0, 1, 0], count: 2),
            rows: rows(0..<250), seed: 3)
        let alone = try strange.map { fitted.transform(try TextMaking.table([$0])).bits }
        for (index, bits) in alone.enumerated() {
            #expect(bits.map { $0[0] } == matrix.bits.map { $0[250 + index] }, "\(index)")
        }
        let values = alone.map { $0.map { Float(bitPattern: $0[0]) } }
        #expect(values[0].allSatisfy { $0.isNaN })
        #expect(values[1...].allSatisfy { $0.allSatisfy { $0.isFinite } })
        #expect(values[1].allSatisfy { $0 == 0 })
        #expect(values[2].dropFirst().allSatisfy { $0 == 0 } && values[2][0] == 7)
        #expect(values[4][0] == 100_000 && values[5][0] == 100_000)
        #expect(values[6] == matrix.bits.map { Float(bitPattern: $0[3]) })
    }

    @Test func columnsOfTopicsComeFromTheTextAndShowTheirWords() throws {
        let (texts, classes) = TextMaking.reviews(250, synonyms: 20, seed: 10)
        let table = DataTable(columns: [
            TableMaking.texts("review", texts), TableMaking.decimals("x", classes.map { Double($0 % 1) }),
        ])
        let features = table.columns.map { RawFeature($0) }
        let fitted = FeaturePipeline(features: features)
            .fit(try PreparedTable(table, features: features), target: .classes(classes, count: 2), rows: rows(0..<250))
        #expect(fitted.columnNames.suffix(3) == ["review.topic31", "review.topic32", "x"])
        #expect(fitted.sources.suffix(3) == [0, 0, 1])
        let topics = try #require(TextMaking.terms(fitted)?.topics)
        // The first topic is what all texts share, the second tells the subjects apart.
        let words = Set(TextMaking.words(20, seed: 101) + TextMaking.words(20, seed: 202))
        let shown = topics.shown(topic: 1)
        #expect(shown.count == 6)
        #expect(shown.allSatisfy { words.contains($0.term) }, "\(shown)")
        #expect(zip(shown, shown.dropFirst()).allSatisfy { abs($0.loading) >= abs($1.loading) })
    }

    @Test func fewTextsHaveFewTopicsOrNone() throws {
        func topics(_ texts: [String]) -> Int? {
            let codes = CategoryCodes(codes: rows(0..<texts.count), labels: texts)
            return TextTerms(
                codes, source: TermSource(codes), target: .regression(texts.indices.map(Double.init)),
                rows: rows(0..<texts.count), mostEntries: 1_000, seed: 1
            ).topics?.count
        }
        #expect(topics([]) == nil)
        #expect(topics(["one two three", "four five six"]) == nil)
        #expect(topics((0..<40).map { "all \($0 % 7) the same \($0 % 5)" }) ?? 99 <= 10)
        #expect(topics((0..<40).map { "\($0)" }) == nil)
    }

    @Test func manyTextsAreSampled() throws {
        let (texts, classes) = TextMaking.reviews(400, synonyms: 40, seed: 11)
        let table = try TextMaking.table(texts)
        let fitted = [500, 5_000, 500_000].map { entries in
            var pipeline = pipeline
            pipeline.topicEntries = entries
            return pipeline.fit(table, target: .classes(classes, count: 2), rows: rows(0..<400), seed: 1)
        }.map { TextMaking.terms($0)?.topics }
        // About 230 terms a text.
        #expect(fitted[0] == nil)
        #expect(4...8 ~= fitted[1]?.count ?? 0)
        #expect(fitted[2]?.count == 32)
        #expect(fitted[1]?.terms == fitted[2]?.terms)
    }
}
