/// A regular expression that needs time proportional to pattern times text for one match, whatever they are.
///
/// Syntax of RE2: literals, `.` (no line feed), classes with `[:alpha:]` and its like, `\d \w \s` and their opposites (ASCII), groups
/// with or without a name, alternatives, `* + ? {n,m}` with or without a lazy `?`, `^ $ \A \z \b \B`, `\x41`, `\Q...\E`, and the flags `i`
/// and `s`, for the rest of a group or for a group. The rest of RE2 is refused by name, as are back references and look-around.
///
/// Source: Thompson 1968; captures carried along by threads after Pike, as in Cox, "Regular Expression Matching: the Virtual Machine
/// Approach" (2009). Matches are leftmost, and of those the one that a backtracking engine would prefer.
package struct TextPattern: Sendable {
    package struct Failure: Error, Equatable {
        package var reason: String
        /// In characters (Unicode scalars) from 0.
        package var position: Int

        package init(reason: String, position: Int) {
            self.reason = reason
            self.position = position
        }
    }

    /// What those who use a pattern differ in.
    package struct Options: Sendable {
        /// Most groups that note their place; as many as a replacement can name.
        package var mostGroups: Int
        /// Whether nothing is a pattern. Of whole texts it matches the empty one; to search for it is a mistake.
        package var takesEmpty: Bool

        package init(mostGroups: Int = .max, takesEmpty: Bool = true) {
            self.mostGroups = mostGroups
            self.takesEmpty = takesEmpty
        }
    }

    /// Places in a program are relative to the instruction that names them.
    enum Instruction: Sendable {
        case scalar(UInt32)
        /// Number of a set in `sets`.
        case set(Int)
        /// To the first by preference.
        case split(Int, Int)
        case jump(Int)
        /// Notes the place: group `n` begins at `2n` and ends at `2n + 1`; group 0 is the match.
        case save(Int)
        case at(Border)
        case match
    }

    /// Places between two scalars.
    enum Border: Sendable {
        case start, end
        /// Between a word character and none.
        case word
        case noWord
    }

    let program: [Instruction]
    let sets: [ScalarSet]
    /// Groups of the pattern, the match itself included.
    let groups: Int
    /// Numbers of the groups that have a name.
    let groupNames: [String: Int]
    /// What a match can begin with; nil if a match can be empty. Where it is absent, a search starts no thread: measured, 13 times as fast
    /// for texts that do not have it at all, 2 to 4 times for others.
    private let starts: ScalarSet?
    /// The texts, if the pattern is nothing but alternatives of literals.
    private let literals: Set<String>?

    package init(_ pattern: String, _ options: Options = Options()) throws(Failure) {
        var compiler = TextPatternCompiler(pattern, options)
        program = try compiler.compile()
        sets = compiler.sets
        groups = compiler.groupCount + 1
        groupNames = compiler.groupNames
        starts = compiler.starts(of: program)
        let isPlain = pattern.unicodeScalars.allSatisfy { !"\\.+*?()[]{}^$".unicodeScalars.contains($0) }
        literals =
            isPlain ? Set(pattern.split(separator: "|", omittingEmptySubsequences: false).map(String.init)) : nil
    }

    /// Whether a match can begin with this byte of UTF-8; never in the middle of a scalar.
    func canStart(_ byte: UInt8) -> Bool {
        guard let starts else { return byte & 0xC0 != 0x80 }
        return byte < 0x80 ? starts.contains(UInt32(byte)) : byte >= 0xC0 && starts.reachesBeyondASCII
    }

    /// Whether the whole text matches.
    ///
    /// - Complexity: program times text
    package func matches(whole text: String) -> Bool {
        if let literals {
            guard let index = literals.firstIndex(of: text) else { return false }
            // Swift holds texts for equal that Unicode does, such as a letter with its accent and before it: then the program decides.
            if literals[index].utf8.elementsEqual(text.utf8) { return true }
        }
        guard starts == nil || text.utf8.first.map(canStart) == true else { return false }
        var machine = PatternMachine(self, Array(text.utf8), notesPlaces: false)
        return machine.find(from: 0, isWhole: true)
    }

    /// The match of the whole text; nil if it does not match.
    ///
    /// - Complexity: program times text times groups
    package func match(whole text: String) -> PatternMatch? {
        var machine = PatternMachine(self, Array(text.utf8))
        return machine.find(from: 0, isWhole: true) ? machine.match : nil
    }

    /// Whether the pattern matches anywhere in the text.
    ///
    /// - Complexity: program times text
    package func occurs(in text: String) -> Bool {
        var machine = PatternMachine(self, Array(text.utf8), notesPlaces: false)
        return machine.find(from: 0)
    }

    /// The text with every match replaced, from left to right; nil if that takes more than `mostSteps`: each match is found in linear
    /// time, but there may be as many as characters.
    ///
    /// - Complexity: program times groups times text for each match
    package func replacing(
        in text: String, with replacement: PatternReplacement, mostSteps: Int = .max
    ) -> String? {
        if starts != nil, !text.utf8.contains(where: canStart) { return text }
        let bytes = Array(text.utf8)
        var machine = PatternMachine(self, bytes)
        var result: [UInt8] = []
        var (copied, position) = (0, 0)
        while position <= bytes.count, machine.find(from: position) {
            if machine.steps > mostSteps { return nil }
            let match = machine.match
            let place = match.place
            if !place.isEmpty || place.lowerBound > copied || copied == 0 || replacement.style.replacesEmptyBehindMatch
            {
                result += bytes[copied..<place.lowerBound]
                replacement.append(match, to: &result)
                copied = place.upperBound
            }
            // An empty match moves on by one, so that it is not found again.
            position = place.upperBound + (place.isEmpty ? max(1, machine.scalar(at: place.upperBound).length) : 0)
        }
        if copied == 0, result.isEmpty { return text }
        return String(decoding: result + bytes[copied...], as: UTF8.self)
    }
}
