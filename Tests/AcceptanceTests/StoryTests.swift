import Foundation
import Shared
import Testing
import Transfer

/// The main job over a real port and the real control socket: from a CSV to predictions, from an error to its post-mortem.
@Suite(.serialized) struct StoryTests {
    private static let titanic = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("etc/samples/titanic.csv")

    @Test func aCSVBecomesAModelThatAnswersTheSameEverywhere() async throws {
        try await withDaemon(configuration: "training:\n  threads: 2\n") { daemon in
            let csv = try String(contentsOf: Self.titanic, encoding: .utf8)
            let created = try await daemon.upload("titanic", csv)
            #expect(created.status == 201)
            let dataset = try created.decoded(DatasetReply.self)
            #expect(dataset.rows == 2207)
            #expect(dataset.dialect.delimiter == ",")
            let exported = try await daemon.get("/api/v1/datasets/titanic/export?raw=true").text
            #expect(exported.replacing("\r\n", with: "\n") == csv)

            let profile = try await daemon.get("/api/v1/datasets/titanic/profile").decoded(ProfileReply.self)
            #expect(profile.columns.first { $0.name == "age" }?.mean.map { ($0 * 10).rounded() } == 304)

            let job = try await daemon.post(
                "/api/v1/models",
                json:
                    #"{"dataset":"titanic","target":"survived","name":"survival","budget_seconds":4,"algorithms":["linear","decision_tree"]}"#
            )
            #expect(job.status == 202)
            let model = try await finished(job.decoded(JobAccepted.self).job, daemon)
            #expect(model.task == .binary)
            #expect(model.classes.sorted() == ["0", "1"])
            #expect(try #require(model.score) > 0.65, "clearly better than guessing, however busy the machine")

            let row =
                #"{"gender":"female","age":"29","class":"1st","embarked":"Southampton","fare":"100","sibsp":"0","parch":"0"}"#
            let reply = try await daemon.post(
                "/api/v1/models/survival/predict", json: #"{"rows":[\#(row)],"explain":true}"#
            )
            .decoded(PredictReply.self)
            let prediction = try #require(reply.predictions.first)
            #expect(prediction.prediction == .string("1"))
            let probability = try #require(prediction.probabilities?["1"])
            #expect(probability > 0.6)
            #expect(prediction.contributions?.contains { $0.feature == "gender" } == true)

            let lines = try await daemon.call(
                .post, "/api/v1/models/survival/predict", type: "text/csv",
                body: Array("gender,age,class,embarked,fare,sibsp,parch\nfemale,29,1st,Southampton,100,0,0\n".utf8)
            ).text.components(separatedBy: "\r\n")
            #expect(lines[0].hasPrefix("gender,age,class,embarked,fare,sibsp,parch,prediction,probability_"))
            #expect(lines[1].contains(String(probability)))

            let absent = try await daemon.post(
                "/api/v1/models/survival/predict", json: #"{"rows":[{"gender":"male"}]}"#
            )
            .decoded(Problem.self)
            #expect(absent.code == "predict.missing_feature")
            let leaderboard = try await daemon.get("/api/v1/models/survival/leaderboard").decoded(LeaderboardReply.self)
            #expect(leaderboard.items.contains { $0.learner == "baseline" })
            #expect(try await daemon.get("/api/v1/models/survival/report").text.contains("# Model survival"))
            let onnx = try await daemon.get("/api/v1/models/survival/export?format=onnx")
            #expect(onnx.status == 200)
            #expect(onnx.headers["content-type"] == "application/octet-stream")
            #expect(onnx.headers["content-disposition"]?.contains("survival.onnx") == true)
            #expect(onnx.body.prefix(2) == [0x08, 10], "the version of the format comes first")
            let unknown = try await daemon.get("/api/v1/models/survival/export?format=pmml").decoded(Problem.self)
            #expect(unknown.code == "request.bad_parameter")
            // A new series stands at 0 until a sampling has recorded that, so that rules see the first prediction as a rise.
            _ = try await eventually("both predictions are counted") {
                try await daemon.metric("csvand_predictions_total{model=\"survival\"}") == 2 ? true : nil
            }

            try await answersAlike(daemon, row: row, probability: probability)

            try await daemon.restart()
            let again = try await daemon.post("/api/v1/models/survival/predict", json: #"{"rows":[\#(row)]}"#)
                .decoded(PredictReply.self)
            #expect(again.predictions.first?.probabilities?["1"] == probability)
        }
    }

    /// SQL by name and by place and csvctl give the numbers that REST gave.
    private func answersAlike(_ daemon: DaemonProcess, row: String, probability: Double) async throws {
        func sql(_ text: String) async throws -> TransferReply {
            try await daemon.post(
                "/api/v1/sql", json: String(decoding: try WireJSON.encode(SQLRequest(sql: text)), as: UTF8.self))
        }
        let byName = try await sql(
            "SELECT predict('survival', '\(row)'), json_extract(predict_proba('survival', '\(row)'), '$.\"1\"')"
        ).decoded(SQLReply.self)
        #expect(byName.rows == [[.string("1"), .number(probability)]])
        let byPlace = try await sql(
            """
            SELECT predict_proba('survival', gender, age, class, embarked, 1, fare, sibsp, parch) ->> '1' AS share
            FROM titanic WHERE gender = 'female' LIMIT 1
            """)
        let refused = try byPlace.decoded(Problem.self)
        #expect(
            refused.detail.contains(
                "predict_proba: the call has 8 values, but model survival has 7 features: gender, age,"),
            "\(refused.detail)")
        let whole = try await sql(
            """
            SELECT survived = predict('survival', gender, age, class, embarked, fare, sibsp, parch) AS hit, count(*)
            FROM titanic GROUP BY hit ORDER BY hit
            """
        ).decoded(SQLReply.self)
        #expect(whole.rows.count == 2)
        let number = try await sql("SELECT predict(1, 2)").decoded(Problem.self)
        #expect(number.detail.contains("predict: the first argument is not the name of a model."))
        let shown = try await daemon.csvctl(
            "predict", "survival", "gender=female", "age=29", "class=1st", "embarked=Southampton", "fare=100",
            "sibsp=0",
            "parch=0", "--output", "json")
        #expect(shown.output.contains("\(probability)"), "\(shown.output)")
    }

