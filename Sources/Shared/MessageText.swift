extension String {
    /// The text as an error message shows it: in quotes, control characters escaped, cut after 60 characters.
    package var quotedForMessage: String {
        var shown = ""
        for (count, scalar) in unicodeScalars.enumerated() {
            if count == 60 {
                shown += "…"
                break
            }
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            case "\"": shown += "\\\""
            case "\\": shown += "\\\\"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return "\"" + shown + "\""
    }
}
