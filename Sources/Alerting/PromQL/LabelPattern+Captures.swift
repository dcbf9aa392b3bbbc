/// The texts of a pattern's groups in a text that matches; group 0 is the whole.
struct PatternGroups: Equatable {
    /// Nil for a group that took no part.
    var texts: [String?]
    /// Where the groups are in the text, in scalars.
    var places: [Range<Int>?]
    var names: [String: Int]

    /// As if the first group were the whole, for a pattern that stands in another one.
    var withoutFirst: PatternGroups {
        PatternGroups(
            texts: Array(texts.dropFirst()), places: Array(places.dropFirst()), names: names.mapValues { $0 - 1 })
    }
}

extension LabelPattern {
    /// One way through the program, with the places that it noted.
    private struct Way {
        var state: Int
        var places: [Int]
    }

    /// The groups of the match of the whole text; nil if it does not match. Of several ways to match, the one counts that a
    /// backtracking matcher would find first.
    ///
    /// Complexity: program length times text length times groups at worst.
    ///
    /// Source: Pike's machine, in Cox 2009, "Regular Expression Matching: the Virtual Machine Approach".
    func captures(in text: String) -> PatternGroups? {
        let scalars = Array(text.unicodeScalars)
        var ways: [Way] = []
        var seen = Array(repeating: false, count: program.count)
        var found: [Int]?
        /// Adds a way and what it leads to without reading, most wanted first.
        func follow(_ way: Way, at index: Int, into ways: inout [Way]) {
            let place = Place(scalars, index)
            var open = [way]
            while var next = open.popLast() {
                if seen[next.state] { continue }
                seen[next.state] = true
                switch program[next.state] {
                case .jump(let target):
                    next.state = target
                    open.append(next)
                case .split(let first, let second):
                    open.append(Way(state: second, places: next.places))
                    open.append(Way(state: first, places: next.places))
                case .save(let slot):
                    next.places[slot] = index
                    next.state += 1
                    open.append(next)
                case .atStart, .atEnd, .atWordBorder:
                    if program[next.state].holds(place) {
                        next.state += 1
                        open.append(next)
                    }
                case .match: if place.isEnd, found == nil { found = next.places }
                default: ways.append(next)
                }
            }
        }
        follow(Way(state: 0, places: Array(repeating: -1, count: 2 * groupCount + 2)), at: 0, into: &ways)
        for (index, scalar) in scalars.enumerated() {
            for state in seen.indices { seen[state] = false }
            var next: [Way] = []
            for way in ways where program[way.state].takes(scalar) {
                follow(Way(state: way.state + 1, places: way.places), at: index + 1, into: &next)
            }
            ways = next
            if ways.isEmpty, index < scalars.count - 1 { return nil }
        }
        guard var places = found else { return nil }
        places[0] = 0
        places[1] = scalars.count
        let ranges = stride(from: 0, to: places.count, by: 2).map { slot -> Range<Int>? in
            places[slot] >= 0 && places[slot + 1] >= places[slot] ? places[slot]..<places[slot + 1] : nil
        }
        return PatternGroups(
            texts: ranges.map { range in range.map { String(String.UnicodeScalarView(scalars[$0])) } }, places: ranges,
            names: groupNames)
    }
}

extension LabelPattern.Instruction {
    fileprivate func holds(_ place: LabelPattern.Place) -> Bool {
        switch self {
        case .atStart: place.isStart
        case .atEnd: place.isEnd
        case .atWordBorder(let wanted): place.isWordBorder == wanted
        default: false
        }
    }
}

/// The replacement of `label_replace`: text with `$1`, `${1}`, `$name` and `$$` in it.
///
/// Source: Go's regexp, `Regexp.Expand`: a name is as long as it can be, what is unknown is empty, a `$` that begins nothing
/// is itself.
struct PatternReplacement: Sendable {
    private enum Part: Sendable {
        case text(String)
        case group(String)
    }

    private var parts: [Part] = []

    init(_ template: String) {
        var rest = template[...]
        while let dollar = rest.firstIndex(of: "$") {
            parts.append(.text(String(rest[..<dollar])))
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                parts.append(.text("$"))
                rest = rest.dropFirst()
                continue
            }
            let isBraced = rest.first == "{"
            let name = (isBraced ? rest.dropFirst() : rest).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let after = rest[name.endIndex...]
            guard !name.isEmpty, !isBraced || after.first == "}" else {
                parts.append(.text("$"))
                continue
            }
            parts.append(.group(String(name)))
            rest = isBraced ? after.dropFirst() : after
        }
        parts.append(.text(String(rest)))
    }

    func filled(_ groups: PatternGroups) -> String {
        parts.map { part -> String in
            switch part {
            case .text(let text): return text
            case .group(let name):
                let number = name.allSatisfy { $0.isASCII && $0.isNumber } ? Int(name) : groups.names[name]
                guard let number, groups.texts.indices.contains(number) else { return "" }
                return groups.texts[number] ?? ""
            }
        }.joined()
    }
}
