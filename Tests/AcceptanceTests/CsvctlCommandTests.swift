import Foundation
import Shared
import Testing

/// The executable against a peer on a Unix socket: what it sends, prints and exits with.
@Suite("csvctl: commands over the control socket")
struct CsvctlCommandTests {
    let peer: CsvctlPeer

    init() throws { peer = try CsvctlPeer() }

    private func run(_ arguments: String..., input: String = "") throws -> CsvctlRun {
        try CsvctlRun(arguments, socket: peer.socketPath, input: input)
    }

    @Test("--socket and --output work before and after the command")
    func globalOptions() throws {
        defer { peer.stop() }
        peer.answer("GET /api/v1/datasets", .init(body: Array(#"{"next":null,"items":[]}"#.utf8)))
        let json = "{\n  \"next\": null,\n  \"items\": []\n}\n"
        for arguments in [
            ["--socket", peer.socketPath, "--output", "json", "datasets", "list"],
            ["datasets", "list", "--output", "json", "--socket", peer.socketPath],
            ["--output", "json", "datasets", "--socket", peer.socketPath],
            ["--output=json", "datasets", "list", "--socket=\(peer.socketPath)"],
        ] {
            let run = try CsvctlRun(arguments, socket: nil)
            #expect(run.output == json)
            #expect(run.error == "")
            #expect(run.status == 0)
        }
        #expect(try self.run("datasets").output == "no datasets\n")
    }

    @Test("a daemon that is not there is 69 with the socket and what to do")
    func unreachable() throws {
        defer { peer.stop() }
        let run = try CsvctlRun(["status"], socket: "/tmp/csvctl-nobody.sock")
        #expect(run.status == 69)
        #expect(run.output == "")
        #expect(
            run.error == """
                csvctl: csvand does not answer on /tmp/csvctl-nobody.sock: no such file or directory
                  remedy: start it or look why it stopped with `systemctl status csvand`; another socket is chosen \
                with --socket or CSVAND_SOCKET

                """)
    }

    @Test("wrong usage is 64, help and version are 0")
    func usage() throws {
        defer { peer.stop() }
        for arguments in [
            ["nonsense"], ["resolve"], ["resolve", "x"], ["sql", "--limit", "x"], ["--output", "xml", "status"],
            ["incidents", "nonsense", "1"], ["predict", "m"], ["predict", "m", "nothing"],
            ["simulate", "--count", "0"],
            ["datasets", "drop", "titanic"], ["datasets", "import", "-"], ["datasets", "transform", "titanic"],
        ] {
            let run = try CsvctlRun(arguments, socket: peer.socketPath)
            #expect(run.status == 64, "\(arguments)")
            #expect(run.error.hasPrefix("csvctl: "), "\(arguments): \(run.error)")
            #expect(run.output == "")
        }
        #expect(try run("--help").status == 0)
        #expect(try run("datasets", "import", "--help").output.contains("--if-exists"))
        #expect(try run("--version").output == ProductVersion.text + "\n")
        #expect(peer.requests.isEmpty)
    }

    @Test("a refusal is 1, or 77 when it is for want of rights, with the remedy on standard error")
    func refusals() throws {
        defer { peer.stop() }
        try peer.answer(
            "GET /api/v1/datasets/x", Problem(.datasetNotFound, "no dataset is named \"x\"", remedy: "see the list"),
            status: 404)
        try peer.answer("POST /admin/v1/reload", Problem(.accessForbidden, "not for you", remedy: "ask"), status: 403)
        peer.answer("POST /admin/v1/drain", .init(status: 502, contentType: "text/plain", body: Array("oh\u{1B}".utf8)))
        peer.answer("GET /admin/v1/status", .init(body: Array("{}".utf8)))
        let missing = try run("datasets", "show", "x")
        #expect(missing.error == "csvctl: no dataset is named \"x\"\n  remedy: see the list\n")
        #expect(missing.status == 1)
        #expect(try run("reload").status == 77)
        let other = try run("drain")
        #expect(other.error == "csvctl: the daemon answered 502: oh\\u{1b}\n")
        #expect(other.status == 1)
        let unreadable = try run("status")
        #expect(unreadable.status == 1)
        #expect(unreadable.error.hasPrefix("csvctl: the answer about /admin/v1/status cannot be read: "))
    }

    @Test("a socket without permission is 77", .enabled(if: getuid() != 0))
    func forbiddenSocket() throws {
        defer { peer.stop() }
        chmod(peer.socketPath, 0)
        #expect(try run("status").status == 77)
    }

    @Test("an incident is shown with value, window, errors, messages and timeline")
    func incident() throws {
        defer { peer.stop() }
        try peer.answer("GET /api/v1/incidents/12", CsvctlFixtures.incident)
        let run = try run("incidents", "show", "12")
        #expect(run.status == 0)
        for line in [
            "Incident 12: Simulated error", "state         acknowledged, warning", "▁▂▃▄▅▆▇█",
            "0 … 7, 8 samples over 7.0 s", "value       3",
            "08:00:00  simulated  simulated  req-42   /simulate-error/  asked for \\u{1b}[31mit",
            "discord   sent          2  m1       429", "2027-01-15 08:01:30Z  acknowledged  ada     looking",
            "journal     journalctl -u csvand --cursor='s=1;i=2'",
        ] {
            #expect(run.output.contains(line + "\n"), "\(line)\n\(run.output)")
        }
    }

    @Test("resolve sends the texts, repeated ones as lines")
    func resolve() throws {
        defer { peer.stop() }
        try peer.answer("POST /api/v1/incidents/12/resolve", CsvctlFixtures.incident)
        let run = try run(
            "resolve", "12", "--cause", "c", "--action", "a1", "--action", "a2", "--prevention", "p")
        #expect(run.status == 0)
        #expect(peer.requests.first?.text == #"{"actions":"a1\na2","cause":"c","prevention":"p"}"#)
    }

    @Test("an import streams the file with its length and says what was read")
    func importFile() throws {
        defer { peer.stop() }
        let path = NSTemporaryDirectory() + "/csvctl-\(UUID().uuidString).csv"
        let csv = "age,sex\n" + String(repeating: "22,male\n", count: 100_000)
        try csv.write(toFile: path, atomically: true, encoding: .utf8)
        defer { unlink(path) }
        try peer.answer("POST /api/v1/datasets", CsvctlFixtures.dataset, status: 201)
        let run = try run(
            "datasets", "import", path, "--name", "ti&tanic", "--delimiter", "tab", "--header", "true", "--strict",
            "--type", "age:decimal")
        #expect(run.status == 0)
        #expect(run.error == "")
        #expect(run.output.contains("rejected  2 (see `csvctl datasets rejects titanic`)\n"))
        #expect(run.output.contains("dialect   utf-8, delimiter ',', quote '\"', line end crlf, header, null ''\n"))
        let request = try #require(peer.requests.first)
        #expect(
            request.target
                == "/api/v1/datasets?name=ti%26tanic&delimiter=%09&header=true&types=age%3Adecimal&strict=true")
        #expect(request.headers["content-length"] == String(csv.utf8.count))
        #expect(request.headers["content-type"] == "text/csv")
        #expect(request.text == csv)
    }

    @Test("an import of standard input goes in chunks")
    func importStream() throws {
        defer { peer.stop() }
        try peer.answer("POST /api/v1/datasets", CsvctlFixtures.dataset, status: 201)
        let csv = String(repeating: "a,b\n", count: 50_000)
        #expect(try run("datasets", "import", "-", "--name", "x", input: csv).status == 0)
        #expect(peer.requests.first?.headers["transfer-encoding"] == "chunked")
        #expect(peer.requests.first?.text == csv)
    }

    @Test("training is followed to its leaderboard, with a line at each change")
    func train() throws {
        defer { peer.stop() }
        try peer.answer("POST /api/v1/models", JobAccepted(job: "j1"), status: 202)
        try peer.answer(
            "GET /api/v1/jobs/j1", CsvctlFixtures.job(.queued, progress: 0),
            CsvctlFixtures.job(.running, progress: 0.6),
            CsvctlFixtures.job(.running, progress: 0.7), CsvctlFixtures.job(.done, progress: 1))
        try peer.answer("GET /api/v1/models/m1", CsvctlFixtures.model)
        try peer.answer("GET /api/v1/models/m1/leaderboard", CsvctlFixtures.leaderboard)
        let run = try run(
            "train", "titanic", "survived", "--budget", "20s", "--algorithm", "logistic", "--exclude", "name,ticket",
            "--seed", "18446744073709551615")
        #expect(run.status == 0)
        #expect(
            peer.requests.first?.text
                == #"{"algorithms":["logistic"],"budget_seconds":20,"dataset":"titanic","exclude":["name","ticket"],"#
                + #""seed":18446744073709551615,"target":"survived"}"#)
        #expect(
            run.error == """
                waiting for a worker
                60 %  7 trials  best gradient_boosting roc_auc 0.8712  8.0 s left
                100 %  7 trials  best gradient_boosting roc_auc 0.8712

                """)
        #expect(
            run.output == """
                RANK  LEARNER            ROC_AUC       ±      FIT  PREDICT 1000  PARAMETERS
                   1  gradient_boosting   0.8712  0.0123   420 ms       1.20 ms  leaves=31
                   2  baseline            0.5000       0  0.10 ms       0.01 ms
                model survival version 1: gradient_boosting, roc_auc 0.8712, trained in 20 s

                """)
    }

    @Test("directions of a training go as one map, a column has one only")
    func trainMonotone() throws {
        defer { peer.stop() }
        try peer.answer("POST /api/v1/models", JobAccepted(job: "j1"), status: 202)
        let run = try run(
            "train", "titanic", "survived", "--increasing", "fare,age", "--decreasing", "class rank", "--detach")
        #expect(run.status == 0 && run.output == "job j1\n")
        #expect(
            peer.requests.first?.text
                == #"{"dataset":"titanic","monotone":{"age":"increasing","class rank":"decreasing","fare":"increasing"},"#
                + #""target":"survived"}"#)
        let both = try self.run("train", "titanic", "survived", "--increasing", "fare,age", "--decreasing", "age")
        #expect(both.status == 64 && both.error.contains("age is given to --increasing and to --decreasing"))
        #expect(peer.requests.count == 1)
    }

    @Test("a training that failed ends with its problem and 1")
    func failedTraining() throws {
        defer { peer.stop() }
        var job = CsvctlFixtures.job(.failed, progress: 0.1)
        job.error = Problem(.trainingFailed, "ran out of memory", remedy: "raise training.memory_bytes")
        try peer.answer("GET /api/v1/jobs/j1", job)
        let run = try run("jobs", "watch", "j1")
        #expect(run.status == 1)
        #expect(run.error.hasSuffix("csvctl: ran out of memory\n  remedy: raise training.memory_bytes\n"))
    }

    @Test("a prediction is shown with probabilities, bars of contributions and flags")
    func predict() throws {
        defer { peer.stop() }
        try peer.answer("POST /api/v1/models/survival/predict", CsvctlFixtures.prediction)
        let run = try run("predict", "survival", "age=29", "sex=female", "cabin=", "--explain")
        #expect(run.status == 0)
        #expect(
            peer.requests.first?.text == #"{"explain":true,"rows":[{"age":"29","cabin":null,"sex":"female"}]}"#)
        #expect(
            run.output == """
                prediction  1
                threshold   0.5000
                flag        cabin: missing
                CLASS  PROBABILITY
                1           0.7500  ██████████████████████▌
                0           0.2500  ███████▌
                FEATURE  VALUE   CONTRIBUTION
                sex      female            +1                 │███████████████
                age      29           -0.2500             ████│
                model survival version 1, 1.25 ms

                """)
    }

    @Test("a CSV of predictions goes through as it is")
    func predictCSV() throws {
        defer { peer.stop() }
        peer.answer(
            "POST /api/v1/models/survival/predict",
            .init(contentType: "text/csv", body: Array("age,prediction\r\n29,1\r\n".utf8)))
        let run = try run("predict", "survival", "--csv", "-", input: "age\n29\n")
        #expect(run.output == "age,prediction\r\n29,1\r\n")
        #expect(peer.requests.first?.headers["content-type"] == "text/csv")
        #expect(peer.requests.first?.text == "age\n29\n")
    }

    @Test("SQL comes from the argument or standard input, with parameters")
    func sql() throws {
        defer { peer.stop() }
        try peer.answer(
            "POST /api/v1/sql",
            SQLReply(
                columns: ["city", "n"], rows: [[.string("東京"), .integer(3)], [.null, .number(1.5)]], truncated: true,
                elapsedMs: 2.5))
        let run = try run("sql", "-", "--param", "-5", "--param", "x", input: "select 1")
        #expect(peer.requests.first?.text == #"{"params":[-5,"x"],"sql":"select 1"}"#)
        #expect(run.output == "city    n\n東京    3\nnull  1.5\n")
        #expect(run.error == "2 rows in 2.50 ms, there are more; see --limit\n")
    }

    @Test("an export goes to a file that is whole or not there")
    func export() throws {
        defer { peer.stop() }
        let path = NSTemporaryDirectory() + "/csvctl-\(UUID().uuidString).ndjson"
        defer { unlink(path) }
        try peer.answer(
            "GET /api/v1/datasets/titanic/export", Problem(.datasetNotFound, "gone", remedy: ""), status: 404)
        #expect(try run("datasets", "export", "titanic", "-o", path).status == 1)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        peer.answer("GET /api/v1/datasets/titanic/export", .init(body: Array("{\"a\":1}\n".utf8)))
        let run = try run("datasets", "export", "titanic", "-o", path, "--version", "2")
        #expect(run.error == "wrote 8 B to \(path)\n")
        #expect(peer.requests.last?.target == "/api/v1/datasets/titanic/export?version=2&format=ndjson")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "{\"a\":1}\n")
    }

    @Test("a list is read page by page")
    func pages() throws {
        defer { peer.stop() }
        let page = { (name: String, next: String?) in
            var dataset = CsvctlFixtures.dataset
            dataset.name = name
            return Page(items: [dataset], next: next)
        }
        try peer.answer("GET /api/v1/datasets", page("one", "c 1"), page("two", nil))
        let lines = try run("datasets").output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(peer.requests.map(\.target) == ["/api/v1/datasets", "/api/v1/datasets?after=c%201"])
    }

    @Test("completion scripts are made for three shells", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        defer { peer.stop() }
        let run = try run("--generate-completion-script", shell)
        #expect(run.status == 0)
        for word in ["incidents", "postmortem", "datasets", "if-exists", "leaderboard"] {
            #expect(run.output.contains(word))
        }
        guard shell == "bash" else { return }
        let check = Process()
        check.executableURL = URL(fileURLWithPath: "/bin/bash")
        check.arguments = ["-n", "/dev/stdin"]
        let pipe = Pipe()
        check.standardInput = pipe
        try check.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(run.output.utf8))
        try pipe.fileHandleForWriting.close()
        check.waitUntilExit()
        #expect(check.terminationStatus == 0)
    }
}
