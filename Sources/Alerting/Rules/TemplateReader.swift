/// Reads the text of a template into segments.
enum TemplateReader {
    typealias Failure = TemplateText.Failure

    static func segments(_ text: String) throws(Failure) -> [TemplateText.Segment] {
        var segments: [TemplateText.Segment] = []
        var rest = text[...]
        var trimsNext = false
        while let open = rest.firstRange(of: "{{") {
            var plain = rest[..<open.lowerBound]
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                throw Failure(reason: "{{ has no }}")
            }
            var inner = rest[open.upperBound..<close.lowerBound]
            if trimsNext { plain = plain.drop(while: \.isWhitespace) }
            if inner.hasPrefix("- ") {
                inner = inner.dropFirst()
                while plain.last?.isWhitespace == true { plain.removeLast() }
            }
            trimsNext = inner.hasSuffix(" -")
            if trimsNext { inner = inner.dropLast() }
            if !plain.isEmpty { segments.append(.text(String(plain))) }
            if !inner.hasPrefix("/*") { segments.append(.pipeline(try pipeline(inner))) }
            rest = rest[close.upperBound...]
        }
        if trimsNext { rest = rest.drop(while: \.isWhitespace) }
        if !rest.isEmpty { segments.append(.text(String(rest))) }
        return segments
    }

    private static func pipeline(_ text: Substring) throws(Failure) -> [TemplateText.Command] {
        var commands: [TemplateText.Command] = []
        for words in try words(text).split(separator: "|", omittingEmptySubsequences: false) {
            commands.append(try command(Array(words), isFirst: commands.isEmpty))
        }
        return commands
    }

    /// Cuts at spaces and bars, strings kept whole with their quotes.
    private static func words(_ text: Substring) throws(Failure) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        var isEscaped = false
        for character in text {
            if let open = quote {
                word.append(character)
                if isEscaped {
                    isEscaped = false
                } else if character == "\\", open == "\"" {
                    isEscaped = true
                } else if character == open {
                    quote = nil
                }
            } else if character == "\"" || character == "`" {
                quote = character
                word.append(character)
            } else if character.isWhitespace || character == "|" {
                if !word.isEmpty { words.append(word) }
                word = ""
                if character == "|" { words.append("|") }
            } else {
                word.append(character)
            }
        }
        guard quote == nil else { throw Failure(reason: "a string has no closing quote") }
        return word.isEmpty ? words : words + [word]
    }

    private static func command(_ words: [String], isFirst: Bool) throws(Failure) -> TemplateText.Command {
        guard let first = words.first else { throw Failure(reason: "a command is empty") }
        guard let function = TemplateText.Function(rawValue: first) else {
            guard words.count == 1, isFirst else {
                throw Failure(reason: "\(RuleError.Fault.quoted(first)) is no function that csvand fills in")
            }
            return TemplateText.Command(function: nil, arguments: [try operand(first)])
        }
        var arguments: [TemplateText.Operand] = []
        for word in words.dropFirst() { arguments.append(try operand(word)) }
        let count = arguments.count + (isFirst ? 0 : 1)
        if function == .printf {
            guard case .text(let format)? = arguments.first else { throw Failure(reason: "printf needs a format") }
            let verbs = try TemplateFormat.verbs(format)
            guard verbs == count - 1 else {
                throw Failure(reason: "printf has \(verbs) verbs and \(count - 1) values")
            }
        } else if count != 1 {
            throw Failure(reason: "\(first) takes one value")
        }
        return TemplateText.Command(function: function, arguments: arguments)
    }

    private static func operand(_ word: String) throws(Failure) -> TemplateText.Operand {
        if word == "$value" || word == ".Value" { return .value }
        for prefix in ["$labels.", ".Labels."] where word.hasPrefix(prefix) {
            let name = word.dropFirst(prefix.count)
            guard !name.isEmpty, name.unicodeScalars.allSatisfy({ $0.isPromQLLetter || $0.isPromQLDigit }) else {
                break
            }
            return .label(String(name))
        }
        if let quote = word.first, quote == "\"" || quote == "`", word.count >= 2, word.last == quote {
            let inner = word.dropFirst().dropLast()
            if quote == "`" { return .text(String(inner)) }
            guard let unquoted = unescaped(inner) else { throw Failure(reason: "a string has an unknown escape") }
            return .text(unquoted)
        }
        if let number = PromQLNumber.value(word) { return .number(number) }
        throw Failure(reason: "\(RuleError.Fault.quoted(word)) is nothing that csvand fills in")
    }

    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                guard let plain = ["n": "\n", "t": "\t", "\\": "\\", "\"": "\""][character] else { return nil }
                result += plain
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
