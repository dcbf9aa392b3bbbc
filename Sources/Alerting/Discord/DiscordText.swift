/// Text from outside as Discord shows it: markup escaped, cut to a limit.
enum DiscordText {
    /// Discord counts characters; UTF-16 units are never fewer, so a text within the limit here is within it there.
    static func length(_ text: String) -> Int { text.utf16.count }

    /// Data as it is to be read: what would be markup is escaped, control and direction characters are left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        var isLineStart = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result.unicodeScalars.append(scalar)
            case "\t": result += " "
            case "\\", "*", "_", "~", "`", "|", "[", "]", "<", ">", "#": result += "\\" + String(scalar)
            case "-" where isLineStart, "+" where isLineStart: result += "\\" + String(scalar)
            // A mention is not sent (allowed_mentions), and does not look like one either.
            case "@": result += "@\u{200B}"
            case _ where isInvisible(scalar): continue
            default: result.unicodeScalars.append(scalar)
            }
            isLineStart = scalar == "\n"
        }
        return result
    }

    /// Text for an inline code span, where nothing is markup but the backtick.
    static func code(_ text: String) -> String {
        let line = String(
            String.UnicodeScalarView(text.unicodeScalars.map { isInvisible($0) || $0 == "\n" ? " " : $0 }))
        return "`" + line.replacing("`", with: "'") + "`"
    }

    /// The text within the limit: whole lines and an ellipsis, or, when the first line alone is too long, whole characters.
    static func cut(_ text: String, to limit: Int) -> String {
        guard length(text) > limit else { return text }
        guard limit > 1 else { return limit == 1 ? "…" : "" }
        var kept = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let next = kept.isEmpty ? String(line) : kept + "\n" + line
            // Room for a line break and the ellipsis.
            guard length(next) <= limit - 2 else { break }
            kept = next
        }
        if !kept.isEmpty { return kept + "\n…" }
        var room = limit - 1
        for character in text.split(separator: "\n", omittingEmptySubsequences: false)[0] {
            room -= String(character).utf16.count
            guard room >= 0 else { break }
            kept.append(character)
        }
        // Half an escape would escape the ellipsis; half a code span would run on.
        if kept.reversed().prefix(while: { $0 == "\\" }).count % 2 == 1 { kept.removeLast() }
        if kept.hasPrefix("`") { return String(kept.dropLast()) + "`…" }
        return kept + "…"
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 10: false
        case 0..<32, 127..<160, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
