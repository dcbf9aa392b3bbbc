/// A regular expression for label values, matched over the whole value.
///
/// Syntax of RE2 as far as label values need it: literals, `.`, classes with `[:alpha:]` and its like, `\d \w \s` and their
/// opposites, groups with or without a name, alternatives, `* + ? {n,m}` with or without a lazy `?`, `^ $ \A \z \b \B`,
/// `\x41`, `\Q...\E`, and the flags `i` and `s`, for the rest of a group or for a group. The rest is refused by name.
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
        /// Between a word character and none, or the opposite.
        case atWordBorder(Bool)
        /// Notes the place: group `n` begins at `2n` and ends at `2n + 1`.
        case save(Int)
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

    let program: [Instruction]
    /// Numbers of the groups that have a name.
    let groupNames: [String: Int]
    let groupCount: Int
    /// The texts, if the pattern is nothing but alternatives of literals.
    private let literals: Set<String>?

    package init(_ pattern: String) throws(Failure) {
        let body = pattern.unicodeScalars
        var compiler = LabelPatternCompiler(Array(body))
        program = try compiler.compile()
        groupNames = compiler.groupNames
        groupCount = compiler.groupCount
        let isPlain = body.allSatisfy { !"\\.+*?()[]{}^$".unicodeScalars.contains($0) }
        literals =
            isPlain
            ? Set(pattern.split(separator: "|", omittingEmptySubsequences: false).map(String.init))
            : nil
    }

    /// Whether the whole text matches.
    ///
    /// Complexity: program length times text length at worst.
    package func matches(_ text: String) -> Bool {
        if let literals { return literals.contains(text) }
        let scalars = Array(text.unicodeScalars)
        var run = Run(program)
        run.follow(0, Place(scalars, 0))
        for (index, scalar) in scalars.enumerated() {
            run.step(scalar, Place(scalars, index + 1))
            if run.isDead, !run.hasMatched { return false }
        }
        return run.hasMatched
    }

    /// What instructions that read nothing need to know of a place between two scalars.
    struct Place {
        let isStart: Bool
        let isEnd: Bool
        let isWordBorder: Bool

        init(_ scalars: [Unicode.Scalar], _ index: Int) {
            isStart = index == 0
            isEnd = index == scalars.count
            isWordBorder =
                (index > 0 && Self.isWord(scalars[index - 1])) != (index < scalars.count && Self.isWord(scalars[index]))
        }

        private static func isWord(_ scalar: Unicode.Scalar) -> Bool { scalar.isPromQLLetter || scalar.isPromQLDigit }
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
        mutating func follow(_ start: Int, _ place: Place) {
            var open = [start]
            while let state = open.popLast() {
                if seen[state] { continue }
                seen[state] = true
                switch program[state] {
                case .jump(let target): open.append(target)
                case .split(let first, let second):
                    open.append(second)
                    open.append(first)
                case .save: open.append(state + 1)
                case .atStart: if place.isStart { open.append(state + 1) }
                case .atEnd: if place.isEnd { open.append(state + 1) }
                case .atWordBorder(let wanted): if place.isWordBorder == wanted { open.append(state + 1) }
                case .match: if place.isEnd { hasMatched = true }
                default: states.append(state)
                }
            }
        }

        mutating func step(_ scalar: Unicode.Scalar, _ place: Place) {
            swap(&states, &next)
            states.removeAll(keepingCapacity: true)
            for index in seen.indices { seen[index] = false }
            hasMatched = false
            for state in next {
                if program[state].takes(scalar) { follow(state + 1, place) }
            }
        }
    }
}

extension LabelPattern.Instruction {
    /// Whether the instruction reads a scalar.
    func takes(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .scalar(let wanted): wanted == scalar
        case .any: true
        case .anyButNewline: scalar != "\n"
        case .set(let set): set.contains(scalar)
        default: false
        }
    }
}
