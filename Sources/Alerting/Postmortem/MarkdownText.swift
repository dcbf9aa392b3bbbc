import Foundation

/// Data as it is to be read in a Markdown document (CommonMark with tables).
enum MarkdownText {
    /// One line with its markup escaped.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in line(text).unicodeScalars {
            switch scalar {
            case "\\", "*", "_", "`", "|", "[", "]", "<", ">", "#", "~", "&": result += "\\" + String(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return withoutBlock(result)
    }

    /// A code span. Not even in one may a bar stand in a cell of a table; outside of tables a backslash before it would be read.
    static func code(_ text: String, inTable: Bool = true) -> String {
        let text = inTable ? line(text).replacing("|", with: "\\|") : line(text)
        guard !text.isEmpty else { return "–" }
        guard text.contains("`") else { return "`\(text)`" }
        let longest = text.split(whereSeparator: { $0 != "`" }).map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence) \(text) \(fence)"
    }

    static func table(_ head: [String], _ rows: [[String]]) -> String {
        let lines = [head, head.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// What would begin a list, a rule or a heading's underline at the beginning of a line does not.
    private static func withoutBlock(_ text: String) -> String {
        if let first = text.first, "-+=".contains(first) { return "\\" + text }
        if let match = text.prefixMatch(of: /(\d{1,9})([.)])/) {
            return "\(match.1)\\\(match.2)" + text[match.range.upperBound...]
        }
        return text
    }

    /// Without line breaks, control characters and marks that turn the direction of what follows.
    private static func line(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
            case .format where (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value):
                continue
            default: result.append(scalar)
            }
        }
        return String(result).trimmingCharacters(in: .whitespaces)
    }
}
