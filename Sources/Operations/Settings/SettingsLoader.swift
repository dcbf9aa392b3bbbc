import Foundation
import Shared
import Yams

/// Puts the settings together: defaults, then the file, then the environment, then flags.
package struct SettingsLoader: Sendable {
    /// The file to read; nil for none.
    package var file: String?
    package var environment: [String: String]
    /// Flags by the key they set, such as `http.listen`.
    package var flags: [(key: String, flag: String, value: String)]

    package init(
        file: String?, environment: [String: String] = [:], flags: [(key: String, flag: String, value: String)] = []
    ) {
        self.file = file
        self.environment = environment
        self.flags = flags
    }

    /// Variables that name no setting of the file but are csvand's all the same.
    private static let otherVariables: Set<String> = ["CSVAND_CONFIG", "CSVAND_SOCKET"]

    package func load() throws(SettingsError) -> Settings {
        var settings = Settings()
        if let file { try applyFile(file, to: &settings) }
        try applyEnvironment(to: &settings)
        for (key, flag, value) in flags {
            try apply(key: key, values: [value], origin: .flag(name: flag), to: &settings)
        }
        return settings
    }

    private func applyFile(_ path: String, to settings: inout Settings) throws(SettingsError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "it does not exist or is not readable")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .notYAML(path: path, line: 1, reason: "it is not UTF-8")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw .notYAML(path: path, line: error.line ?? 1, reason: error.reason)
        } catch {
            throw .notYAML(path: path, line: 1, reason: "\(error)")
        }
        guard let root else { return }  // an empty file sets nothing
        if root.isEmptyScalar { return }
        try applyNode(root, prefix: "", path: path, to: &settings)
    }

    private func applyNode(_ node: Node, prefix: String, path: String, to settings: inout Settings)
        throws(SettingsError)
    {
        guard case .mapping(let mapping) = node else {
            throw .notAMapping(key: prefix.isEmpty ? "the file" : prefix, origin: node.origin(in: path))
        }
        for (keyNode, value) in mapping {
            let word = keyNode.string ?? ""
            let key = prefix.isEmpty ? word : prefix + "." + word
            if SettingCatalogue.key(named: key) != nil {
                try apply(key: key, values: value.texts, origin: keyNode.origin(in: path), to: &settings)
            } else if SettingCatalogue.keys.contains(where: { $0.name.hasPrefix(key + ".") }) {
                if value.isEmptyScalar { continue }
                try applyNode(value, prefix: key, path: path, to: &settings)
            } else {
                throw .unknownKey(key: key, nearest: nearestKey(to: key), origin: keyNode.origin(in: path))
            }
        }
    }

    private func applyEnvironment(to settings: inout Settings) throws(SettingsError) {
        for (variable, value) in environment.sorted(by: { $0.key < $1.key }) where variable.hasPrefix("CSVAND_") {
            if let key = SettingCatalogue.keys.first(where: { $0.variable == variable }) {
                let values = key.name == "http.allowed_hosts" ? value.split(separator: ",").map { $0.trimmed } : [value]
                try apply(key: key.name, values: values, origin: .environment(variable: variable), to: &settings)
            } else if !Self.otherVariables.contains(variable) {
                let nearest = Spelling.nearest(to: variable, among: SettingCatalogue.keys.map(\.variable))
                throw .unknownKey(key: variable, nearest: nearest, origin: .environment(variable: variable))
            }
        }
    }

    private func apply(
        key: String, values: [String], origin: SettingsError.Origin, to settings: inout Settings
    ) throws(SettingsError) {
        guard let setting = SettingCatalogue.key(named: key) else {
            throw .unknownKey(key: key, nearest: nearestKey(to: key), origin: origin)
        }
        guard setting.apply(values, &settings) else {
            throw .badValue(key: key, value: values.joined(separator: ", "), expected: setting.expected, origin: origin)
        }
    }

    private func nearestKey(to key: String) -> String? {
        Spelling.nearest(to: key, among: SettingCatalogue.keys.map(\.name))
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace).reversed())
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        default: nil
        }
    }

    fileprivate var reason: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _):
            "a key stands twice: \(keys.map { "\($0)" }.joined(separator: ", "))"
        default: "\(self)"
        }
    }
}

extension Node {
    fileprivate func origin(in path: String) -> SettingsError.Origin { .file(path: path, line: mark?.line ?? 1) }

    /// A scalar's text, or the texts of a sequence of scalars.
    fileprivate var texts: [String] {
        switch self {
        case .scalar(let scalar): [scalar.string]
        case .sequence(let sequence): sequence.map { $0.scalar?.string ?? "" }
        default: []
        }
    }

    fileprivate var isEmptyScalar: Bool { if case .scalar(let scalar) = self { scalar.string.isEmpty } else { false } }
}
