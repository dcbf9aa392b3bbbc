/// Data as it is to be read in a Markdown document (CommonMark with tables).
enum MarkdownText {
    /// One line with its markup escaped.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in line(text).unicodeScalars {
            switch scalar {
            case "\\", "*", "_", "`", "|", "[", "]", "<", ">", "#", "~": result += "\\" + String(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A code span; a bar would end a table's cell even there.
    static func code(_ text: String) -> String {
        let text = line(text).replacing("|", with: "\\|")
        guard !text.isEmpty else { return "–" }
        guard text.contains("`") else { return "`\(text)`" }
        return "`` \(text) ``"
    }

    static func table(_ head: [String], _ rows: [[String]]) -> String {
        let lines = [head, head.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    private static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }
}
