/// Text of a server or a file, made harmless for a terminal.
///
/// A cell or an error text may hold escape sequences that move the cursor, change the title or hide what follows, and direction
/// marks that reorder a line. They are shown as `\u{1b}` instead.
enum PrintableText {
    /// One line: line ends are escaped too.
    static func line(_ text: String) -> String { escaped(text, keepsLineEnds: false) }

    /// A block of lines: line ends and tabs stay.
    static func block(_ text: String) -> String { escaped(text, keepsLineEnds: true) }

    private static func escaped(_ text: String, keepsLineEnds: Bool) -> String {
        guard text.unicodeScalars.contains(where: { isUnsafe($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if !isUnsafe(scalar) || (keepsLineEnds && (scalar == "\n" || scalar == "\t")) {
                result.unicodeScalars.append(scalar)
            } else {
                result += name(of: scalar)
            }
        }
        return result
    }

    private static func name(of scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }

    /// Whether a terminal would act on the scalar rather than show it: controls (C0, DEL, C1) and direction marks.
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
