/// Translates a pattern into the program of `TextPattern`.
///
/// Source: RE2's syntax, as Go's regexp/syntax reads it.
struct TextPatternCompiler {
    typealias Instruction = TextPattern.Instruction
    typealias Failure = TextPattern.Failure

    private struct Flags {
        var ignoresCase = false
        var dotMatchesLineFeed = false
    }

    /// Most instructions of a program; counted repetitions multiply.
    private static let sizeLimit = 4_000
    private static let depthLimit = 50

    private let scalars: [Unicode.Scalar]
    private let options: TextPattern.Options
    private var flags = Flags()
    private var position = 0
    private var depth = 0
    private(set) var sets: [ScalarSet] = []
    private(set) var groupCount = 0
    private(set) var groupNames: [String: Int] = [:]

    init(_ pattern: String, _ options: TextPattern.Options) {
        scalars = Array(pattern.unicodeScalars)
        self.options = options
    }

    mutating func compile() throws(Failure) -> [Instruction] {
        let body = try alternatives()
        guard position == scalars.count else { throw failure("a parenthesis is closed that was not opened") }
        guard options.takesEmpty || !body.isEmpty else { throw failure("it is empty") }
        return [.save(0)] + body + [.save(1), .match]
    }

    private func failure(_ reason: String, at place: Int? = nil) -> Failure {
        Failure(reason: reason, position: place ?? position)
    }

    private func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func isNext(_ text: String) -> Bool { scalars[position...].starts(with: text.unicodeScalars) }

