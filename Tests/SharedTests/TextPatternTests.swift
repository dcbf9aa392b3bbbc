import Foundation
import Testing

@testable import Shared

@Suite struct TextPatternTests {
    @Test(arguments: [
        ("a", "-", "banana", "b-n-n-"), ("^a", "-", "aa", "-a"), ("a$", "-", "aa", "a-"), ("$", "!", "x", "x!"),
        ("x*", "-", "abc", "-a-b-c-"), ("(\\w+) (\\w+)", "$2 $1", "ab cd ef", "cd ab ef"),
        ("[^0-9]", "", "1.2-3", "123"),
        ("(?i)ÉA", "x", "éa Éa", "x x"), ("a+?", "-", "aaa", "---"), ("a{2}", "-", "aaaaa", "--a"),
        ("a{2,}", "-", "aaaaa", "-"),
        ("a{1,2}?", "-", "aaa", "---"), ("ab|a", "-", "aba", "--"), ("a|ab", "-", "aba", "-b-"),
        ("\\bcat\\b", "dog", "cat concat cat", "dog concat dog"),
        ("(a)|b", "[$1]", "ab", "[a][]"), ("\\$(\\d+)", "$$$1", "$5", "$5"), ("(?:ab)+", "-", "ababx", "-x"),
        (".", "-", "é\n🎂", "-\n-"),
        ("\\s+", " ", "a \t\n b", "a b"), ("{", "(", "{a}", "(a}"), ("[]a]", "-", "a]b", "--b"),
        ("(a*)*", "-", "b", "-b-"), ("q", "-", "abc", "abc"),
    ])
    func matchesAreReplaced(pattern: String, with: String, text: String, expected: String) throws {
        #expect(
            try Self.recipe(pattern).replacing(in: text, with: PatternReplacement(with, style: .digits)) == expected)
    }

    @Test(arguments: [
        ("(a", "a parenthesis is not closed", 0), ("a)", "a parenthesis is closed that was not opened", 1),
        ("a**", "a repetition is repeated", 2), ("+a", "a repetition has nothing to repeat", 0),
        ("[a", "a bracket is not closed", 0),
        ("[b-a]", "a range in brackets runs backwards", 4),
        ("(?=a)", "of groups that begin with (? only (?:, (?P<name> and those with the flags i and s are known", 2),
        ("(?P=n)", "only (?P<name>...) follows (?P", 3), ("(?P<n>a)(?P<n>b)", "two groups have the name n", 12),
        ("(?i)", "it is empty", 4), ("[[:letter:]]", "there is no class [:letter:]", 1),
        ("a{1001}", "a repetition has bad bounds", 1), ("a{99999999999999999999}", "a repetition has bad bounds", 1),
        ("a{2}{3}", "a repetition is repeated", 4), ("(?i)*", "a repetition has nothing to repeat", 4),
        ("()()()()()()()()()()", "there are more than 9 groups; write (?: for some", 19),
        ("\\pL", "\\p has no meaning here", 1), ("\\x4", "\\x has no code", 3), ("\\é", "\\é has no meaning here", 1),
        ("a\\1", "\\1 has no meaning here", 2), ("a{3,2}", "a repetition has bad bounds", 1), ("", "it is empty", 0),
        ("((((a{100}){100}){100}){100})", "it is too large", 16), ("a\\", "it ends with a backslash", 2),
    ])
    func whatIsNoPatternIsRefusedWithItsPlace(pattern: String, reason: String, position: Int) {
        #expect(throws: TextPattern.Failure(reason: reason, position: position)) { try Self.recipe(pattern) }
    }

    /// As a step of a recipe reads a pattern.
    private static func recipe(_ pattern: String) throws -> TextPattern {
        try TextPattern(pattern, .init(mostGroups: 9, takesEmpty: false))
    }

    @Test func itAgreesWithTheStandardLibrarysEngine() throws {
        var state: UInt64 = 5
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(below))
        }
        func pattern(_ depth: Int) -> String {
            switch random(depth > 0 ? 8 : 3) {
            case 0: return ["a", "b", "[ab]", "[^a]"][random(4)]
            case 1: return "."
            case 2: return "c"
            case 3: return "(" + pattern(depth - 1) + ")"
            case 4: return "(?:" + pattern(depth - 1) + "|" + pattern(depth - 1) + ")"
            case 5: return "(?:" + pattern(0) + ")" + ["+", "?", "{1,2}", "+?", "??"][random(5)]
            default: return pattern(depth - 1) + pattern(depth - 1)
            }
        }
        for _ in 0..<400 {
            let source = pattern(3)
            if source.filter({ $0 == "(" }).count > 9 { continue }
            let text = String((0..<random(12)).map { _ in "abc".randomElement() ?? "a" })
            let reference = try NSRegularExpression(pattern: source).stringByReplacingMatches(
                in: text, range: NSRange(location: 0, length: text.utf16.count), withTemplate: "<$0>")
            let replacement = PatternReplacement("<$0>", style: .digits)
            #expect(
                try TextPattern(source).replacing(in: text, with: replacement) == reference, "\(source) in \(text)")
        }
    }

    @Test(arguments: [
        ("a|b", "a", true), ("a|b", "ab", false), ("", "", true), ("", "a", false), ("a*", "aaa", true),
        ("a{2,3}", "aaaa", false),
        ("a{2,}", "aaaa", true), ("a{2", "a{2", true), ("(a|b)+c", "abbac", true), ("[a-c]x", "bx", true),
        ("[^a-c]x", "bx", false),
        ("[]a]", "]", true), ("[a-]", "-", true), ("\\d\\D", "1a", true), ("(?i)AbC", "aBc", true),
        ("(?i)[A-C]+", "abc", true),
        ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("^a$", "a", true), ("a^b", "ab", false), ("é+", "éé", true),
        ("(?:ab)?", "", true), ("a|", "", true), ("5..", "503", true), ("5..", "50", false), ("x??", "x", true),
        ("[[:alpha:]]+", "aZ", true), ("[[:^digit:]x]", "7", false),
        ("[^\\D]", "7", true), ("(?P<n>a)b", "ab", true), ("a(?i:b)c", "aBc", true), ("a(?i:b)c", "aBC", false),
        ("a(?i)b|c", "C", true), ("\\bab\\b", "ab", true), ("a\\Bb", "ab", true), ("a\\bb", "ab", false),
        ("\\x41\\x{42}", "AB", true), ("\\Qa.b\\E", "a.b", true), ("\\Qa.b\\E", "axb", false), ("\\Aa\\z", "a", true),
        ("(?i)É", "é", true), ("(?i)[^a]", "A", false), ("(?i)k", "\u{212a}", true),
    ])
    func textsMatchAsInRE2(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        #expect(try TextPattern(pattern).matches(whole: text) == isMatch)
    }

    @Test(arguments: [
        "(", ")", "*a", "a**", "[a", "[z-a]", "\\", "\\C", "\\1", "\\pL", "(?!a)", "(?P=n)", "a{1001}", "[[:letter:]]",
        "(?m)a",
        "((a{100}){100}){100}",
    ])
    func whatIsNotMatchedIsRefused(_ pattern: String) {
        #expect(throws: TextPattern.Failure.self) { try TextPattern(pattern) }
    }

    @Test(
        arguments: [
            ("(a*)(.*)", "aab", ["aab", "aa", "b"]), ("(a*?)(.*)", "aab", ["aab", "", "aab"]),
            ("(a|ab)(c|bcd)(d*)", "abcd", ["abcd", "a", "bcd", ""]), ("(?:(x)|y)+", "xy", ["xy", "x"]),
            ("(?P<m>.)(.)?", "a", ["a", "a", nil]),
        ] as [(String, String, [String?])])
    func groupsAreWhatAPerlMatcherFinds(_ pattern: String, _ text: String, _ groups: [String?]) throws {
        #expect(try TextPattern(pattern).match(whole: text)?.texts == groups)
    }

    @Test func replacementsAreFilledInAsInGo() throws {
        let match = try #require(try TextPattern("(?P<m>a)(b)(c)?").match(whole: "ab"))
        for (template, filled) in [
            ("$1-$2", "a-b"), ("${1}x$1x", "ax"), ("$m$$", "a$"), ("$", "$"), ("${", "${"), ("$3|$9|$none", "||"),
            ("$0", "ab"),
        ] {
            #expect(PatternReplacement(template, style: .names).filled(match) == filled)
        }
    }

    /// What google-re2 1.1 says.
    @Test(
        arguments: [
            ("(|a)*", "aa", ["aa", "a"]), ("(a|b*)*", "ba", ["ba", "a"]), ("(?:(.*?)c?)*", "ab", ["ab", "ab"]),
            ("(a)*", "", ["", nil]), ("()*", "", ["", ""]), ("(a){0,3}(a*)", "aaaa", ["aaaa", "a", "a"]),
            ("(a){0,3}?(a*)", "aaaa", ["aaaa", nil, "aaaa"]), ("(?:(a)|(b)){2}", "ab", ["ab", "a", "b"]),
        ] as [(String, String, [String?])])
    func groupsOfRepetitionsAreThoseOfRE2(_ pattern: String, _ text: String, _ groups: [String?]) throws {
        #expect(try TextPattern(pattern).match(whole: text)?.texts == groups)
    }

    /// What google-re2 1.1 says.
    @Test(arguments: [
        ("(?i)ς", "Σ", true), ("(?i)ς", "σ", true), ("(?i)ß", "ẞ", true), ("(?i)ß", "ss", false), ("(?i)ı", "I", false),
        ("(?i)İ", "i", false), ("(?i)ǆ", "ǅ", true), ("(?i)[à-ï]+", "ÀÏ", true), ("(?i)[^k]", "\u{212a}", false),
        ("(?i)\\w", "ſ", true), ("(?i)[\\W]", "ſ", false), ("\\w", "ſ", false), ("(?i)[[:upper:]]", "a", true),
        ("(?i)[[:^upper:]]", "a", false), ("[à-ïα-ω]+", "èμ", true), ("[^\\x00-\\x{10FFFF}]?", "", true),
        ("[^\\x00-\\x{10FFFF}]", "a", false), (".", "\u{10FFFF}", true), ("..", "e\u{301}", true),
        ("é", "e\u{301}", false), ("é|x", "é", true), ("K", "\u{212a}", false), ("\\Qab\\E+", "abb", true),
        ("\\Qab\\E+", "abab", false), ("\\Q|)(", "|)(", true), ("a{01}", "a{01}", true), ("a{,2}", "a{,2}", true),
        ("a{+1}", "a{+1}", false), ("a{0}b", "b", true), ("[a\\]]+", "a]", true), ("[[:]+", "[:", true),
        ("(?i:a)b", "AB", false), ("(?i)a(?-i)b", "Ab", true), ("(?i)a(?-i)b", "AB", false), ("\\bé", "é", false),
        ("a{1000}", String(repeating: "a", count: 1_000), true),
        ("a{0,1000}", String(repeating: "a", count: 1_001), false),
        ("(?:a?){1000}", String(repeating: "a", count: 999), true),
    ])
    func casesAndBoundsAreThoseOfRE2(_ pattern: String, _ text: String, _ isMatch: Bool) throws {
        let compiled = try TextPattern(pattern)
        #expect(compiled.matches(whole: text) == isMatch)
        #expect((compiled.match(whole: text) != nil) == isMatch)
    }

    @Test func aSearchFindsWhatStandsAnywhere() throws {
        for (pattern, text, occurs) in [
            ("b+", "abc", true), ("^b", "abc", false), ("c$", "abc", true), ("", "", true), ("x|é", "aé", true),
            ("x", "aé", false), ("\\bb", "a b", true), ("b.d", "abcbd", false), ("(?i)É", "aé", true),
        ] {
            #expect(try TextPattern(pattern).occurs(in: text) == occurs, "\(pattern) in \(text)")
        }
    }

    @Test(arguments: [
        ("a*", "baac", "[]b[aa]c[]", "[]b[aa][]c[]"), ("x*", "é🎂", "[]é[]🎂[]", "[]é[]🎂[]"),
        ("b|", "abc", "[]a[b]c[]", "[]a[b][]c[]"), ("a", "", "", ""), ("$", "a", "a[]", "a[]"),
        ("^", "ab", "[]ab", "[]ab"),
    ])
    func emptyMatchesBehindOthersCountByStyle(_ pattern: String, _ text: String, _ names: String, _ digits: String)
        throws
    {
        let compiled = try TextPattern(pattern)
        #expect(compiled.replacing(in: text, with: PatternReplacement("[$0]", style: .names)) == names)
        #expect(compiled.replacing(in: text, with: PatternReplacement("[$0]", style: .digits)) == digits)
    }

    @Test func aDigitNamesAGroupWhateverFollows() throws {
        let pattern = try TextPattern("(?P<n>a)(b)")
        for (template, digits, names) in [
            ("$2_$1", "b_a", "a"), ("${n}", "${n}", "a"), ("$12", "a2", ""), ("$0$", "ab$", "ab$"), ("$é", "$é", ""),
            ("$$1", "$1", "$1"), ("$01", "ab1", ""),
        ] {
            #expect(pattern.replacing(in: "ab", with: PatternReplacement(template, style: .digits)) == digits)
            #expect(pattern.replacing(in: "ab", with: PatternReplacement(template, style: .names)) == names)
        }
    }

    @Test(arguments: ["(a*)*(a|aa)+(a?){30}b", "(a+)+b", "(?:a|a|(?:a|a)*)*b", "(?:(?:a?){30}){30}b", "(.*)(.*)(.*)b"])
    func patternsThatMakeOthersBacktrackTakeLinearTime(_ source: String) throws {
        let pattern = try TextPattern(source)
        for length in [500, 1_000] {
            let text = [UInt8](repeating: 0x61, count: length)
            for isWhole in [true, false] {
                var machine = PatternMachine(pattern, text)
                let isFound = machine.find(from: 0, isWhole: isWhole)
                #expect(!isFound)
                #expect(machine.steps <= (pattern.program.count + 1) * (length + 1))
            }
        }
    }

    @Test func aReplacementEndsWhenItTakesTooLong() throws {
        // Each match is looked for to the end of the text.
        let pattern = try TextPattern("a(?:.*b)?")
        let replacement = PatternReplacement("", style: .digits)
        let text = String(repeating: "a", count: 2_000)
        #expect(pattern.replacing(in: text, with: replacement)?.isEmpty == true)
        #expect(pattern.replacing(in: text, with: replacement, mostSteps: 1_000_000) == nil)
        #expect(throws: TextPattern.Failure(reason: "it nests too deeply", position: 50)) {
            try TextPattern(String(repeating: "(", count: 10_000))
        }
    }
}