    private func finished(_ job: String, _ daemon: DaemonProcess) async throws -> ModelReply {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let reply = try await daemon.get("/api/v1/jobs/\(job)").decoded(JobReply.self)
            if reply.state == .done, let id = reply.model {
                return try await daemon.get("/api/v1/models/\(id)").decoded(ModelReply.self)
            }
            if reply.state == .failed { throw TestFailure("the training failed: \(reply.error?.detail ?? "")") }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw TestFailure("the training did not end")
    }

    @Test func everyErrorTypeIsThereAtZeroAndCountersSurvive() async throws {
        try await withDaemon { daemon in
            let lines = try await daemon.get("/metrics").text.split(separator: "\n").filter {
                $0.hasPrefix("app_errors_total{")
            }
            #expect(lines.count == 12)
            #expect(lines.allSatisfy { $0.hasSuffix(" 0") })
            let simulated = "app_errors_total{type=\"simulated\"}"
            #expect(try await daemon.get("/simulate-error/").status == 500)
            #expect(try await daemon.metric(simulated) == 1)
            try await daemon.restart()
            #expect(try await daemon.metric(simulated) == 1)
            _ = try await daemon.get("/simulate-error/")
            try await Task.sleep(for: .seconds(1.2))
            daemon.kill9()
            try await daemon.start()
            #expect(try await daemon.metric(simulated) == 2)
        }
    }

    @Test func simulatedErrorsAreLimited() async throws {
        try await withDaemon(configuration: "http:\n  simulate_errors_per_minute: 2\n") { daemon in
            #expect(try await daemon.get("/simulate-error/").status == 500)
            #expect(try await daemon.get("/simulate-error/").status == 500)
            let third = try await daemon.get("/simulate-error/")
            #expect(third.status == 429)
            #expect(third.headers["Retry-After"] == "1")
            #expect(try await daemon.metric("app_errors_total{type=\"simulated\"}") == 2)
            #expect(try await daemon.csvctl("simulate", "--count", "2").status == 0)
            #expect(try await daemon.metric("app_errors_total{type=\"simulated\"}") == 4)
        }
    }

