import Shared

/// Why a configuration was refused; the one in force stays.
package enum SettingsError: Error, Sendable, Equatable {
    /// Where a value was written.
    package enum Origin: Sendable, Equatable {
        case file(path: String, line: Int)
        case environment(variable: String)
        case flag(name: String)
    }

    case unreadable(path: String, reason: String)
    case notYAML(path: String, line: Int, reason: String)
    case unknownKey(key: String, nearest: String?, origin: Origin)
    case badValue(key: String, value: String, expected: String, origin: Origin)
    case notAMapping(key: String, origin: Origin)
}

extension SettingsError.Origin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let path, let line): "\(path), line \(line)"
        case .environment(let variable): "environment variable \(variable)"
        case .flag(let name): "option \(name)"
        }
    }

    fileprivate var line: Int? { if case .file(_, let line) = self { line } else { nil } }
}

extension SettingsError {
    package var problem: Problem {
        switch self {
        case .unreadable(let path, let reason):
            Problem(
                .settingsInvalid, "The settings file \(path) cannot be read: \(reason).",
                remedy: "Give an existing file with --config, or leave the option out to run with defaults.")
        case .notYAML(let path, let line, let reason):
            Problem(
                .settingsInvalid, "\(path), line \(line): not valid YAML: \(reason).",
                remedy: "Correct the line; `csvand --check-config` tries a file without starting.",
                places: [.init(line: line)])
        case .unknownKey(let key, let nearest, let origin):
            Problem(
                .settingsInvalid, "\(origin): unknown setting \(key.quotedForMessage).",
                remedy: nearest.map { "Did you mean \($0)?" } ?? "See etc/csvand.yaml for every setting.",
                places: [.init(line: origin.line, column: key)])
        case .badValue(let key, let value, let expected, let origin):
            Problem(
                .settingsInvalid, "\(origin): \(key) is \(value.quotedForMessage), but must be \(expected).",
                remedy: "Set \(key) to \(expected), or leave it out for its default.",
                places: [.init(line: origin.line, column: key)])
        case .notAMapping(let key, let origin):
            Problem(
                .settingsInvalid, "\(origin): \(key.quotedForMessage) must hold settings below it.",
                remedy: "Write its settings indented on the following lines.",
                places: [.init(line: origin.line, column: key)])
        }
    }
}