    private mutating func take(_ text: String) -> Bool {
        guard isNext(text) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private func checked(_ fragment: [Instruction]) throws(Failure) -> [Instruction] {
        guard fragment.count <= Self.sizeLimit else { throw failure("it is too large") }
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
        guard depth <= Self.depthLimit else { throw failure("it nests too deeply") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        var program = branches.removeLast()
        // From the last branch backwards: split, branch, jump over the rest, rest.
        for branch in branches.reversed() {
            program = try checked([.split(1, branch.count + 2)] + branch + [.jump(program.count + 1)] + program)
        }
        return program
    }

    private mutating func sequence() throws(Failure) -> [Instruction] {
        var program: [Instruction] = []
        while let scalar = peek(), scalar != "|", scalar != ")" {
            let isQuoted = isNext("\\Q")
            guard var atom = try atom() else { continue }
            if isQuoted, !atom.isEmpty {
                // A repetition behind quoted text is one of its last character.
                program += atom.dropLast()
                atom = atom.suffix(1)
            }
            let part = try repeated(atom)
            program = try checked(program + part)
        }
        return program
    }

    /// What a fragment can begin with; nil if it can be empty.
    func starts(of fragment: [Instruction]) -> ScalarSet? {
        var ranges: ScalarSet.Ranges = []
        var open = [0]
        var seen: Set<Int> = []
        while let place = open.popLast() {
            guard place < fragment.count else { return nil }
            guard seen.insert(place).inserted else { continue }
            switch fragment[place] {
            case .scalar(let value): ranges.append(value...value)
            case .set(let number): ranges += sets[number].ranges
            case .split(let first, let second): open += [place + first, place + second]
            case .jump(let by): open.append(place + by)
            case .save, .at: open.append(place + 1)
            case .match: return nil
            }
        }
        return ScalarSet(ranges)
    }

    // MARK: Repetition

    private mutating func repeated(_ atom: [Instruction]) throws(Failure) -> [Instruction] {
        guard let (least, most) = try bounds() else { return atom }
        let isLazy = take("?")
        let end = position
        guard try bounds() == nil else { throw failure("a repetition is repeated", at: end) }
        // The first way of a split is the one that is wanted more: what is read decides which text a group gets.
        func fork(_ on: Int, _ past: Int) -> Instruction { isLazy ? .split(past, on) : .split(on, past) }
        var program: [Instruction] = []
        for _ in 0..<least { program = try checked(program + atom) }
        guard let most else {
            if least > 0 { return try checked(program + [fork(-atom.count, 1)]) }
            // An atom that can be empty ends the loop by being so: as `(?:x+)?`, of which `(|a)*` takes nothing.
            let again = starts(of: atom) == nil ? fork(-atom.count, 1) : .jump(-atom.count - 1)
            return try checked([fork(1, atom.count + 2)] + atom + [again])
        }
        for index in least..<most {
            program = try checked(program + [fork(1, (most - index) * (atom.count + 1))] + atom)
        }
        return program
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`; nil, with nothing read, if none of them is here: a brace may be a literal.
    private mutating func bounds() throws(Failure) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard peek() == "{", let end = scalars[position...].firstIndex(of: "}") else { return nil }
        let parts = scalars[(position + 1)..<end].split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 2, let least = Self.number(parts[0]) else { return nil }
        var most: Int? = least
        if parts.count == 2 {
            most = Self.number(parts[1])
            if most == nil, !parts[1].isEmpty { return nil }
        }
        guard least <= 1_000, most ?? 0 <= 1_000, most ?? least >= least else {
            throw failure("a repetition has bad bounds")
        }
        position = end + 1
        return (least, most)
    }

    /// Decimal digits without leading zeros.
    private static func number(_ digits: ArraySlice<Unicode.Scalar>) -> Int? {
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }), digits.first != "0" || digits.count == 1
        else { return nil }
        return Int(String(String.UnicodeScalarView(digits))) ?? .max
    }

    // MARK: Atoms

    /// Nil for flags, which are no part of the program.
    private mutating func atom() throws(Failure) -> [Instruction]? {
        let start = position
        guard try bounds() == nil else { throw failure("a repetition has nothing to repeat", at: start) }
        if take("(") { return try parenthesis(start) }
        if take(".") { return [set(flags.dotMatchesLineFeed ? .all : .noLineFeed)] }
        if take("[") { return [set(try bracket(start))] }
        if take("^") { return [.at(.start)] }
        if take("$") { return [.at(.end)] }
        if take("\\") { return try escaped() }
        position += 1
        return [literal(scalars[start])]
    }

    private mutating func set(_ set: ScalarSet) -> Instruction {
        sets.append(set)
        return .set(sets.count - 1)
    }

    private mutating func literal(_ scalar: Unicode.Scalar) -> Instruction {
        guard flags.ignoresCase, let cases = ScalarSet.cases[scalar.value] else { return .scalar(scalar.value) }
        return set(ScalarSet(cases.map { $0...$0 }))
    }

    /// The rest of a group, after its parenthesis.
    private mutating func parenthesis(_ opened: Int) throws(Failure) -> [Instruction]? {
        if !isNext("?") || isNext("?P") {
            groupCount += 1
            guard groupCount <= options.mostGroups else {
                throw failure("there are more than \(options.mostGroups) groups; write (?: for some")
            }
            let number = groupCount
            if take("?P") { groupNames[try groupName()] = number }
            let inner = try closed(opened)
            return [.save(2 * number)] + inner + [.save(2 * number + 1)]
        }
        position += 1
        let before = flags
        if try readFlags(opened) { return nil }
        defer { flags = before }
        return try closed(opened)
    }

    private mutating func closed(_ opened: Int) throws(Failure) -> [Instruction] {
        let inner = try alternatives()
        guard take(")") else { throw failure("a parenthesis is not closed", at: opened) }
        return inner
    }

    private mutating func groupName() throws(Failure) -> String {
        guard take("<") else { throw failure("only (?P<name>...) follows (?P") }
        let start = position
        while let scalar = peek(), ScalarSet.word.contains(scalar.value) { position += 1 }
        let name = String(String.UnicodeScalarView(scalars[start..<position]))
        guard !name.isEmpty, take(">") else { throw failure("the name of a group is not closed") }
        guard groupNames[name] == nil else { throw failure("two groups have the name \(name)", at: start) }
        return name
    }

    /// Flags after `(?`; true if they end with `)` and so hold for the rest of the group around them.
    private mutating func readFlags(_ opened: Int) throws(Failure) -> Bool {
        var isOn = true
        while let scalar = peek() {
            switch scalar {
            case "i": flags.ignoresCase = isOn
            case "s": flags.dotMatchesLineFeed = isOn
            case "-" where isOn: isOn = false
            case ":", ")":
                position += 1
                return scalar == ")"
            default:
                throw failure(
                    "of groups that begin with (? only (?:, (?P<name> and those with the flags i and s are known")
            }
            position += 1
        }
        throw failure("a parenthesis is not closed", at: opened)
    }

    // MARK: Escapes

    private mutating func escaped() throws(Failure) -> [Instruction] {
        if let named = perlClass() { return [set(named)] }
        if take("A") { return [.at(.start)] }
        if take("z") { return [.at(.end)] }
        if take("b") { return [.at(.word)] }
        if take("B") { return [.at(.noWord)] }
        guard take("Q") else { return [literal(try escapedScalar())] }
        // Everything up to \E as it is.
        var quoted: [Instruction] = []
        while !take("\\E"), let scalar = peek() {
            position += 1
            quoted.append(literal(scalar))
        }
        return quoted
    }

    /// `d` and its like, after a backslash.
    private mutating func perlClass() -> ScalarSet? {
        guard let scalar = peek(), let name = scalar.properties.lowercaseMapping.unicodeScalars.first,
            let named = ScalarSet.perlClasses[name]
        else { return nil }
        position += 1
        return folded(named, isNegated: scalar != name)
    }

    private func folded(_ set: ScalarSet, isNegated: Bool) -> ScalarSet {
        let folded = flags.ignoresCase ? set.foldingCase : set
        return isNegated ? folded.complement : folded
    }

    private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
        guard let scalar = peek() else { throw failure("it ends with a backslash") }
        let known: [Unicode.Scalar: Unicode.Scalar] = [
            "n": "\n", "t": "\t", "r": "\r", "f": "\u{c}", "v": "\u{b}", "a": "\u{7}", "_": "_",
        ]
        if take("x") { return try hexadecimal() }
        let isSign = scalar.isASCII && !ScalarSet.word.contains(scalar.value)
        guard let value = known[scalar] ?? (isSign ? scalar : nil) else {
            throw failure("\\\(scalar) has no meaning here")
        }
        position += 1
        return value
    }

    /// `41` or `{1F600}` after `\x`.
    private mutating func hexadecimal() throws(Failure) -> Unicode.Scalar {
        let isBraced = take("{")
        let rest = scalars[position...]
        let digits = (isBraced ? rest : rest.prefix(2)).prefix { $0.properties.isASCIIHexDigit }
        position = digits.endIndex
        guard let code = UInt32(String(String.UnicodeScalarView(digits)), radix: 16), let scalar = Unicode.Scalar(code),
            isBraced ? take("}") : digits.count == 2
        else { throw failure("\\x has no code") }
        return scalar
    }

    // MARK: Brackets

    /// The rest of a class, after `[`.
    private mutating func bracket(_ opened: Int) throws(Failure) -> ScalarSet {
        let isNegated = take("^")
        var ranges: ScalarSet.Ranges = []
        var isFirst = true
        while isFirst || peek() != "]" {
            isFirst = false
            if let named = try posixClass() {
                ranges += named.ranges
                continue
            }
            let start = position
            if take("\\"), let named = perlClass() {
                ranges += named.ranges
                continue
            }
            position = start
            let low = try bracketScalar(opened)
            var high = low
            if isNext("-"), !isNext("-]") {
                position += 1
                high = try bracketScalar(opened)
            }
            guard low <= high else { throw failure("a range in brackets runs backwards") }
            ranges.append(low.value...high.value)
        }
        position += 1
        return folded(ScalarSet(ranges), isNegated: isNegated)
    }

    private mutating func bracketScalar(_ opened: Int) throws(Failure) -> Unicode.Scalar {
        guard let scalar = peek() else { throw failure("a bracket is not closed", at: opened) }
        position += 1
        return scalar == "\\" ? try escapedScalar() : scalar
    }

    /// `[:name:]` or `[:^name:]`; nil if none of them is here.
    private mutating func posixClass() throws(Failure) -> ScalarSet? {
        guard isNext("[:"), let end = scalars[position...].firstIndex(of: "]"), end >= position + 3,
            scalars[end - 1] == ":"
        else { return nil }
        let isNegated = scalars[position + 2] == "^"
        let name = String(String.UnicodeScalarView(scalars[(position + (isNegated ? 3 : 2))..<(end - 1)]))
        guard let ranges = ScalarSet.posixClasses[name] else { throw failure("there is no class [:\(name):]") }
        position = end + 1
        return folded(ScalarSet(ranges), isNegated: isNegated)
    }
}
