import Foundation
import Shared
import Testing

/// Each bad input gets problem details with a code, a place where there is one and a remedy; nothing of it is kept.
@Suite(.serialized) struct BadInputTests {
    private static let people = "name,age,city\nAda,36,London\nAlan,41,Wilmslow\nGrace,85,Arlington\nEdsger,72,Nuenen\n"

    /// A refusal as `status code places`.
    private func refusal(_ reply: TransferAnswer) throws -> Problem {
        #expect(reply.type == "application/problem+json")
        let problem = try WireJSON.decode(Problem.self, from: Data(reply.body))
        #expect(problem.status == reply.status)
        #expect(!problem.remedy.isEmpty)
        #expect(problem.requestId?.isEmpty == false)
        return problem
    }

    private struct TransferAnswer {
        var status: Int
        var type: String?
        var body: [UInt8]
    }

    private func upload(_ daemon: DaemonProcess, _ body: [UInt8], query: String = "", name: String = "bad") async throws
        -> Problem
    {
        let reply = try await daemon.call(
            .post, "/api/v1/datasets?name=\(name)\(query)", type: "text/csv", body: body)
        return try refusal(TransferAnswer(status: reply.status, type: reply.headers["Content-Type"], body: reply.body))
    }

    private func post(_ daemon: DaemonProcess, _ path: String, _ json: String) async throws -> Problem {
        let reply = try await daemon.post(path, json: json)
        return try refusal(TransferAnswer(status: reply.status, type: reply.headers["Content-Type"], body: reply.body))
    }

    private func expectNothingKept(_ daemon: DaemonProcess, datasets: Int) async throws {
        let list = try await daemon.get("/api/v1/datasets").decoded(Page<DatasetReply>.self)
        #expect(list.items.count == datasets)
        let files = try FileManager.default.contentsOfDirectory(atPath: daemon.stateDirectory + "/segments")
        #expect(files.count == datasets, "\(files)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.stateDirectory + "/spool").isEmpty)
    }

    @Test func uploadsThatCannotBeRead() async throws {
        try await withDaemon(configuration: "datasets:\n  max_upload_bytes: 100000\n") { daemon in
            func text(_ csv: String, _ query: String = "") async throws -> Problem {
                try await upload(daemon, Array(csv.utf8), query: query)
            }
            #expect(try await text("").code == "csv.empty")
            #expect(try await text("\n\n").code == "csv.empty")
            #expect(try await text("a,b,c\n").code == "csv.header_only")
            let image = [0x89] + Array("PNG\r\n\u{1A}\n".utf8) + [UInt8](repeating: 0, count: 64)
            #expect(try await upload(daemon, image).code == "csv.binary")
            let contradiction = try await text(Self.people, "&delimiter=%7C")
            #expect(contradiction.code == "csv.dialect_mismatch")
            let quote = try await text("a,b\n1,2\n3,\"open\n4,5\n")
            #expect(quote.code == "csv.unterminated_quote")
            #expect(quote.places?.first?.line == 3)
            #expect(quote.places?.first?.byte == 10)
            let large = try await upload(daemon, [UInt8](repeating: UInt8(ascii: "a"), count: 200_000))
            #expect(large.code == "request.too_large")
            #expect(large.status == 413)
            let ragged = try await text("a,b\n1,2\n3\n", "&strict=true")
            #expect(ragged.code == "csv.strict")
            #expect(ragged.places?.first?.line == 3)
            #expect(try await text(Self.people, "&types=nonsense:integer").status == 422)
            #expect(try await text(Self.people, "&delimeter=;").remedy == "Did you mean delimiter?")
            #expect(try await upload(daemon, Array(Self.people.utf8), name: "").places?.first?.column == "name")
            try await expectNothingKept(daemon, datasets: 0)
        }
    }

