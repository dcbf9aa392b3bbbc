import Foundation
import Shared
import Testing

@testable import Operations

@Suite("Predictions as JSON")
struct PredictionTextTests {
    private static let replies: [PredictReply] = [
        PredictReply(model: "empty", version: 3, threshold: nil, latencyMs: 0.25, predictions: []),
        PredictReply(
            model: "two \"classes\"\n", version: 1, threshold: 0.375, latencyMs: 12.5,
            predictions: [
                .init(
                    prediction: .string("ja / \\ \u{7}"),
                    probabilities: ["ja / \\ \u{7}": 0.75, "größer": 0.25, "": 1e-9],
                    contributions: [
                        .init(feature: "Straße", value: .null, contribution: -0.125),
                        .init(feature: "b", value: .integer(-7), contribution: 1.5),
                        .init(feature: "c", value: .string("x\"y"), contribution: 1e22),
                    ],
                    flags: [
                        .init(feature: "Straße", kind: .unseenCategory), .init(feature: "b", kind: .outOfRange),
                        .init(feature: "c", kind: .missing),
                    ]),
                .init(prediction: .string("größer"), probabilities: ["größer": 0.5]),
            ], datasetVersion: 12),
        PredictReply(
            model: "number", version: 2, threshold: nil, latencyMs: 1.5,
            predictions: [.init(prediction: .number(-1.25), interval: [-2.5, 0.1])], datasetVersion: 1),
    ]

    @Test("are read back as they were, members in the order of the wire", arguments: replies)
    func readsBack(reply: PredictReply) throws {
        let text = JSONText.reply(reply)
        let expected = try WireJSON.encode(reply)
        #expect(try WireJSON.encode(WireJSON.decode(PredictReply.self, from: Data(text))) == expected)
        #expect(String(decoding: text, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    }

    @Test("what JSON has no number for is null")
    func notANumber() throws {
        let reply = PredictReply(
            model: "m", version: 1, threshold: nil, latencyMs: 1,
            predictions: [.init(prediction: .number(.nan), interval: [-.infinity, .infinity])])
        let text = String(decoding: JSONText.reply(reply), as: UTF8.self)
        #expect(text.contains("\"interval\":[null,null],\"prediction\":null"))
    }
}
