import Foundation

/// The project's own files, as text.
enum Project {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct File: Sendable {
        /// Relative to the root, such as `Sources/Shared/Problem.swift`.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var name: String { (path as NSString).lastPathComponent }
        /// The target of a source file: the folder below `Sources` or `Tests`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    static func files(under folder: String, ending: String) throws -> [File] {
        let start = root.appendingPathComponent(folder)
        let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
        var found: [File] = []
        while let url = walk?.nextObject() as? URL {
            guard url.path.hasSuffix(ending) else { continue }
            let text = try String(contentsOf: url, encoding: .utf8)
            found.append(File(path: String(url.path.dropFirst(root.path.count + 1)), text: text))
        }
        return found.sorted { $0.path < $1.path }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// All pages under `docs/` and the README, as one text.
    static func documentation() throws -> String {
        try files(under: "docs", ending: ".md").map(\.text).joined(separator: "\n") + text("README.md")
    }
}
