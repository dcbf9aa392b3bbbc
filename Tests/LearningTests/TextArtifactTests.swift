import Foundation
import Shared
import Tabular
import Testing

@testable import Learning

@Suite struct TextArtifactTests {
    /// A model of 200 reviews.
    private static let trained = Result {
        let (texts, classes) = TextMaking.reviews(200, synonyms: 20, seed: 12)
        let rows = Array(0..<Int32(200))
        let prepared = try TextMaking.table(texts)
        var artifact = try TableMaking.trained()
        let target = Target.classes(classes, count: 2)
        let (pipeline, matrix) = FeaturePipeline(features: TextMaking.review)
            .fitTransform(prepared, target: target, rows: rows, seed: 1)
        artifact.pipeline = pipeline
        artifact.model = try LinearLearner()
            .fit(matrix, target: target, rows: rows, weights: nil, context: FitContext(seed: 1))
        artifact.profile = TrainingProfile(prepared, features: TextMaking.review)
        artifact.testVectors.rows = texts.prefix(32).map { ["review": .string($0)] }
        let predictor = Predictor(artifact)
        artifact.testVectors.outputs = predictor.outputs(try predictor.table(from: artifact.testVectors.rows))
        return artifact
    }

    /// As models of earlier releases are: without topics.
    private static let old = Result {
        var artifact = try trained.get()
        guard case .text(var terms)? = artifact.pipeline.encoders.first else { throw LearningError.noFeatures }
        terms.topics = nil
        artifact.pipeline = FittedPipeline(features: TextMaking.review, encoders: [.text(terms)])
        artifact.model = BaselineModel(values: [0.25, 0.75])
        artifact.testVectors.outputs = artifact.calibrated([0.25, 0.75])
        artifact.testVectors.rows = [["review": .string("late delivery")]]
        return artifact
    }

    @Test func roundTripGivesTheSameBytesAndPredictions() throws {
        let artifact = try Self.trained.get()
        let bytes = try artifact.encode()
        let back = try ModelArtifact.decode(bytes)
        try back.verify()
        #expect(back.pipeline == artifact.pipeline)
        #expect(try back.encode() == bytes)
        let terms = try #require(TextMaking.terms(artifact.pipeline))
        let topics = try #require(terms.topics)
        // Hashes, weights and loadings of 4 bytes, and the words.
        var writer = ArtifactWriter()
        topics.write(to: &writer)
        let least = topics.terms.count * (4 + 4 + 4 * topics.count)
        #expect(writer.bytes.count > least && writer.bytes.count < least + 8_000)
        let answers = try Predictor(back).predict(rows: [["review": .null], ["review": .string("nothing known")]])
        #expect(answers.allSatisfy { $0.probabilities?.values.allSatisfy(\.isFinite) == true })
    }

    @Test func contributionsAreOfTheWholeText() throws {
        let artifact = try Self.trained.get()
        let row = try #require(artifact.testVectors.rows.first)
        let reply = try #require(try Predictor(artifact).predict(rows: [row], explain: true).first)
        let contributions = try #require(reply.contributions)
        #expect(contributions.map(\.feature) == ["review"])
    }

    @Test func modelsOfTheFirstFormatAreRead() throws {
        let artifact = try Self.old.get()
        var bytes = try artifact.encode()
        bytes[8] = 1
        let back = try ModelArtifact.decode(bytes)
        try back.verify()
        #expect(back.pipeline == artifact.pipeline)
        #expect(TextMaking.terms(back.pipeline)?.topics == nil)
    }

