import Shared
import Testing

@testable import Learning

@Suite struct PredictorTests {
    private let row: [String: JSONValue] = [
        "x": .string("2.5"), "colour": .string("red"), "joined": .string("2022-03-04"),
    ]

    @Test func rawStringsGiveALabelWithProbabilities() throws {
        let predictor = Predictor(try TableMaking.trained())
        let prediction = try predictor.predict(rows: [row], explain: true)[0]
        #expect(prediction.prediction == .string("yes"))
        #expect(prediction.probabilities?.keys.sorted() == ["no", "yes"])
        #expect(prediction.probabilities?["yes"] ?? 0 > 0.9)
        #expect(abs((prediction.probabilities?.values.reduce(0, +) ?? 0) - 1) < 1e-9)
        #expect(prediction.contributions?.first?.feature == "x")
        #expect(prediction.contributions?.first?.value == .number(2.5))
        #expect(prediction.contributions?.first?.contribution ?? 0 > 0)
        #expect(prediction.flags.isEmpty)
        #expect(prediction.interval == nil)
        var low = row
        low["x"] = .number(-2.5)
        #expect(try predictor.predict(rows: [low])[0].prediction == .string("no"))
    }

    @Test func rowsAlonePredictTheSameAsTogether() throws {
        let predictor = Predictor(try TableMaking.trained(target: "price"))
        var other = row
        other["x"] = .null
        let together = try predictor.predict(rows: [row, other])
        #expect(together[0] == (try predictor.predict(rows: [row])[0]))
        #expect(together[1] == (try predictor.predict(rows: [other])[0]))
        guard case .number(let value) = together[0].prediction, let interval = together[0].interval else {
            Issue.record("no number")
            return
        }
        #expect(interval[0] < value && value < interval[1])
    }

    @Test func strangeValuesAreFlagged() throws {
        let predictor = Predictor(try TableMaking.trained())
        let strange: [String: JSONValue] = ["x": .integer(1000), "colour": .string("pink"), "joined": .null]
        #expect(
            try predictor.predict(rows: [strange])[0].flags == [
                .init(feature: "x", kind: .outOfRange), .init(feature: "colour", kind: .unseenCategory),
                .init(feature: "joined", kind: .missing),
            ])
    }

    @Test func absentFeaturesAndUnreadableValuesAreRefused() throws {
        let predictor = Predictor(try TableMaking.trained())
        #expect(throws: LearningError.missingFeature(name: "x")) {
            try predictor.predict(rows: [["colour": .null, "joined": .null]])
        }
        var bad = row
        bad["joined"] = .string("yesterday")
        #expect(
            throws: LearningError.badValue(
                row: 1, feature: "joined", value: "yesterday", expected: "a date such as 2026-11-23")
        ) { try predictor.predict(rows: [row, bad]) }
        #expect(throws: LearningError.noRows) { try predictor.predict(rows: []) }
    }

    @Test func tablesOfTextsAreReadAsTheFeatures() throws {
        let predictor = Predictor(try TableMaking.trained())
        let typed = try predictor.predict(rows: [row])[0]
        let texts = try predictor.predict(
            .init(columns: [
                TableMaking.texts("joined", ["2022-03-04"]), TableMaking.texts("colour", ["red"]),
                TableMaking.texts("x", ["2.5"]),
            ]))[0]
        #expect(texts.prediction == typed.prediction)
        #expect(texts.probabilities == typed.probabilities)
    }
}
