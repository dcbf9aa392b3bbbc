/// Translates a pattern into the program of `TextPattern`.
struct TextPatternCompiler {
    typealias Instruction = TextPattern.Instruction
    typealias Failure = TextPattern.Failure

    /// Most instructions of a program; counted repetitions multiply.
    private static let sizeLimit = 4_000
    private static let depthLimit = 50

    private let scalars: [Unicode.Scalar]
    let ignoresCase: Bool
    private(set) var groups = 0
    private var position = 0
    private var depth = 0

    init(_ pattern: String) throws(Failure) {
        let scalars = Array(pattern.unicodeScalars)
        let flag = Array("(?i)".unicodeScalars)
        ignoresCase = scalars.starts(with: flag)
        self.scalars = scalars
        position = ignoresCase ? flag.count : 0
        if position == scalars.count { throw Failure(reason: "it is empty", position: position) }
    }

    mutating func compile() throws(Failure) -> [Instruction] {
        let body = try alternatives()
        guard position == scalars.count else { throw failure("a parenthesis is closed that was not opened") }
        return [.save(0)] + shifted(body, by: 1) + [.save(1), .match]
    }

    private func failure(_ reason: String) -> Failure { Failure(reason: reason, position: position) }

    private func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    /// Fragments use places relative to their own start.
    private func shifted(_ fragment: [Instruction], by amount: Int) -> [Instruction] {
        fragment.map {
            switch $0 {
            case .jump(let target): .jump(target + amount)
            case .split(let first, let second): .split(first + amount, second + amount)
            default: $0
            }
        }
    }

    private func checked(_ fragment: [Instruction]) throws(Failure) -> [Instruction] {
        guard fragment.count <= Self.sizeLimit else { throw failure("it is too large") }
        return fragment
    }