    /// The section of a pipeline as the first format has it, byte by byte, and what that release made of a text.
    @Test func pipelinesOfTheFirstFormatEncodeAsTheyDid() throws {
        var bytes: [UInt8] = [1, 0, 0, 0]
        func add(_ text: String) { bytes += [UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8) }
        add("note")
        add("text")
        bytes.append(0)
        add("")
        add("")
        bytes += [5, 3, 0, 0, 0]
        // "delivery", "late", "late delivery"
        bytes += [0xFF, 0x46, 0, 0, 0xAC, 0x59, 0, 0, 0x25, 0x73, 0, 0, 3, 0, 0, 0]
        add("delivery")
        add("late")
        add("late delivery")
        bytes += [3, 0, 0, 0]
        // 1, 2, 2
        for high: [UInt8] in [[0xF0, 0x3F], [0, 0x40], [0, 0x40]] { bytes += [0, 0, 0, 0, 0, 0] + high }
        var reader = ArtifactReader(bytes)
        let fitted = try FittedPipeline(reader: &reader)
        #expect(reader.remaining == 0)
        #expect(fitted.columnNames == ["note.length", "note.delivery", "note.late", "note.late delivery"])
        let matrix = try fitted.transform(
            DataTable(columns: [TableMaking.texts("note", ["Late delivery, late!", "too late", nil, "fine"])]))
        let third: Float = 1.0 / 3
        let twoThirds: Float = 2.0 / 3
        let expected: [[Float]] = [
            [20, 8, .nan, 4], [third, 0, .nan, 0], [twoThirds, 1, .nan, 0], [twoThirds, 0, .nan, 0],
        ]
        #expect(matrix.bits == expected.map { $0.map(\.bitPattern) })
        var writer = ArtifactWriter()
        fitted.write(to: &writer)
        #expect(writer.bytes == bytes)
    }

    @Test func damagedTopicsAreRefusedOrReadWithoutATrap() throws {
        let artifact = try Self.trained.get()
        var writer = ArtifactWriter()
        artifact.pipeline.write(to: &writer)
        let table = try TextMaking.table(["some words here", nil])
        var random = RandomStream(seed: 8)
        var refused = 0
        for round in 0..<120 {
            var damaged = writer.bytes
            // Half of the damage to the lists' lengths and first entries.
            let reach = round % 2 == 0 ? 8_000 : damaged.count
            damaged[random.index(below: reach)] ^= UInt8(1 << random.index(below: 8))
            if random.unit() < 0.2 { damaged.removeLast(1 + random.index(below: 1_000)) }
            var reader = ArtifactReader(damaged)
            do throws(LearningError) { _ = try FittedPipeline(reader: &reader).transform(table) } catch { refused += 1 }
        }
        #expect(refused > 25)
    }

    @Test func topicsOutOfOrderOrOfOtherSizesAreRefused() throws {
        let good = TextTopics(terms: [3, 9], weights: [1, 1], loadings: [0.5, 1, 0, 1], named: [1], names: ["late"])
        func refused(_ topics: TextTopics, change: (inout [UInt8]) -> Void = { _ in }) -> Bool {
            var writer = ArtifactWriter()
            topics.write(to: &writer)
            var bytes = writer.bytes
            change(&bytes)
            var reader = ArtifactReader(bytes)
            return (try? TextTopics(reader: &reader)) == nil
        }
        #expect(!refused(good))
        // The first hash: past the second, past the buckets; the number of topics; a named place.
        #expect(refused(good) { $0[4] = 9 })
        #expect(
            refused(good) {
                $0[8] = 0; $0[11] = 1
            })
        #expect(refused(good) { $0[24] = 1 })
        #expect(refused(good) { $0[24] = 33 })
        #expect(refused(good) { $0[52] = 2 })
        #expect(refused(TextTopics(terms: [3, 9], weights: [1, .nan], loadings: [0, 1], named: [], names: [])))
        #expect(refused(TextTopics(terms: [3, 9], weights: [1], loadings: [0, 1], named: [], names: [])))
        #expect(refused(TextTopics(terms: [3, 9], weights: [1, 1], loadings: [0, .infinity], named: [], names: [])))
        #expect(refused(TextTopics(terms: [], weights: [], loadings: [], named: [], names: [])))
    }

    @Test func theExportShowsTheWordsOfTopics() throws {
        let document = try WireJSON.decode(JSONValue.self, from: Data(try Self.trained.get().json()))
        guard case .object(let fields) = document, case .array(let features)? = fields["features"],
            case .object(let review)? = features.first, case .array(let topics)? = review["topics"],
            case .object(let first)? = topics.first, case .array(let terms)? = first["terms"]
        else {
            Issue.record("no topics")
            return
        }
        #expect(fields["version"] == .integer(3))
        #expect(review["encoding"] == .string("terms_and_topics"))
        #expect(topics.count == 32)
        #expect(first["column"] == .string("review.topic1"))
        #expect(terms.count == 6)
    }
}
