import Foundation
import Shared
import Testing

/// R22: a training that is killed again and again ends as one that was left alone.
@Suite(.serialized) struct TrainingKillTests {
    /// `CSVAND_SOAK=1` makes it the full run.
    private static let isSoak = ProcessInfo.processInfo.environment["CSVAND_SOAK"] == "1"

    private struct Outcome: Equatable {
        var leaderboard: [String]
        var answers: String
    }

    private static let csv =
        "age,town,good\n"
        + (0..<240).map { row in
            let age = row * 37 % 101
            return
                "\(age),\(["Ulm", "Bonn", "Trier"][row % 3]),\((age + row % 3 * 20 + row * row % 17) > 60 ? "yes" : "no")\n"
        }.joined()

    private func start(_ daemon: DaemonProcess, trials: Int) async throws -> String {
        #expect(try await daemon.upload("people", Self.csv).status == 201)
        // So much time that only the number of trials ends the search.
        let reply = try await daemon.post(
            "/api/v1/models",
            json: """
                {"dataset":"people","target":"good","name":"m","budget_seconds":600,"max_trials":\(trials),"seed":7,
                 "algorithms":["linear","decision_tree","gradient_boosting"]}
                """)
        try #require(reply.status == 202, "\(reply.text)")
        return try reply.decoded(JobAccepted.self).job
    }

    private func outcome(_ daemon: DaemonProcess, _ job: String) async throws -> Outcome {
        _ = try await eventually("the end of the training", within: 240) {
            let state = try await daemon.get("/api/v1/jobs/\(job)").decoded(JobReply.self)
            if state.state == .failed { throw TestFailure("\(String(describing: state.error))") }
            return state.state == .done ? true : nil
        }
        let board = try await daemon.get("/api/v1/models/m/leaderboard").decoded(LeaderboardReply.self)
        let rows = (0..<20).map { #"{"age":\#($0 * 5),"town":"\#(["Ulm", "Bonn", "Rome"][$0 % 3])"}"# }.joined(
            separator: ",")
        let answers = try await daemon.post("/api/v1/models/m/predict", json: #"{"rows":[\#(rows)]}"#)
            .decoded(PredictReply.self).predictions
        return Outcome(
            leaderboard: board.items.map { item in
                let parameters = item.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plainText)" }
                return "\(item.learner) \(item.score ?? .nan) \(item.scoreStd) \(parameters)"
            },
            answers: answers.map { "\($0.prediction.plainText) \($0.probabilities?["yes"] ?? .nan)" }
                .joined(separator: "\n"))
    }

    @Test(.timeLimit(.minutes(10))) func killedTrainingsEndAsOnesThatWereLeftAlone() async throws {
        let (kills, trials) = Self.isSoak ? (20, 120) : (4, 24)
        let alone = try await withDaemon { daemon in
            try await outcome(daemon, try await start(daemon, trials: trials))
        }
        #expect(alone.leaderboard.count >= trials)
        let killed = try await withDaemon { daemon in
            let job = try await start(daemon, trials: trials)
            var kept = 0
            for _ in 0..<kills {
                try await Task.sleep(for: .milliseconds(Int.random(in: 50...700)))
                daemon.kill9()
                try await daemon.start()
                let state = try await daemon.get("/api/v1/jobs/\(job)").decoded(JobReply.self)
                #expect(state.state == .running || state.state == .queued || state.state == .done)
                #expect(state.trials >= kept, "no finished trial is lost")
                kept = state.trials
            }
            return try await outcome(daemon, job)
        }
        #expect(killed == alone)
    }
}