    private mutating func alternatives() throws(Failure) -> [Instruction] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw failure("it nests too deeply") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        var program = branches.removeLast()
        for branch in branches.reversed() {
            let rest = branch.count + 2
            program = try checked(
                [.split(1, rest)] + shifted(branch, by: 1) + [.jump(rest + program.count)] + shifted(program, by: rest))
        }
        return program
    }

    private mutating func sequence() throws(Failure) -> [Instruction] {
        var program: [Instruction] = []
        while let scalar = peek(), scalar != "|", scalar != ")" {
            let part = try repeated(try atom())
            program = try checked(program + shifted(part, by: program.count))
        }
        return program
    }

    // MARK: Repetition

    private mutating func repeated(_ atom: [Instruction]) throws(Failure) -> [Instruction] {
        guard let bounds = try repetition() else { return atom }
        let isLazy = take("?")
        if let scalar = peek(), "*+?".unicodeScalars.contains(scalar) { throw failure("a repetition is repeated") }
        func fork(_ into: Int, _ past: Int) -> Instruction { isLazy ? .split(past, into) : .split(into, past) }
        var program: [Instruction] = []
        for _ in 0..<bounds.least { program = try checked(program + shifted(atom, by: program.count)) }
        if let most = bounds.most {
            for _ in bounds.least..<most {
                let start = program.count
                program = try checked(
                    program + [fork(start + 1, start + 1 + atom.count)] + shifted(atom, by: start + 1))
            }
            return program
        }
        let start = program.count
        return try checked(
            program + [fork(start + 1, start + atom.count + 2)] + shifted(atom, by: start + 1) + [.jump(start)])
    }

    private mutating func repetition() throws(Failure) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard peek() == "{", let end = scalars[position...].firstIndex(of: "}") else { return nil }
        let inner = String(String.UnicodeScalarView(scalars[(position + 1)..<end]))
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = parts.first, let least = Int(first), least >= 0, parts.count <= 2 else { return nil }
        var most: Int? = least
        if parts.count == 2 {
            most = Int(parts[1])
            if most == nil, !parts[1].isEmpty { return nil }
        }
        guard least <= 1_000, most ?? 0 <= 1_000, most ?? least >= least else {
            throw failure("a repetition has bad bounds")
        }
        position = end + 1
        return (least, most)
    }

    // MARK: Atoms

    private mutating func atom() throws(Failure) -> [Instruction] {
        guard let scalar = peek() else { return [] }
        if "*+?".unicodeScalars.contains(scalar) { throw failure("a repetition has nothing to repeat") }
        position += 1
        switch scalar {
        case "(": return try parenthesis()
        case ".": return [.any]
        case "[": return [try bracket()]
        case "^": return [.atStart]
        case "$": return [.atEnd]
        case "\\": return [try escaped()]
        default: return [literal(scalar)]
        }
    }

    private mutating func parenthesis() throws(Failure) -> [Instruction] {
        let opened = position - 1
        var group: Int?
        if take("?") {
            guard take(":") else { throw failure("of the groups that begin with (? only (?: is known") }
        } else {
            groups += 1
            guard groups <= 9 else { throw failure("there are more than nine groups; write (?: for some") }
            group = groups
        }
        let inner = try alternatives()
        guard take(")") else { throw Failure(reason: "a parenthesis is not closed", position: opened) }
        guard let group else { return inner }
        return [.save(group * 2)] + shifted(inner, by: 1) + [.save(group * 2 + 1)]
    }

    private func literal(_ scalar: Unicode.Scalar) -> Instruction {
        .scalar(ignoresCase ? TextPattern.folded(scalar) : scalar)
    }

    private mutating func escaped() throws(Failure) -> Instruction {
        guard let scalar = peek() else { throw failure("it ends with a backslash") }
        if scalar == "b" {
            position += 1
            return .atBorder
        }
        if let ranges = Self.classRanges(scalar) {
            position += 1
            return .set(ranges: ranges, isNegated: scalar.properties.isUppercase)
        }
        return literal(try escapedScalar())
    }

    private static func classRanges(_ scalar: Unicode.Scalar) -> [ClosedRange<UInt32>]? {
        switch scalar {
        case "d", "D": [48...57]
        case "w", "W": [48...57, 65...90, 95...95, 97...122]
        case "s", "S": [9...13, 32...32, 0xA0...0xA0]
        default: nil
        }
    }

    private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
        guard let scalar = peek() else { throw failure("it ends with a backslash") }
        let known: [Unicode.Scalar: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r", "f": "\u{c}", "v": "\u{b}"]
        let isPlain = !(scalar.isASCII && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value)))
        guard let value = known[scalar] ?? (isPlain ? scalar : nil) else {
            throw failure("\\\(scalar) has no meaning here")
        }
        position += 1
        return value
    }

    /// The rest of a bracket class, after `[`.
    private mutating func bracket() throws(Failure) -> Instruction {
        let opened = position - 1
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let scalar = peek(), isFirst || scalar != "]" {
            isFirst = false
            position += 1
            var low = scalar
            if scalar == "\\" {
                if let next = peek(), let more = Self.classRanges(next) {
                    guard !next.properties.isUppercase else { throw failure("\\\(next) cannot stand in brackets") }
                    position += 1
                    ranges += more
                    continue
                }
                low = try escapedScalar()
            }
            var high = low
            if peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 1
                high = scalars[position]
                position += 1
                if high == "\\" { high = try escapedScalar() }
            }
            guard low <= high else { throw failure("a range in brackets runs backwards") }
            ranges.append(low.value...high.value)
        }
        guard take("]") else { throw Failure(reason: "a bracket is not closed", position: opened) }
        if ignoresCase { ranges += ranges.compactMap(Self.lowerCased) }
        return .set(ranges: ranges, isNegated: isNegated)
    }

    /// The part of a range within A to Z, as small letters: texts are made small before they are matched.
    private static func lowerCased(_ range: ClosedRange<UInt32>) -> ClosedRange<UInt32>? {
        let upper: ClosedRange<UInt32> = 65...90
        guard range.overlaps(upper) else { return nil }
        let part = range.clamped(to: upper)
        return part.lowerBound + 32...part.upperBound + 32
    }
}
