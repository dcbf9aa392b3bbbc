/// A regular expression for label values, matched over the whole value.
///
/// Syntax of RE2 as far as label values need it: literals, `.`, classes, `\d \w \s` and their opposites, groups,
/// alternatives, `* + ? {n,m}` with or without a lazy `?`, `^ $` and a leading `(?i)` or `(?s)`. The rest is refused.
///
/// Matching runs all alternatives side by side over the text (Thompson 1968), so no pattern of a user can take more than
/// program length times text length.
package struct LabelPattern: Sendable {
    package struct Failure: Error, Equatable {
        package var reason: String
    }

    /// Most instructions of a program; counted repetitions multiply.
    static let sizeLimit = 4_000

    enum Instruction: Sendable, Equatable {
        case scalar(Unicode.Scalar)
        case any
        case anyButNewline
        case set(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case atStart
        case atEnd
        case match
    }

    /// Ranges of scalars, possibly all others.
    struct ScalarSet: Sendable, Equatable {
        var ranges: [ClosedRange<UInt32>]
        var isNegated = false

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }

    private let program: [Instruction]
    private let ignoresCase: Bool
    /// The texts, if the pattern is nothing but alternatives of literals.
    private let literals: Set<String>?

    package init(_ pattern: String) throws(Failure) {
        var body = pattern.unicodeScalars[...]
        var flags = ""
        if body.starts(with: "(?".unicodeScalars), let end = body.firstIndex(of: ")") {
            let inner = body[body.index(body.startIndex, offsetBy: 2)..<end]
            if !inner.isEmpty, inner.allSatisfy({ $0 == "i" || $0 == "s" }) {
                flags = String(Substring(inner))
                body = body[body.index(after: end)...]
            }
        }
        ignoresCase = flags.contains("i")
        var compiler = LabelPatternCompiler(
            Array(body), ignoresCase: ignoresCase, dotMatchesNewline: flags.contains("s"))
        program = try compiler.compile()
        let isPlain = body.allSatisfy { !"\\.+*?()[]{}^$".unicodeScalars.contains($0) }
        literals =
            isPlain && !ignoresCase
            ? Set(String(Substring(body)).split(separator: "|", omittingEmptySubsequences: false).map(String.init))
            : nil
    }

    /// Whether the whole text matches.
    ///
    /// Complexity: program length times text length at worst.
    package func matches(_ text: String) -> Bool {
        if let literals { return literals.contains(text) }
        var run = Run(program)
        let scalars = Array(ignoresCase ? text.lowercased().unicodeScalars : text.unicodeScalars)
        run.follow(0, isStart: true, isEnd: scalars.isEmpty)
        for (index, scalar) in scalars.enumerated() {
            run.step(scalar, isEnd: index == scalars.count - 1)
            if run.isDead, !run.hasMatched { return false }
        }
        return run.hasMatched
    }

    /// The states that a match is in.
    private struct Run {
        let program: [Instruction]
        var states: [Int] = []
        var next: [Int] = []
        var seen: [Bool]
        var hasMatched = false
        var isDead: Bool { states.isEmpty }

        init(_ program: [Instruction]) {
            self.program = program
            seen = Array(repeating: false, count: program.count)
        }

        /// Adds a state and what it leads to without reading; a stack, since patterns may nest deeply.
        mutating func follow(_ start: Int, isStart: Bool, isEnd: Bool) {
            var open = [start]
            while let state = open.popLast() {
                if seen[state] { continue }
                seen[state] = true
                switch program[state] {
                case .jump(let target): open.append(target)
                case .split(let first, let second):
                    open.append(second)
                    open.append(first)
                case .atStart: if isStart { open.append(state + 1) }
                case .atEnd: if isEnd { open.append(state + 1) }
                case .match: if isEnd { hasMatched = true }
                default: states.append(state)
                }
            }
        }

        mutating func step(_ scalar: Unicode.Scalar, isEnd: Bool) {
            swap(&states, &next)
            states.removeAll(keepingCapacity: true)
            for index in seen.indices { seen[index] = false }
            hasMatched = false
            for state in next {
                let isTaken =
                    switch program[state] {
                    case .scalar(let wanted): wanted == scalar
                    case .any: true
                    case .anyButNewline: scalar != "\n"
                    case .set(let set): set.contains(scalar)
                    default: false
                    }
                if isTaken { follow(state + 1, isStart: false, isEnd: isEnd) }
            }
        }
    }
}
