/// A regular expression that finds its matches in time proportional to pattern times text, whatever they are.
///
/// Known are literals, `.` (no line feed), classes `[a-z]` and `[^...]`, `\d \D \w \W \s \S`, `^ $ \b`, groups `( )` and `(?: )`,
/// alternatives `|`, repetitions `* + ? {n} {n,} {n,m}`, each lazy with a `?` behind it, and `(?i)` at the beginning. There are no
/// back references and no look-around: those would need backtracking.
///
/// Source: Thompson 1968; captures carried along by threads after Pike, as in Cox, "Regular Expression Matching: the Virtual Machine
/// Approach" (2009). Matches are leftmost, and of those the one that a backtracking engine would prefer.
struct TextPattern: Sendable {
    struct Failure: Error, Equatable {
        var reason: String
        /// In characters (Unicode scalars) from 0.
        var position: Int
    }

    enum Instruction: Sendable {
        case scalar(Unicode.Scalar)
        case set(ranges: [ClosedRange<UInt32>], isNegated: Bool)
        case any
        /// To the first by preference.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case atStart
        case atEnd
        case atBorder
        case match
    }

    private let program: [Instruction]
    private let ignoresCase: Bool
    /// Two slots for the whole match and two for each group.
    private let slots: Int

    init(_ pattern: String) throws(Failure) {
        var compiler = try TextPatternCompiler(pattern)
        program = try compiler.compile()
        ignoresCase = compiler.ignoresCase
        slots = compiler.groups * 2 + 2
    }

    /// Steps that the search of one text may take: each match is found in linear time, but there may be as many as characters.
    private static let stepLimit = 50_000_000

    /// The text with every match as `template`, in which `$0` is the match, `$1` ... `$9` are its groups and `$$` is a dollar; nil for a
    /// text so long that the search takes more than `stepLimit` steps.
    func replacing(in text: String, with template: String) -> String? {
        let scalars = Array(text.unicodeScalars)
        let compared = ignoresCase ? scalars.map(Self.folded) : scalars
        var result = String.UnicodeScalarView()
        var position = 0
        var copied = 0
        var machine = PatternMachine(program, slots: slots)
        while position <= scalars.count, let found = machine.firstMatch(in: compared, from: position) {
            if machine.steps > Self.stepLimit { return nil }
            let (start, end) = (found[0], found[1])
            result.append(contentsOf: scalars[copied..<start])
            Self.fill(template, found, scalars, &result)
            copied = end
            position = end
            if end == start {
                // An empty match moves on by one, so that it is not found again.
                if end < scalars.count { result.append(scalars[end]) }
                copied = min(end + 1, scalars.count)
                position = end + 1
            }
        }
        if copied == 0 && position == 0 { return text }
        result.append(contentsOf: scalars[copied...])
        return String(result)
    }

    static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first ?? scalar : scalar
    }

    private static func fill(
        _ template: String, _ found: [Int], _ scalars: [Unicode.Scalar], _ result: inout String.UnicodeScalarView
    ) {
        var isEscaped = false
        for scalar in template.unicodeScalars {
            if isEscaped {
                isEscaped = false
                let group = Int(scalar.value) - 48
                if scalar == "$" {
                    result.append(scalar)
                } else if (0...9).contains(group) {
                    let slot = group * 2
                    if slot + 1 < found.count, found[slot] >= 0, found[slot + 1] >= 0 {
                        result.append(contentsOf: scalars[found[slot]..<found[slot + 1]])
                    }
                } else {
                    result.append("$")
                    result.append(scalar)
                }
            } else if scalar == "$" {
                isEscaped = true
            } else {
                result.append(scalar)
            }
        }
        if isEscaped { result.append("$") }
    }
}

/// The threads of a search: at most one in each instruction, in order of preference.
private struct PatternMachine {
    private let program: [TextPattern.Instruction]
    private let slots: Int
    private var states: [(place: Int, saved: [Int])] = []
    private var next: [(place: Int, saved: [Int])] = []
    /// The step in which an instruction was last reached.
    private var seen: [Int]
    private var step = 0
    private(set) var steps = 0

    init(_ program: [TextPattern.Instruction], slots: Int) {
        self.program = program
        self.slots = slots
        seen = [Int](repeating: -1, count: program.count)
    }

    mutating func firstMatch(in text: [Unicode.Scalar], from start: Int) -> [Int]? {
        var best: [Int]?
        states.removeAll(keepingCapacity: true)
        var position = start
        while true {
            // A match may begin anywhere until one is found; what began earlier is preferred.
            step += 1
            for state in states { seen[state.place] = step }
            if best == nil {
                swap(&states, &next)
                follow(0, [Int](repeating: -1, count: slots), text, position)
                swap(&states, &next)
            }
            if states.isEmpty, best != nil { return best }
            steps += states.count + 1
            step += 1
            next.removeAll(keepingCapacity: true)
            threads: for index in states.indices {
                let (place, saved) = states[index]
                switch program[place] {
                case .match:
                    best = saved
                    // Threads behind this one are less preferred.
                    break threads
                case .scalar(let wanted):
                    if position < text.count, text[position] == wanted {
                        follow(place + 1, saved, text, position + 1)
                    }
                case .any:
                    if position < text.count, text[position] != "\n" {
                        follow(place + 1, saved, text, position + 1)
                    }
                case .set(let ranges, let isNegated):
                    if position < text.count,
                        ranges.contains(where: { $0.contains(text[position].value) }) != isNegated
                    {
                        follow(place + 1, saved, text, position + 1)
                    }
                default: break
                }
            }
            swap(&states, &next)
            if position >= text.count { return best }
            position += 1
        }
    }

    /// Adds to `next` what an instruction leads to without reading. The depth is the program's, which has a limit.
    private mutating func follow(
        _ place: Int, _ saved: [Int], _ text: [Unicode.Scalar], _ position: Int
    ) {
        var open = [(place, saved)]
        while let (place, saved) = open.popLast() {
            if seen[place] == step { continue }
            seen[place] = step
            switch program[place] {
            case .jump(let target): open.append((target, saved))
            case .split(let first, let second):
                open.append((second, saved))
                open.append((first, saved))
            case .save(let slot):
                var saved = saved
                saved[slot] = position
                open.append((place + 1, saved))
            case .atStart: if position == 0 { open.append((place + 1, saved)) }
            case .atEnd: if position == text.count { open.append((place + 1, saved)) }
            case .atBorder:
                let before = position > 0 && text[position - 1].isWordScalar
                let after = position < text.count && text[position].isWordScalar
                if before != after { open.append((place + 1, saved)) }
            default: next.append((place, saved))
            }
        }
    }
}

extension Unicode.Scalar {
    /// As `\w`.
    fileprivate var isWordScalar: Bool {
        switch value {
        case 48...57, 65...90, 95, 97...122: true
        default: false
        }
    }
}
