import Foundation
import Testing

@Suite struct StyleTests {
    private static let bannedWords = ["Manager", "Helper", "Util", "Utils", "Common", "Base", "Misc", "Info", "Impl"]
    private static let mostLines = 600

    @Test func noFileOrTypeIsNamedByAnEmptyWord() throws {
        var broken: [String] = []
        let declaration = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
        for file in try sources() {
            var names = [file.name.replacing(".swift", with: "")]
            for line in file.lines where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") {
                for match in line.matches(of: declaration) { names.append(String(match.1)) }
            }
            for name in names where Self.words(of: name).contains(where: Self.bannedWords.contains) {
                broken.append("\(file.path): \(name)")
            }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    @Test func noFileIsLongerThanOneSubject() throws {
        let long = try sources().filter { $0.lines.count > Self.mostLines }.map { "\($0.path): \($0.lines.count)" }
        #expect(long.isEmpty, "\(long.joined(separator: "\n"))")
    }

    @Test func uncheckedCodeSaysWhyItIsSafe() throws {
        var broken: [String] = []
        let markers = [
            "@unchecked Sendable", "nonisolated(unsafe)", "withMemoryRebound", "unsafeBitCast", "assumingMemoryBound",
            "Unmanaged",
        ]
        for file in try sources() {
            for marker in markers where file.text.contains(marker) {
                if !file.text.contains("Safety:") { broken.append("\(file.path): \(marker) without a `Safety:` line") }
            }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    @Test func sourcesHaveNoTrapThatInputCouldReach() throws {
        var broken: [String] = []
        for file in try sources() {
            for (number, line) in file.lines.enumerated()
            where !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") {
                for trap in ["try!", "as!", "fatalError("] where line.contains(trap) {
                    broken.append("\(file.path):\(number + 1): \(trap)")
                }
            }
        }
        #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
    }

    @Test func nothingIsMarkedAsUnfinished() throws {
        let marks = ["TO" + "DO", "FIX" + "ME"]
        for file in try sources() + Project.files(under: "Tests", ending: ".swift") {
            for mark in marks { #expect(!file.text.contains(mark), "\(file.path)") }
        }
    }

    @Test func nothingIsPublic() throws {
        for file in try sources() {
            #expect(!file.text.contains(/(?m)^\s*public (?!import)/), "\(file.path)")
        }
    }

    private func sources() throws -> [Project.File] { try Project.files(under: "Sources", ending: ".swift") }

    /// `ChunkTextManager` -> Chunk, Text, Manager
    private static func words(of name: String) -> [String] {
        var words: [String] = []
        for character in name {
            if character.isUppercase || words.isEmpty {
                words.append(String(character))
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }
}
