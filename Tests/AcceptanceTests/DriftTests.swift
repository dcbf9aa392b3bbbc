import Foundation
import Shared
import Testing

/// What a model is asked is held against what it was trained on, up to the incident.
@Suite struct DriftTests {
    private static let quick = """
        metrics:
          sample_interval_seconds: 1
        alerting:
          evaluation_interval_seconds: 1
          group_wait_seconds: 0

        """

    /// Rows of one distribution; `moved` is added to its numbers.
    private static func rows(_ count: Int, seed: UInt64, moved: Double = 0) -> [(age: Double, town: String, good: Bool)]
    {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func unit() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 40) / Double(1 << 24)
        }
        return (0..<count).map { _ in
            let age = (20 + 40 * unit() + moved)
            let town = ["Bern", "Chur", "Genf"][Int(unit() * 3)]
            return ((age * 10).rounded() / 10, town, age + 20 * unit() + (town == "Bern" ? 10 : 0) > 50)
        }
    }

    private static func csv(_ rows: [(age: Double, town: String, good: Bool)]) -> String {
        "age,town,good\n" + rows.map { "\($0.age),\($0.town),\($0.good ? "yes" : "no")\n" }.joined()
    }

    private func largest(_ daemon: DaemonProcess) async throws -> Double? {
        try await daemon.get("/metrics").text.split(separator: "\n")
            .filter { $0.hasPrefix("csvand_model_drift_psi{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.max()
    }

    private func waitForModel(_ daemon: DaemonProcess) async throws {
        #expect(try await daemon.upload("people", Self.csv(Self.rows(1500, seed: 1))).status == 201)
        let job = try await daemon.post(
            "/api/v1/models",
            json:
                #"{"dataset":"people","target":"good","name":"m","budget_seconds":2,"algorithms":["linear","decision_tree"]}"#
        )
        #expect(job.status == 202)
        _ = try await eventually("the model", within: 60) {
            try await daemon.get("/api/v1/models/m").status == 200 ? true : nil
        }
    }

    private func predict(_ daemon: DaemonProcess, csv: String) async throws {
        let reply = try await daemon.call(
            .post, "/api/v1/models/m/predict", type: "text/csv", body: Array(csv.utf8))
        #expect(reply.status == 200, "\(reply.text.prefix(300))")
    }

    @Test(.timeLimit(.minutes(2))) func rowsThatMovedBecomeAnIncidentAndTheSameRowsDoNot() async throws {
        try await withDaemon(configuration: Self.quick) { daemon in
            try await waitForModel(daemon)
            #expect(try await largest(daemon) == nil)

            // By CSV, by JSON and by SQL: all the same to the model.
            try await predict(daemon, csv: Self.csv(Self.rows(600, seed: 2)))
            let some = Self.rows(150, seed: 3).map { #"{"age":\#($0.age),"town":"\#($0.town)"}"# }
            let json = #"{"rows":["# + some.joined(separator: ",") + "]}"
            #expect(try await daemon.post("/api/v1/models/m/predict", json: json).status == 200)
            #expect(try await daemon.upload("fresh", Self.csv(Self.rows(250, seed: 4))).status == 201)
            let sql = #"{"sql":"select count(predict('m', age, town)) from fresh"}"#
            #expect(try await daemon.post("/api/v1/sql", json: sql).status == 200)
            var drift = try await daemon.get("/api/v1/models/m/drift").decoded(DriftReply.self)
            #expect(drift.rows == 1000 && drift.verdict == .stable, "\(drift)")
            #expect(drift.features.map(\.feature) == ["age", "town"] && drift.prediction?.feature == "(prediction)")
            let before = try #require(([drift.prediction].compactMap(\.self) + drift.features).map(\.psi).max())
            #expect(before < 0.1)
            _ = try await eventually("the metric", within: 20) { try await largest(daemon) == before ? true : nil }
            let page = try await daemon.get("/models/m")
            #expect(page.status == 200 && page.text.contains("About 1,000 recent rows"))

            try await daemon.restart()
            #expect(try await largest(daemon) == before)
            try await Task.sleep(for: .seconds(2))
            #expect(try await daemon.get("/api/v1/incidents").decoded(Page<IncidentReply>.self).items.isEmpty)

            try await predict(daemon, csv: Self.csv(Self.rows(1000, seed: 5, moved: 25)))
            let incident = try await eventually("the incident", within: 30) {
                try await daemon.get("/api/v1/incidents?state=open").decoded(Page<IncidentReply>.self).items
                    .first { $0.rule == "ModelDrift" && $0.labels["feature"] == "age" }
            }
            #expect(incident.labels["model"] == "m")
            #expect(try await daemon.metric(#"csvand_model_drift_psi{model="m",feature="age"}"#) ?? 0 > 0.2)
            #expect(try await daemon.metric(#"csvand_model_drift_psi{model="m",feature="town"}"#) ?? 1 < 0.1)
            #expect(try await daemon.metric(#"csvand_model_drift_psi{model="m",feature="(prediction)"}"#) ?? 0 > 0.2)
            let shown = try await daemon.csvctl("models", "drift", "m")
            #expect(shown.status == 0 && shown.output.contains("verdict: marked"), "\(shown.output)")

            #expect(try await daemon.csvctl("models", "drift", "m", "--reset").output == "model m counts anew\n")
            drift = try await daemon.get("/api/v1/models/m/drift").decoded(DriftReply.self)
            #expect(drift.rows == 0 && drift.verdict == nil && drift.features.isEmpty)
            _ = try await eventually("the end of the alert", within: 30) { () -> Bool? in
                guard try await largest(daemon) == nil else { return nil }
                return try await daemon.get("/api/v1/rules").text.contains("\"firing\"") ? nil : true
            }
            let few = try await daemon.csvctl("models", "drift", "m")
            #expect(few.output.contains("nothing is said below 200 rows"), "\(few.output)")
        }
    }
}
