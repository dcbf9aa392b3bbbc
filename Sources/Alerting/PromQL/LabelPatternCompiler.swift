/// Translates a pattern into the program of `LabelPattern`.
struct LabelPatternCompiler {
    typealias Instruction = LabelPattern.Instruction
    typealias ScalarSet = LabelPattern.ScalarSet
    typealias Failure = LabelPattern.Failure

    private static let depthLimit = 50

    private let scalars: [Unicode.Scalar]
    private var flags = LabelPatternFlags()
    private var position = 0
    private var depth = 0
    private(set) var groupCount = 0
    private(set) var groupNames: [String: Int] = [:]

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

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
        let outerFlags = flags
        defer {
            depth -= 1
            // Flags set within a group end with it.
            flags = outerFlags
        }
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
            result = try expanded(atom, bounds, isLazy: take("?"))
        }
        return result
    }

    /// The first way of a split is the one that is wanted more: what is read decides which text a group gets.
    private func split(_ on: Int, _ past: Int, isLazy: Bool) -> Instruction {
        isLazy ? .split(past, on) : .split(on, past)
    }

    private func expanded(
        _ atom: [Instruction], _ bounds: (Int, Int?), isLazy: Bool
    ) throws(Failure) -> [Instruction] {
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
                program = try checked(
                    program + [split(start + 1, end, isLazy: isLazy)] + shifted(atom, by: start + 1))
            }
            return program
        }
        let start = program.count
        let end = start + atom.count + 2
        return try checked(
            program + [split(start + 1, end, isLazy: isLazy)] + shifted(atom, by: start + 1) + [.jump(start)])
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
        case "(": return try group()
        case ".": return [flags.dotMatchesNewline ? .any : .anyButNewline]
        case "[": return [.set(try bracketClass())]
        case "^": return [.atStart]
        case "$": return [.atEnd]
        case "\\": return try escaped()
        case "*", "+", "?": throw Failure(reason: "a repetition has nothing to repeat")
        default: return [literal(scalar)]
        }
    }

    private mutating func group() throws(Failure) -> [Instruction] {
        var number: Int?
        if take("?") {
            if take("P") {
                guard take("<") else { throw Failure(reason: "only (?P<name>...) follows (?P") }
                groupCount += 1
                number = groupCount
                groupNames[try groupName()] = groupCount
            } else {
                let before = flags
                if try readFlags() { return [] }
                defer { flags = before }
                return try closedGroup()
            }
        } else {
            groupCount += 1
            number = groupCount
        }
        let inner = try closedGroup()
        guard let number else { return inner }
        return [.save(2 * number)] + shifted(inner, by: 1) + [.save(2 * number + 1)]
    }

    private mutating func closedGroup() throws(Failure) -> [Instruction] {
        let inner = try alternatives()
        guard take(")") else { throw Failure(reason: "a parenthesis is not closed") }
        return inner
    }

    private mutating func groupName() throws(Failure) -> String {
        let start = position
        while let scalar = peek(), scalar.isPromQLLetter || scalar.isPromQLDigit { position += 1 }
        let name = String(String.UnicodeScalarView(scalars[start..<position]))
        guard !name.isEmpty, take(">") else { throw Failure(reason: "the name of a group is not closed") }
        guard groupNames[name] == nil else { throw Failure(reason: "two groups have the name \(name)") }
        return name
    }

    /// Flags after `(?`; true if they end with `)` and so hold for the rest of the group around them.
    private mutating func readFlags() throws(Failure) -> Bool {
        var isOn = true
        while let scalar = peek() {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "s": flags.dotMatchesNewline = isOn
            case "-": isOn = false
            case ":": return false
            case ")": return true
            default: throw Failure(reason: "flag \(scalar) of a group is not matched")
            }
        }
        throw Failure(reason: "a parenthesis is not closed")
    }

    private func literal(_ scalar: Unicode.Scalar) -> Instruction {
        guard flags.ignoresCase else { return .scalar(scalar) }
        let folded = LabelPatternFlags.folded([scalar.value...scalar.value])
        return folded.count == 1 ? .scalar(scalar) : .set(ScalarSet(ranges: folded))
    }

    private mutating func escaped() throws(Failure) -> [Instruction] {
        guard let scalar = peek() else { throw Failure(reason: "it ends with a backslash") }
        position += 1
        switch scalar {
        case "A": return [.atStart]
        case "z": return [.atEnd]
        case "b": return [.atWordBorder(true)]
        case "B": return [.atWordBorder(false)]
        case "Q": return quoted()
        default: break
        }
        if let set = LabelPatternFlags.perlClass(scalar) { return [.set(set)] }
        return [literal(try escapedScalar(scalar))]
    }

    /// Everything up to `\E` as it is.
    private mutating func quoted() -> [Instruction] {
        var program: [Instruction] = []
        while let scalar = peek() {
            if scalar == "\\", position + 1 < scalars.count, scalars[position + 1] == "E" {
                position += 2
                break
            }
            position += 1
            program.append(literal(scalar))
        }
        return program
    }

    private mutating func escapedScalar(_ scalar: Unicode.Scalar) throws(Failure) -> Unicode.Scalar {
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{c}"
        case "v": return "\u{b}"
        case "a": return "\u{7}"
        case "x": return try hexadecimal()
        case _ where scalar.isASCII && !scalar.isPromQLLetter && !scalar.isPromQLDigit: return scalar
        case "_": return scalar
        default: throw Failure(reason: "\\\(scalar) is not matched")
        }
    }

    /// `41` or `{1F600}` after `\x`.
    private mutating func hexadecimal() throws(Failure) -> Unicode.Scalar {
        let start = position
        let isBraced = take("{")
        while let scalar = peek(), scalar.properties.isASCIIHexDigit, isBraced || position < start + 2 { position += 1 }
        let digits = String(String.UnicodeScalarView(scalars[(start + (isBraced ? 1 : 0))..<position]))
        guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code), isBraced || digits.count == 2,
            !isBraced || take("}")
        else { throw Failure(reason: "\\x has no code") }
        return scalar
    }

    /// The rest of a bracket class, after `[`.
    private mutating func bracketClass() throws(Failure) -> ScalarSet {
        var set = ScalarSet(ranges: [], isNegated: take("^"))
        var isFirst = true
        while let scalar = peek(), isFirst || scalar != "]" {
            isFirst = false
            position += 1
            if scalar == "[", peek() == ":", let named = try namedClass() {
                set.ranges += named
                continue
            }
            if scalar == "\\", let next = peek(), let perl = LabelPatternFlags.perlClass(next) {
                position += 1
                set.ranges += perl.isNegated ? LabelPatternFlags.complement(perl.ranges) : perl.ranges
                continue
            }
            let low = try bracketScalar(scalar)
            var high = low
            if peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 2
                high = try bracketScalar(scalars[position - 1])
            }
            guard low <= high else { throw Failure(reason: "a range in brackets runs backwards") }
            set.ranges.append(low.value...high.value)
        }
        guard take("]") else { throw Failure(reason: "a bracket is not closed") }
        if flags.ignoresCase { set.ranges = LabelPatternFlags.folded(set.ranges) }
        return set
    }

    private mutating func bracketScalar(_ scalar: Unicode.Scalar) throws(Failure) -> Unicode.Scalar {
        guard scalar == "\\" else { return scalar }
        guard let next = peek() else { throw Failure(reason: "a bracket is not closed") }
        position += 1
        return try escapedScalar(next)
    }

    /// `[:name:]` or `[:^name:]`, the first bracket read; nil if it is none.
    private mutating func namedClass() throws(Failure) -> [ClosedRange<UInt32>]? {
        guard let end = scalars[position...].firstIndex(of: "]"), end >= position + 2, scalars[end - 1] == ":" else {
            return nil
        }
        var name = String(String.UnicodeScalarView(scalars[(position + 1)..<(end - 1)]))
        let isNegated = name.hasPrefix("^")
        if isNegated { name.removeFirst() }
        guard let ranges = LabelPatternFlags.namedClasses[name] else {
            throw Failure(reason: "there is no class [:\(name):]")
        }
        position = end + 1
        return isNegated ? LabelPatternFlags.complement(ranges) : ranges
    }
}
