import Foundation
import Shared
import Testing

/// What a model scored: its metric over the versions of a name, and a score that is not defined.
@Suite(.serialized) struct ModelScoreTests {
    private func train(_ daemon: DaemonProcess, _ body: String) async throws -> ModelReply {
        let job = try await daemon.post("/api/v1/models", json: body)
        #expect(job.status == 202, "\(job.text)")
        let number = try job.decoded(JobAccepted.self).job
        return try await eventually("the model", within: 60) {
            let state = try await daemon.get("/api/v1/jobs/\(number)").decoded(JobReply.self)
            guard state.state == .done, let model = state.model else { return nil }
            return try await daemon.get("/api/v1/models/\(model)").decoded(ModelReply.self)
        }
    }

    private func series(_ daemon: DaemonProcess) async throws -> [String] {
        try await daemon.get("/metrics").text.split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("csvand_model_score{") }
    }

    /// Both classes come in the rows trained on; all rows scored by `when` are of one.
    private static func oneClassLater() -> String {
        "when,x,y\n"
            + (1...120).map { row in
                "\(row),\(row * 37 % 11),\(row <= 20 && row % 2 == 0 ? "no" : "yes")\n"
            }.joined()
    }

    @Test(.timeLimit(.minutes(2))) func theMetricShowsTheNewestVersionThatIsThere() async throws {
        try await withDaemon { daemon in
            let csv = "x,y\n" + (1...80).map { "\($0 * 37 % 101),\($0 * 37 % 101 * 2 + $0 % 3)\n" }.joined()
            #expect(try await daemon.upload("d", csv).status == 201)
            let body = #"{"dataset":"d","target":"y","name":"m","budget_seconds":1,"algorithms":["linear"],"metric":"#
            let first = try await train(daemon, body + "\"rmse\"}")
            let second = try await train(daemon, body + "\"mae\"}")
            #expect(second.version == 2)
            func line(_ metric: String, _ model: ModelReply) throws -> String {
                "csvand_model_score{model=\"m\",metric=\"\(metric)\"} \(try #require(model.score))"
            }
            #expect(try await series(daemon) == [try line("mae", second)])
            #expect(try await daemon.call(.delete, "/api/v1/models/m").status == 204)
            #expect(try await daemon.get("/api/v1/models/m").decoded(ModelReply.self).id == first.id)
            #expect(try await series(daemon) == [try line("rmse", first)])
            #expect(try await daemon.call(.delete, "/api/v1/models/m").status == 204)
            #expect(try await daemon.get("/api/v1/models/m").status == 404)
            #expect(try await series(daemon) == [])
        }
    }

    @Test(.timeLimit(.minutes(2))) func aScoreThatIsNotDefinedIsLeftOut() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", Self.oneClassLater()).status == 201)
            let model = try await train(
                daemon,
                #"{"dataset":"d","target":"y","name":"m","budget_seconds":1,"algorithms":["linear"],"time":"when"}"#)
            #expect(model.metric == "roc_auc" && model.score == nil)
            #expect(try await series(daemon) == [])
            let board = try await daemon.get("/api/v1/models/m/leaderboard").decoded(LeaderboardReply.self)
            #expect(!board.items.isEmpty && board.items.allSatisfy { $0.score == nil })
            #expect(
                try await daemon.get("/api/v1/models/m/evaluation").decoded(EvaluationReply.self).metrics["roc_auc"]
                    == nil)
            #expect(try await daemon.get("/api/v1/models/m/report").text.contains("roc_auc – ±"))
            let shown = try await daemon.csvctl("models", "show", "m").output
            #expect(shown.contains("roc_auc –"), "\(shown)")
            #expect(try await daemon.get("/models/m").text.contains("<dt>roc_auc</dt><dd>–</dd>"))
        }
    }
}
