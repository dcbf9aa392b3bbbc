import Foundation
import Testing

@testable import Learning

@Suite("docs/learners.md")
struct LearnerDocumentTests {
    private static let learners: [any Learner] = [
        LinearLearner(), BoostingLearner(), DecisionTreeLearner(), RandomForestLearner(), ExtraTreesLearner(),
        NeighboursLearner(),
    ]

    @Test("Every setting of a learner is in its table with its default, and no other", arguments: learners)
    func hasTheDefaults(learner: any Learner) throws {
        let name = type(of: learner).name
        let document = try String(
            contentsOf: URL(filePath: #filePath).appending(path: "../../../docs/learners.md").standardized,
            encoding: .utf8)
        let section = try #require(
            document.components(separatedBy: "\n## ").first {
                $0.prefix { !$0.isNewline }.components(separatedBy: ", ").contains(name)
            })
        let table = section.split(separator: "\n").filter { $0.hasPrefix("| ") }.map(Self.cells)
        let header = try #require(table.first { $0.first == "parameter" })
        let column = try #require(
            header.firstIndex(of: "`\(name)`") ?? header.firstIndex(of: "forests") ?? header.firstIndex(of: "default"))
        var documented: [String: String] = [:]
        for row in table where row.count == header.count && row[0].hasPrefix("`") && !row[column].isEmpty {
            for (parameter, value) in zip(row[0].components(separatedBy: ", "), Self.defaults(row[column], of: name)) {
                documented[parameter.filter { $0 != "`" }] = value
            }
        }
        #expect(documented == learner.parameters.mapValues(Self.text))
    }

    private static func cells(_ line: Substring) -> [String] {
        line.dropFirst().dropLast().components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// The defaults of a cell: of the learner that it names after a semicolon, else of those before it.
    private static func defaults(_ cell: String, of learner: String) -> [String] {
        let parts = cell.components(separatedBy: "; ")
        let own = parts.dropFirst().first { $0.hasPrefix("`\(learner)` ") }?.dropFirst(learner.count + 3)
        return String(own ?? parts[0][...]).components(separatedBy: ", ").map { $0.filter { $0 != "`" } }
    }

    private static func text(_ parameter: LearnerParameter) -> String {
        switch parameter {
        case .integer(let value): String(value)
        case .number(let value): value == value.rounded() ? String(Int(value)) : String(value)
        case .text(let value): value
        case .flag(let value): String(value)
        }
    }
}
