/// Where a pattern and its groups are in a text.
package struct PatternMatch: Sendable {
    /// UTF-8.
    let text: [UInt8]
    /// Group `n` is from byte `2n` to before byte `2n + 1`; -1 for a group that took no part. Group 0 is the match.
    let places: [Int]
    let names: [String: Int]

    var place: Range<Int> { places[0]..<places[1] }

    /// Nil for a group that took no part, or is none.
    func bytes(of group: Int) -> ArraySlice<UInt8>? {
        guard places.indices.contains(2 * group + 1), places[2 * group] >= 0,
            places[2 * group] <= places[2 * group + 1]
        else { return nil }
        return text[places[2 * group]..<places[2 * group + 1]]
    }

    /// The texts of the match and of its groups; nil for a group that took no part.
    package var texts: [String?] {
        (0..<places.count / 2).map { group in bytes(of: group).map { String(decoding: $0, as: UTF8.self) } }
    }
}

/// What takes the place of a match: text in which `$1` stands for a group, `$0` for the match and `$$` for a dollar. A group that took no
/// part is empty, and so is one that the pattern does not have; a `$` that begins nothing is itself.
package struct PatternReplacement: Sendable {
    /// The two families of replacements.
    package enum Style: Sendable {
        /// As JavaScript's: one digit names a group, so `$1_$2` is two groups with a line between them. An empty match right behind
        /// another match is one.
        case digits
        /// As in Go's `Regexp.Expand` and `ReplaceAllString`: a name is as long as it can be, or in braces, as in `${1}` and `${name}`. An
        /// empty match right behind another match is none.
        case names

        var replacesEmptyBehindMatch: Bool { self == .digits }
    }

    private enum Part: Sendable {
        case text([UInt8])
        case group(Int)
        case named(String)
    }

    let style: Style
    private var parts: [Part] = []

    package init(_ template: String, style: Style) {
        self.style = style
        var rest = template.unicodeScalars[...]
        while let dollar = rest.firstIndex(of: "$") {
            append(rest[..<dollar])
            rest = rest[dollar...].dropFirst()
            let isBraced = style == .names && rest.first == "{"
            let inner = isBraced ? rest.dropFirst() : rest
            let name =
                style == .names
                ? inner.prefix { $0.properties.isAlphabetic || $0.properties.numericType == .decimal || $0 == "_" }
                : inner.prefix(1).prefix { ("0"..."9").contains($0) }
            let after = inner[name.endIndex...]
            guard !name.isEmpty, !isBraced || after.first == "}" else {
                append("$".unicodeScalars)
                if rest.first == "$" { rest = rest.dropFirst() }
                continue
            }
            // In Go a number with a leading zero is a name.
            let number = Int(String(name)).flatMap { $0 >= 0 && String($0) == String(name) ? $0 : nil }
            parts.append(number.map(Part.group) ?? .named(String(name)))
            rest = isBraced ? after.dropFirst() : after
        }
        append(rest)
    }

    private mutating func append(_ text: some Sequence<Unicode.Scalar>) {
        parts.append(.text(text.flatMap { Array(String($0).utf8) }))
    }

    /// Appends what takes the place of a match, as UTF-8.
    func append(_ match: PatternMatch, to result: inout [UInt8]) {
        for part in parts {
            switch part {
            case .text(let bytes): result += bytes
            case .group(let number): result += match.bytes(of: number) ?? []
            case .named(let name): result += match.names[name].flatMap(match.bytes) ?? []
            }
        }
    }

    /// What takes the place of a match.
    package func filled(_ match: PatternMatch) -> String {
        var result: [UInt8] = []
        append(match, to: &result)
        return String(decoding: result, as: UTF8.self)
    }
}
