import Foundation
import Testing

/// promtool's test files through `promtool test rules` and through `csvctl rules test`.
@Suite struct RuleTestFileTests {
    private static let directory = Checkout.path("Tests/AlertingTests/Fixtures")

    /// Test files in a directory of the fixtures.
    private static func files(_ name: String) throws -> [String] {
        let place = directory + "/" + name
        return try FileManager.default.contentsOfDirectory(atPath: place).filter { !$0.hasSuffix(".rules.yaml") }
            .sorted().map { place + "/" + $0 }
    }

    private static func expectations(_ path: String) throws -> Int {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count {
            $0.hasPrefix("      - expr: ") || $0.hasPrefix("      - eval_time: ")
        }
    }

    @Test func everyCasePassesInPromtoolAndInCsvctl() async throws {
        let files = try Self.files("promql") + Self.files("rules")
        let promtool = try await ProgramRun.run("promtool", ["test", "rules"] + files)
        #expect(promtool.status == 0, "\(promtool.output)\(promtool.error)")
        try await withDaemon { daemon in
            let run = try await ProgramRun.run(
                DaemonProcess.program("csvctl"), ["--socket", daemon.socketPath, "rules", "test"] + files)
            #expect(run.status == 0, "\(run.error)")
            let expected = try files.map { "\($0): \(try Self.expectations($0)) passed, 0 failed\n" }.joined()
            #expect(run.output == expected)
        }
    }

    @Test func aWrongExpectationInAnyFileFailsInBoth() async throws {
        let place = try TemporaryDirectory("rules")
        defer { place.remove() }
        try await withDaemon { daemon in
            for file in try Self.files("promql") {
                var text = try String(contentsOfFile: file, encoding: .utf8)
                let value = try #require(text.firstMatch(of: /\n {12}value: (\d[\d.]*)\n/))
                let number = try #require(Double(value.1))
                text.replaceSubrange(value.1.startIndex..<value.1.endIndex, with: "\(number.nextUp)")
                let wrong = place.path + "/wrong.yaml"
                try text.write(toFile: wrong, atomically: true, encoding: .utf8)
                #expect(try await ProgramRun.run("promtool", ["test", "rules", wrong]).status == 1)
                let run = try await daemon.csvctl("rules", "test", wrong)
                #expect(run.status == 1)
                let passed = try Self.expectations(file) - 1
                #expect(run.output.hasSuffix("\(wrong): \(passed) passed, 1 failed\n"), "\(run.output)")
            }
        }
    }
}
