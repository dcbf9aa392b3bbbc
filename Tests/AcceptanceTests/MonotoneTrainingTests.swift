import Foundation
import Shared
import Testing

/// A training that is told which way its prediction goes, from the command to the predictions, extended once.
@Suite struct MonotoneTrainingTests {
    private static let homes =
        "rooms,age,town,price\n"
        + (0..<240).map { row in
            let (rooms, age) = (row * 37 % 9 + 1, row * 53 % 71)
            let noise = row * 7_919 % 41 - 20
            return
                "\(rooms),\(age),\(["Ulm", "Bonn", "Trier"][row % 3]),\(20 * rooms - age + 2 * noise + row % 3 * 15)\n"
        }.joined()

    private func model(_ daemon: DaemonProcess, _ job: String) async throws -> ModelReply {
        try await eventually("the model", within: 60) {
            let state = try await daemon.get("/api/v1/jobs/\(job)").decoded(JobReply.self)
            guard state.state == .done, let model = state.model else { return nil }
            return try await daemon.get("/api/v1/models/\(model)").decoded(ModelReply.self)
        }
    }

    private func expectOrder(_ daemon: DaemonProcess, _ model: ModelReply) async throws {
        for (column, values, sign) in [("rooms", Array(0...11), 1.0), ("age", Array(0...80), -1.0)] {
            for town in ["Ulm", "Trier", "Mars"] {
                let rows = values.map { value in
                    let other = column == "rooms" ? #""age":33"# : #""rooms":null"#
                    return #"{"town":"\#(town)",\#(other),"\#(column)":\#(value)}"#
                }
                let reply = try await daemon.post(
                    "/api/v1/models/\(model.id)/predict", json: "{\"rows\":[\(rows.joined(separator: ","))]}")
                let answers = try reply.decoded(PredictReply.self).predictions.map { prediction -> Double in
                    guard case .number(let value) = prediction.prediction else { return .nan }
                    return value
                }
                #expect(answers.count == values.count)
                let wrong = zip(answers, answers.dropFirst()).filter { !(sign * ($1 - $0) >= 0) }
                #expect(wrong.isEmpty, "\(column): \(wrong)")
            }
        }
    }

    @Test(.timeLimit(.minutes(2))) func theOrderHoldsInTheModelAndInOneThatWasExtended() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("homes", Self.homes).status == 201)
            let run = try await daemon.csvctl(
                "train", "homes", "price", "--increasing", "rooms", "--decreasing", "age", "--budget", "2", "--name",
                "m",
                "--detach")
            let job = try #require(run.output.split(separator: " ").last).trimmingCharacters(in: .newlines)
            let first = try await model(daemon, job)
            try await expectOrder(daemon, first)
            let report = try await daemon.get("/api/v1/models/m/report").text
            #expect(report.contains("| age | decreasing |\n| rooms | increasing |"))
            let extended = try await daemon.post("/api/v1/jobs/\(job)/extend", json: #"{"budget_seconds":1}"#)
            #expect(extended.status == 202)
            let second = try await eventually("the second version", within: 60) { () -> ModelReply? in
                let newest = try await daemon.get("/api/v1/models/m").decoded(ModelReply.self)
                return newest.version == 2 ? newest : nil
            }
            try await expectOrder(daemon, second)
            let learners = try await daemon.get("/api/v1/models/m/leaderboard").decoded(LeaderboardReply.self).items
            #expect(Set(learners.map(\.learner)).isSubset(of: ["baseline", "gradient_boosting", "ensemble", "stack"]))
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatCannotBeKeptIsRefusedBeforeAJobIsMade() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("homes", Self.homes).status == 201)
            let bodies = [
                (#""target":"price","monotone":{"town":"increasing"}"#, 422, "training.bad_constraint"),
                (#""target":"town","monotone":{"age":"increasing"}"#, 422, "training.bad_constraint"),
                (
                    #""target":"price","algorithms":["linear"],"monotone":{"age":"increasing"}"#, 422,
                    "training.bad_constraint"
                ),
                (#""target":"price","monotone":{"ages":"increasing"}"#, 422, "training.feature_not_found"),
                (#""target":"price","monotone":{"age":"up"}"#, 400, "request.bad_body"),
                (#""target":"price","monotone":["age"]"#, 400, "request.bad_body"),
            ]
            for (body, status, code) in bodies {
                let reply = try await daemon.post("/api/v1/models", json: #"{"dataset":"homes",\#(body)}"#)
                #expect(reply.status == status, "\(body)")
                #expect(try reply.decoded(Problem.self).code == code, "\(body)")
            }
            let reply = try await daemon.post(
                "/api/v1/models", json: #"{"dataset":"homes","target":"price","task":"auto"}"#)
            #expect(
                try reply.decoded(Problem.self).detail
                    == #"The field "task" of the body is not valid: "auto" is not one of its values."#)
            #expect(try await daemon.get("/api/v1/jobs").decoded(Page<JobReply>.self).items.isEmpty)
        }
    }
}