    @Test func anErrorBecomesOneIncidentOneMessageAndAPostmortem() async throws {
        let receiver = try DiscordReceiver()
        let hook = receiver.directory.path + "/hook"
        try receiver.url.write(toFile: hook, atomically: true, encoding: .utf8)
        let configuration = "alerting:\n  discord:\n    webhook_url_file: \(hook)\n    allow_insecure_loopback: true\n"
        try await withDaemon(configuration: configuration) { daemon in
            let start = ContinuousClock.now
            for _ in 0..<3 { _ = try await daemon.get("/simulate-error/") }
            // 0.04 s on a machine of its own (P14 of the benchmarks); here other tests want the processors too.
            try await receiver.wait(forCalls: 1, seconds: 10)
            #expect(ContinuousClock.now - start < .seconds(6), "from the first error to the message")
            let incident = try await daemon.get("/api/v1/incidents/1").decoded(IncidentReply.self)
            #expect(incident.state == .open)
            #expect(incident.rule == "SimulatedError")
            #expect(!incident.evidence.errors.isEmpty)
            #expect(incident.evidence.series.contains { $0.metric == "app_errors_total" })

            #expect(try await daemon.csvctl("incidents", "ack", "1", "--comment", "on it").status == 0)
            let done = try await daemon.csvctl(
                "resolve", "1", "--cause", "A test.", "--impact", "None.", "--action", "Looked.", "--prevention",
                "None.",
                "--output", "json")
            #expect(done.status == 0)
            #expect(try WireJSON.decode(IncidentReply.self, from: Data(done.output.utf8)).state == .resolved)
            let report = try await daemon.get("/api/v1/incidents/1/postmortem").text
            for part in ["A test.", "None.", "Looked."] { #expect(report.contains(part)) }
            #expect(try await daemon.get("/api/v1/incidents/1/postmortem?lang=fr").text != report)

            try await receiver.wait(forCalls: 2, seconds: 10)
            #expect(try receiver.calls().filter { $0.hasPrefix("POST") }.count == 1, "one message that is edited")
            let wrong = try await daemon.post("/api/v1/incidents/1/ack", json: "{}").decoded(Problem.self)
            #expect(wrong.code == "incident.wrong_state")
            let noted = try await daemon.post("/api/v1/incidents/1/notes", json: #"{"text":"seen again","by":"ana"}"#)
                .decoded(IncidentReply.self)
            #expect(noted.state == .resolved && noted.timeline.last?.text == "seen again")
            #expect(try await daemon.get("/api/v1/incidents/1/postmortem").text.contains("| note | ana | seen again |"))
            let unknown = try await daemon.post("/api/v1/incidents/99/notes", json: #"{"text":"a"}"#)
                .decoded(Problem.self)
            #expect(unknown.code == "incident.not_found")

            // A new error after the resolution is a new incident.
            _ = try await daemon.get("/simulate-error/")
            try await receiver.wait(forPosts: 2, seconds: 10)
            #expect(try await daemon.get("/api/v1/incidents/2").decoded(IncidentReply.self).state == .open)
        }
    }

    @Test func csvctlTellsWhatIsWrongAndHowItEnded() async throws {
        try await withDaemon { daemon in
            let missing = try await daemon.csvctl("datasets", "show", "nothing")
            #expect(missing.status == 1)
            #expect(missing.error.contains("remedy:"))
            #expect(try await daemon.csvctl("datasets", "shw").status == 64)
            let sql = try await daemon.csvctl("sql", "SELECT 1 AS one", "--output", "json")
            #expect(try WireJSON.decode(SQLReply.self, from: Data(sql.output.utf8)).columns == ["one"])
            let imported = try await daemon.csvctl("datasets", "import", Self.titanic.path)
            #expect(imported.status == 0)
            #expect(try await daemon.csvctl("datasets").output.contains("titanic"))
            _ = try await daemon.terminate()
            let gone = try await daemon.csvctl("status")
            #expect(gone.status == 69)
        }
    }
}
