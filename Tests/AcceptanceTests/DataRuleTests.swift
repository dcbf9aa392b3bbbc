import Foundation
import Shared
import Testing

/// A delivery that is not as the others becomes an incident that is told once.
@Suite struct DataRuleTests {
    private static let rules = """
        {"rules":[
          {"name":"as many as ever","kind":"row_count","within":0.2},
          {"name":"prices are known","kind":"null_share","column":"price","max":0.05,"severity":"critical"},
          {"name":"prices are paid","kind":"range","column":"price","min":0,"max":5000},
          {"name":"known towns","kind":"condition","where":"town IN ('Bern','Chur')"},
          {"name":"dated","kind":"range","column":"day","min":"2020-01-01"},
          {"name":"same columns","kind":"schema"},
          {"name":"nothing moves","kind":"drift"}]}
        """

    /// A delivery of `rows` rows, of which every `empty`th has no price.
    private static func delivery(rows: Int, empty: Int = .max, first: Int = 0) -> String {
        "town,price,day\n"
            + (0..<rows).map { row in
                let price = row % empty == empty - 1 ? "" : String((row * 37 + first) % 1000)
                return "\(row % 2 == 0 ? "Bern" : "Chur"),\(price),2024-0\(1 + row % 9)-15\n"
            }.joined()
    }

    @Test(.timeLimit(.minutes(2))) func aDeliveryOutsideTheBandIsOneIncidentToldOnceAndEndedByTheNext() async throws {
        let receiver = try DiscordReceiver()
        let hook = receiver.directory.path + "/hook"
        try receiver.url.write(toFile: hook, atomically: true, encoding: .utf8)
        let configuration = "alerting:\n  discord:\n    webhook_url_file: \(hook)\n    allow_insecure_loopback: true\n"
        try await withDaemon(configuration: configuration) { daemon in
            #expect(try await daemon.upload("sales", Self.delivery(rows: 1000)).status == 201)
            let put = try await daemon.csvctl("datasets", "rules", "sales", "--from", "-", input: Self.rules)
            #expect(put.status == 0 && put.output.contains("as many as ever") && !put.output.contains("FAILED"))
            for first in 1...3 {
                let next = Self.delivery(rows: 1000 + first * 40, first: first)
                #expect(try await daemon.upload("sales", next, query: "&if_exists=version").status == 201)
            }
            #expect(try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.isEmpty)

            let bad = Self.delivery(rows: 500, empty: 2)
            #expect(try await daemon.upload("sales", bad, query: "&if_exists=version").status == 201)
            let incidents = try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items
            #expect(
                incidents.map { $0.labels["data_rule"] ?? "" }.sorted() == [
                    "as many as ever", "nothing moves", "prices are known",
                ])
            let empty = try #require(incidents.first { $0.labels["data_rule"] == "prices are known" })
            #expect(empty.severity == .critical && empty.rule == "DataRule" && empty.labels["dataset"] == "sales")
            let found = try await daemon.get("/api/v1/datasets/sales/rules").decoded(DataRulesReply.self)
            #expect(found.version == 5)
            #expect(
                found.results.map(\.found) == [
                    "500 rows, median of 4 earlier versions 1060", "50 % empty", "0 … 998",
                    "0 rows (0 %) do not meet it",
                    "2024-01-15 … 2024-09-15", "same columns", found.results[6].found,
                ])
            #expect(found.results.map(\.passed) == [false, false, true, true, true, true, false])
            try await receiver.wait(forPosts: 3, seconds: 10)

            #expect(
                try await daemon.upload("sales", Self.delivery(rows: 1020), query: "&if_exists=version").status == 201)
            try await Task.sleep(for: .milliseconds(500))
            #expect(try receiver.calls().filter { $0.hasPrefix("POST") }.count == 3, "one message an incident")
            let later = try await daemon.get("/api/v1/incidents/\(empty.number)").decoded(IncidentReply.self)
            #expect(later.timeline.contains { $0.kind == "quiet" || $0.kind == "resolved" }, "\(later.timeline)")
            #expect(try await daemon.metric("csvand_data_rule_checks_total{result=\"failed\"}") ?? 0 >= 3)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aStepThatBreaksARuleIsAnIncidentAndItsUndoEndsIt() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("sales", Self.delivery(rows: 100)).status == 201)
            let rules = #"{"rules":[{"name":"enough","kind":"row_count","min":90}]}"#
            #expect(try await daemon.csvctl("datasets", "rules", "sales", "--from", "-", input: rules).status == 0)
            let steps = #"{"steps":[{"op":"sample","count":10,"seed":1}]}"#
            #expect(try await daemon.post("/api/v1/datasets/sales/transform", json: steps).status == 200)
            let open = try await daemon.get("/api/v1/incidents?state=open").decoded(Page<IncidentReply>.self).items
            #expect(open.map { $0.labels["data_rule"] } == ["enough"])
            #expect(try await daemon.csvctl("datasets", "undo", "sales").status == 0)
            let rule = try await daemon.get("/api/v1/datasets/sales/rules").decoded(DataRulesReply.self)
            #expect(rule.results.map(\.passed) == [true])
        }
    }

    @Test(.timeLimit(.minutes(1))) func rulesThatCannotBeAreRefusedWithTheirPlace() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("sales", Self.delivery(rows: 20)).status == 201)
            func refusal(_ rule: String) async throws -> Problem {
                try await daemon.call(
                    .put, "/api/v1/datasets/sales/rules", type: "application/json",
                    body: Array(#"{"rules":[\#(rule)]}"#.utf8)
                ).decoded(Problem.self)
            }
            let key = try await refusal(#"{"name":"a","kind":"range","colum":"price","min":1}"#)
            #expect(key.code == "rule.invalid")
            #expect(key.detail == "Rule 1 has the unknown key \"colum\", did you mean column?")
            let kind = try await refusal(#"{"name":"a","kind":"ranges"}"#)
            #expect(kind.detail.hasPrefix("kind of rule 1 is \"ranges\", but must be one of null_share, "))
            let bound = try await refusal(#"{"name":"a","kind":"null_share","column":"price","max":7}"#)
            #expect(bound.detail == "max of rule 1 is \"7\", but must be a share from 0 to 1.")
            #expect(
                try await refusal(#"{"name":"a","kind":"range","column":"prize","min":1}"#).code
                    == "dataset.column_not_found")
            #expect(try await refusal(#"{"name":"a","kind":"condition","where":"price >"}"#).code == "sql.syntax")
            #expect(
                try await refusal(#"{"name":"a","kind":"condition","where":"price > 1); DROP TABLE x; --"}"#).code
                    .hasPrefix("sql."))
            #expect(
                try await refusal(#"{"name":"a","kind":"schema"},{"name":"a","kind":"drift"}"#).code == "rule.invalid")
            #expect(try await daemon.get("/api/v1/datasets/sales/rules").decoded(DataRulesReply.self).rules.isEmpty)
        }
    }
}
