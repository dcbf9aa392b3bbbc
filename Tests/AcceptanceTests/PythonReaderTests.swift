import Foundation
import Shared
import Testing

/// What CPython's tests of its `csv` module read, read by csvand.
@Suite(.serialized) struct PythonReaderTests {
    @Test(.timeLimit(.minutes(2)))
    func theCasesOfItsTestsComeOutAsInPython() async throws {
        let run = try await withDaemon { daemon in
            try await ProgramRun.run(
                "/usr/bin/python3", [Checkout.path("scripts/check-csv.py"), "http://127.0.0.1:\(daemon.port)"],
                within: 100)
        }
        try #require(run.status == 0, "\(run.error)")
        let lines = run.output.split(separator: "\n")
        let outcomes = try JSONDecoder().decode([String: Int].self, from: Data(try #require(lines.last).utf8))
        let inputs = outcomes.values.reduce(0, +)
        #expect(inputs >= 200)
        #expect(outcomes["silently different"] == nil, "\(lines.filter { $0.contains("silently") })")
        // Blank lines are no rows, and a cell's text is what the file has, both as docs/csv.md says.
        let equal = ["equal", "equal but for blank lines", "equal before Python makes numbers"]
        let share = Double(equal.map { outcomes[$0] ?? 0 }.reduce(0, +)) / Double(inputs)
        #expect(share >= 0.95, "\(outcomes)")
    }
}