    @Test func namesThatAreTakenOrDoNotExist() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("people", Self.people).status == 201)
            let taken = try await upload(daemon, Array(Self.people.utf8), name: "people")
            #expect(taken.status == 409)
            #expect(taken.code == "dataset.exists")
            let train = "/api/v1/models"
            let missing = try await post(daemon, train, #"{"dataset":"people","target":"agee"}"#)
            #expect(missing.code == "training.target_not_found")
            #expect(missing.status == 422)
            #expect(missing.detail.contains("agee"))
            let both = try await post(daemon, train, #"{"dataset":"people","target":"age","features":["name","age"]}"#)
            #expect(both.code == "training.target_in_features")
            let words = try await post(daemon, train, #"{"dataset":"people","target":"city","task":"regression"}"#)
            #expect(words.code == "training.non_numeric_target")
            #expect(try await post(daemon, train, #"{"dataset":"peple","target":"age"}"#).code == "dataset.not_found")
            #expect(try await post(daemon, train, #"{"target":"age"}"#).places?.first?.column == "dataset")
            #expect(
                try await post(daemon, "/api/v1/models/none/predict", #"{"rows":[{"a":1}]}"#).code == "model.not_found")
            try await expectNothingKept(daemon, datasets: 1)
            let models = try await daemon.get("/api/v1/models").decoded(Page<ModelReply>.self)
            #expect(models.items.isEmpty)
            let jobs = try await daemon.get("/api/v1/jobs").decoded(Page<JobReply>.self)
            #expect(jobs.items.isEmpty)
            for type in ["target_in_features", "missing_column", "non_numeric_target_regression"] {
                #expect(try await daemon.metric("app_errors_total{type=\"\(type)\"}") == 1, "\(type)")
            }
        }
    }

    @Test func sqlThatDoesMoreThanRead() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("people", Self.people).status == 201)
            func code(_ sql: String) async throws -> String {
                let body = String(decoding: try WireJSON.encode(SQLRequest(sql: sql)), as: UTF8.self)
                return try await post(daemon, "/api/v1/sql", body).code
            }
            for sql in [
                "DELETE FROM people", "DROP TABLE people", "UPDATE people SET age = 1",
                "INSERT INTO people VALUES (1,2,3)",
                "CREATE TABLE t (a)", "ATTACH 'x.db' AS x", "PRAGMA journal_mode", "VACUUM",
            ] {
                #expect(try await code(sql) == "sql.not_allowed", "\(sql)")
            }
            #expect(try await code("SELECT nme FROM people") == "sql.syntax")
            let rows = try await daemon.get("/api/v1/datasets/people/rows").decoded(RowsReply.self)
            #expect(rows.rows.count == 4)
        }
    }

    @Test func aBrokenSettingsFileIsRefusedAtStartAndAtReload() async throws {
        let daemon = try DaemonProcess(configuration: "http:\n  lisen: 127.0.0.1:0\n")
        defer { daemon.kill9() }
        let run = try await ProgramRun.run(
            DaemonProcess.program("csvand"),
            ["--config", daemon.configurationPath, "--state-dir", daemon.stateDirectory])
        #expect(run.status == 78, "a status by which the unit knows not to try again")
        #expect(run.error.contains("line 2: unknown setting \"http.lisen\""))
        #expect(run.error.contains("Did you mean http.listen?"))
        #expect(!FileManager.default.fileExists(atPath: daemon.stateDirectory))

        try daemon.configure("sql:\n  max_rows: 3\n")
        try await daemon.start()
        try daemon.configure("sql:\n  max_rows: none\n")
        let refused = try await daemon.csvctl("reload")
        #expect(refused.status == 1)
        #expect(refused.error.contains("sql.max_rows is \"none\""))
        #expect(try await daemon.upload("people", Self.people).status == 201)
        let cut = try await daemon.post("/api/v1/sql", json: #"{"sql":"SELECT * FROM people"}"#).decoded(SQLReply.self)
        #expect(cut.rows.count == 3, "the old setting is in force")
        #expect(cut.truncated)
    }

    @Test func aSecondDaemonOnTheSameStateEndsWithAReason() async throws {
        try await withDaemon { daemon in
            let run = try await ProgramRun.run(
                DaemonProcess.program("csvand"),
                ["--state-dir", daemon.stateDirectory, "--listen", "127.0.0.1:0", "--socket", daemon.socketPath + "2"])
            #expect(run.status == 1)
            #expect(run.error.contains(daemon.stateDirectory))
            #expect(run.error.contains("remedy:"))
            #expect(try await daemon.get("/healthz").status == 200)
        }
    }

    @Test func strangersAndOtherSitesAreRefused() async throws {
        try await withDaemon { daemon in
            let rebound = try await daemon.call(.get, "/healthz", headers: [("Host", "evil.example")])
            #expect(rebound.status == 421)
            let crossed = try await daemon.call(
                .post, "/api/v1/datasets?name=x", type: "text/plain", body: Array("a\n1\n".utf8),
                headers: [("Origin", "http://evil.example")])
            #expect(crossed.status == 400)
            #expect(try await daemon.get("/admin/v1/status").status == 404)
            #expect(try await daemon.call(.get, "/healthz").headers["X-Content-Type-Options"] == "nosniff")
        }
    }

    @Test func onceATokenExistsCallsNeedOne() async throws {
        try await withDaemon { daemon in
            let made = try await daemon.post(
                "/admin/v1/tokens", json: #"{"name":"look","role":"viewer"}"#, by: .control)
            let token = try #require(try made.decoded(TokenReply.self).token)
            #expect(try await daemon.get("/api/v1/datasets").status == 401)
            #expect(try await daemon.get("/healthz").status == 200)
            let bearer = [("Authorization", "Bearer \(token)")]
            #expect(try await daemon.call(.get, "/api/v1/datasets", headers: bearer).status == 200)
            let write = try await daemon.call(
                .post, "/api/v1/datasets?name=x", type: "text/csv", body: Array("a\n1\n".utf8), headers: bearer)
            #expect(write.status == 403)
            #expect(
                try await daemon.call(.get, "/api/v1/datasets", headers: [("Authorization", "Bearer wrong")]).status
                    == 401)
            #expect(try await daemon.call(.get, "/api/v1/datasets", by: .control).status == 200)
        }
    }
}
