/// Translates a pattern into the program of `LabelPattern`.
struct LabelPatternCompiler {
    typealias Instruction = LabelPattern.Instruction
    typealias ScalarSet = LabelPattern.ScalarSet
    typealias Failure = LabelPattern.Failure

    private static let depthLimit = 50

    private let scalars: [Unicode.Scalar]
    private let ignoresCase: Bool
    private let dotMatchesNewline: Bool
    private var position = 0
    private var depth = 0

    init(_ scalars: [Unicode.Scalar], ignoresCase: Bool, dotMatchesNewline: Bool) {
        self.scalars = scalars
        self.ignoresCase = ignoresCase
        self.dotMatchesNewline = dotMatchesNewline
    }

    mutating func compile() throws(Failure) -> [Instruction] {
        let program = try alternatives()
        guard position == scalars.count else { throw Failure(reason: "a parenthesis is closed that was not opened") }
        return program + [.match]
    }

    private func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    /// Fragments use jumps relative to their own start; `shifted` moves them.
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
        guard fragment.count <= LabelPattern.sizeLimit else { throw Failure(reason: "it is too large") }
        return fragment
    }

    private mutating func alternatives() throws(Failure) -> [Instruction] {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw Failure(reason: "it nests too deeply") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        guard var program = branches.popLast() else { return [] }
        // From the last branch backwards: split, branch, jump over the rest, rest.
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
        var result = atom
        var isRepeated = false
        while let scalar = peek() {
            let bounds: (Int, Int?)
            switch scalar {
            case "*": bounds = (0, nil)
            case "+": bounds = (1, nil)
            case "?": bounds = (0, 1)
            case "{":
                guard let counted = countedBounds() else { return result }
                bounds = counted
                position -= 1
            default: return result
            }
            position += 1
            guard !isRepeated else { throw Failure(reason: "a repetition is repeated") }
            isRepeated = true
            // Lazy or not makes no difference to whether the whole text matches.
            _ = take("?")
            result = try expanded(atom, bounds)
        }
        return result
    }

    private func expanded(_ atom: [Instruction], _ bounds: (Int, Int?)) throws(Failure) -> [Instruction] {
        let (least, most) = bounds
        guard least <= 1_000, most ?? 0 <= 1_000, most ?? least >= least else {
            throw Failure(reason: "a repetition has bad bounds")
        }
        var program: [Instruction] = []
        for _ in 0..<least { program = try checked(program + shifted(atom, by: program.count)) }
        if let most {
            for _ in least..<most {
                let start = program.count
                let end = start + 1 + atom.count
                program = try checked(program + [.split(start + 1, end)] + shifted(atom, by: start + 1))
            }
            return program
        }
        let start = program.count
        let end = start + atom.count + 2
        return try checked(program + [.split(start + 1, end)] + shifted(atom, by: start + 1) + [.jump(start)])
    }

    /// `{n}`, `{n,}` or `{n,m}`; nil, with nothing read, if the brace is a literal.
    private mutating func countedBounds() -> (Int, Int?)? {
        guard let end = scalars[position...].firstIndex(of: "}") else { return nil }
        let inner = String(String.UnicodeScalarView(scalars[(position + 1)..<end]))
        let parts = inner.split(separator: ",", omittingEmptySubsequences: false)
        guard let first = parts.first, let least = Int(first), least >= 0, parts.count <= 2 else { return nil }
        var most: Int? = least
        if parts.count == 2 {
            most = parts[1].isEmpty ? nil : Int(parts[1])
            if !parts[1].isEmpty, most == nil { return nil }
        }
        position = end + 1
        return (least, most)
    }

    // MARK: Atoms

    private mutating func atom() throws(Failure) -> [Instruction] {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "(":
            if take("?") {
                guard take(":") else { throw Failure(reason: "only plain and (?: groups are matched") }
            }
            let inner = try alternatives()
            guard take(")") else { throw Failure(reason: "a parenthesis is not closed") }
            return inner
        case ".": return [dotMatchesNewline ? .any : .anyButNewline]
        case "[": return [.set(try bracketClass())]
        case "^": return [.atStart]
        case "$": return [.atEnd]
        case "\\": return [try escaped()]
        case "*", "+", "?": throw Failure(reason: "a repetition has nothing to repeat")
        default: return [literal(scalar)]
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> Instruction {
        ignoresCase ? .scalar(scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar) : .scalar(scalar)
    }

    private mutating func escaped() throws(Failure) -> Instruction {
        guard let scalar = peek() else { throw Failure(reason: "it ends with a backslash") }
        position += 1
        if let set = Self.perlClass(scalar) { return .set(set) }
        return literal(try Self.escapedScalar(scalar))
    }

    private static func perlClass(_ scalar: Unicode.Scalar) -> ScalarSet? {
        let ranges: [ClosedRange<UInt32>]
        switch scalar {
        case "d", "D": ranges = [48...57]
        case "w", "W": ranges = [48...57, 65...90, 95...95, 97...122]
        case "s", "S": ranges = [9...10, 12...13, 32...32]
        default: return nil
        }
        return ScalarSet(ranges: ranges, isNegated: scalar.properties.isUppercase)
    }

    private static func escapedScalar(_ scalar: Unicode.Scalar) throws(Failure) -> Unicode.Scalar {
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{c}"
        case "v": return "\u{b}"
        case "a": return "\u{7}"
        case _ where scalar.isASCII && !scalar.isPromQLLetter && !scalar.isPromQLDigit: return scalar
        case "_": return scalar
        default: throw Failure(reason: "\\\(scalar) is not matched")
        }
    }

    /// The rest of a bracket class, after `[`.
    private mutating func bracketClass() throws(Failure) -> ScalarSet {
        var set = ScalarSet(ranges: [], isNegated: take("^"))
        var isFirst = true
        while let scalar = peek(), isFirst || scalar != "]" {
            isFirst = false
            position += 1
            if scalar == "[", peek() == ":" { throw Failure(reason: "classes such as [:alpha:] are not matched") }
            var low = scalar
            if scalar == "\\" {
                guard let next = peek() else { break }
                position += 1
                if let perl = Self.perlClass(next) {
                    guard !perl.isNegated else { throw Failure(reason: "\\\(next) within brackets is not matched") }
                    set.ranges += perl.ranges
                    continue
                }
                low = try Self.escapedScalar(next)
            }
            var high = low
            if peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 1
                high = scalars[position]
                position += 1
                if high == "\\", let next = peek() {
                    position += 1
                    high = try Self.escapedScalar(next)
                }
            }
            guard low <= high else { throw Failure(reason: "a range in brackets runs backwards") }
            set.ranges.append(low.value...high.value)
        }
        guard take("]") else { throw Failure(reason: "a bracket is not closed") }
        if ignoresCase { set.ranges += set.ranges.compactMap(Self.lowerCased) }
        return set
    }

    /// The part of a range within A to Z, as small letters: texts are made small before they are matched.
    private static func lowerCased(_ range: ClosedRange<UInt32>) -> ClosedRange<UInt32>? {
        let upper: ClosedRange<UInt32> = 65...90
        guard range.overlaps(upper) else { return nil }
        let common = range.clamped(to: upper)
        return common.lowerBound + 32...common.upperBound + 32
    }
}
