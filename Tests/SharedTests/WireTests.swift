import Foundation
import Shared
import Testing

@Suite struct WireTests {
    private func text(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encode(value), as: UTF8.self)
    }

    @Test func keysAreSnakeCaseAndComeBack() throws {
        let item = LeaderboardReply.Item(
            rank: 1, learner: "linear", score: 0.5, scoreStd: 0.25, fitSeconds: 2, predictSecondsPer1000: 0.125,
            parameters: ["minChild": .integer(3)])
        let json = try text(LeaderboardReply(metric: "roc_auc", items: [item]))
        #expect(
            json
                == #"{"items":[{"fit_seconds":2,"learner":"linear","parameters":{"minChild":3},"predict_seconds_per_1000":0.125,"rank":1,"score":0.5,"score_std":0.25}],"metric":"roc_auc"}"#
        )
        let back = try WireJSON.decode(LeaderboardReply.self, from: Data(json.utf8))
        #expect(back.items.first?.predictSecondsPer1000 == 0.125)
        #expect(back.items.first?.parameters == ["minChild": .integer(3)])
    }

    @Test func timesAreRFC3339InUTC() throws {
        let date = Date(timeIntervalSince1970: 1_700_000_000.125)
        #expect(WireTime.text(date) == "2023-11-14T22:13:20.125Z")
        #expect(WireTime.date("2023-11-14T22:13:20.125Z") == date)
        #expect(WireTime.date("2023-11-14T23:13:20+01:00") == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(WireTime.date("yesterday") == nil)
    }

    @Test func jsonValuesKeepTheirKind() throws {
        let value: JSONValue = .object([
            "a": .integer(9_007_199_254_740_993), "b": .number(0.5), "c": .bool(true), "d": .null,
            "e": .array([.string("x")]),
        ])
        let json = try text(value)
        #expect(json == #"{"a":9007199254740993,"b":0.5,"c":true,"d":null,"e":["x"]}"#)
        #expect(try WireJSON.decode(JSONValue.self, from: Data(json.utf8)) == value)
        #expect(try text(JSONValue.number(.nan)) == "null")
    }

    @Test func resolutionsTakeTextsAndLists() throws {
        let one = try WireJSON.decode(ResolveRequest.self, from: Data(#"{"cause":"a","actions":["b","c"]}"#.utf8))
        #expect(one.cause == "a")
        #expect(one.actions == "b\nc")
        #expect(one.prevention == nil)
    }

    @Test func slipsOfTheKeyboardAreFound() {
        #expect(Spelling.nearest(to: "delimeter", among: ["delimiter", "decimal"]) == "delimiter")
        #expect(Spelling.nearest(to: "lsiten", among: ["listen", "level"]) == "listen")
        #expect(Spelling.nearest(to: "zebra", among: ["listen", "level"]) == nil)
        #expect(Spelling.nearest(to: "", among: []) == nil)
    }

    @Test func valuesInMessagesAreEscapedAndShortened() {
        #expect("a\n\"b\"\u{1B}".quotedForMessage == #""a\n\"b\"\u{1b}""#)
        #expect(String(repeating: "x", count: 100).quotedForMessage == "\"" + String(repeating: "x", count: 60) + "…\"")
    }

    @Test func everyErrorCodeHasAStatusAndATitle() {
        for code in ErrorCode.allCases {
            #expect((400...507).contains(code.status), "\(code)")
            #expect(!code.title.isEmpty)
        }
        #expect(Problem(.csvHeaderOnly, "d", remedy: "r").title == "Header only")
        #expect(Problem(.csvHeaderOnly, "d", remedy: "r").type == "/docs/errors#csv.header_only")
    }
}
