import Foundation
import Shared

/// A private machine with the real systemd and journald: see `Tests/Lab/README.md`.
final class SystemdLab: Sendable {
    private static let program = Checkout.path("Tests/Lab/lab")
    private let environment: [String: String]

    /// Why no lab can run here, nil when one can.
    static func objection() async throws -> String? {
        let check = try await ProgramRun.run(program, ["check"])
        return check.status == 0 ? nil : (check.error + check.output).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    init() { environment = ["LAB_NAME": "csvand-\(getpid())"] }

    func up() async throws { try await lab("up") }

    func down() async { _ = try? await ProgramRun.run(Self.program, ["down"], environment: environment) }

    func copy(_ sources: [String], to target: String) async throws { try await lab("cp", sources + [target]) }

    func write(_ text: String, to path: String) async throws {
        let place = try TemporaryDirectory("lab")
        defer { place.remove() }
        let file = place.path + "/" + (path as NSString).lastPathComponent
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try await copy([file], to: path)
    }

    /// Runs a command inside; any status is an answer.
    func run(_ command: String..., within seconds: Double = 60) async throws -> ProgramRun {
        try await ProgramRun.run(Self.program, ["exec"] + command, environment: environment, within: seconds)
    }

    /// Runs a shell's line inside and answers what it printed.
    ///
    /// - Throws: `TestFailure` when its status is not 0.
    @discardableResult
    func shell(_ line: String) async throws -> String {
        let run = try await run("sh", "-c", line)
        guard run.status == 0 else { throw TestFailure("\(line): status \(run.status): \(run.output)\(run.error)") }
        return run.output
    }

    /// The records of the unit's journal that match, oldest first.
    func journal(_ matches: String...) async throws -> [[String: JSONValue]] {
        let command = ["journalctl", "-u", "csvand", "-o", "json", "--no-pager", "-q"] + matches
        let lines = try await shell(command.joined(separator: " ")).split(separator: "\n")
        return try lines.map { try JSONDecoder().decode([String: JSONValue].self, from: Data($0.utf8)) }
    }

    private func lab(_ command: String, _ arguments: [String] = []) async throws {
        let run = try await ProgramRun.run(Self.program, [command] + arguments, environment: environment, within: 120)
        guard run.status == 0 else { throw TestFailure("lab \(command): \(run.error)") }
    }
}
