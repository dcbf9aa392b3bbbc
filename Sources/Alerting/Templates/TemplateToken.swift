/// A word of a template's action.
enum TemplateToken: Sendable, Equatable {
    typealias Failure = TemplateText.Failure

    case word(String)
    case string(String)
    case bar, open, close

    /// Reads up to `}}` and takes it from the text.
    static func read(_ rest: inout Substring, trimsNext: inout Bool) throws(Failure) -> [TemplateToken] {
        var tokens: [TemplateToken] = []
        while let character = rest.first {
            if rest.hasPrefix("}}") {
                rest = rest.dropFirst(2)
                return tokens
            }
            if character.isWhitespace, rest.drop(while: \.isWhitespace).hasPrefix("-}}") {
                rest = rest.drop(while: \.isWhitespace).dropFirst(3)
                trimsNext = true
                return tokens
            }
            switch character {
            case _ where character.isWhitespace: rest = rest.dropFirst()
            case "|", "(", ")":
                tokens.append(character == "|" ? .bar : character == "(" ? .open : .close)
                rest = rest.dropFirst()
            case "\"", "`": tokens.append(.string(try string(&rest, quote: character)))
            default:
                let word = rest.prefix { !$0.isWhitespace && !"|()\"`}".contains($0) }
                guard !word.isEmpty else { throw Failure(reason: "} stands alone") }
                tokens.append(.word(String(word)))
                rest = rest[word.endIndex...]
            }
        }
        throw Failure(reason: "{{ has no }}")
    }

    private static func string(_ rest: inout Substring, quote: Character) throws(Failure) -> String {
        rest = rest.dropFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            guard character == "\\", quote == "\"" else {
                text.append(character)
                continue
            }
            let escaped: [Character: String] = ["n": "\n", "t": "\t", "r": "\r", "\\": "\\", "\"": "\""]
            guard let next = rest.popFirst(), let plain = escaped[next] else {
                throw Failure(reason: "a string has an unknown escape")
            }
            text += plain
        }
        throw Failure(reason: "a string has no closing quote")
    }
}
