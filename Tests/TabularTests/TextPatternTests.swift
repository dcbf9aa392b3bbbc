import Foundation
import Testing

@testable import Tabular

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
        #expect(try TextPattern(pattern).replacing(in: text, with: with) == expected)
    }

    @Test(arguments: [
        ("(a", "a parenthesis is not closed", 0), ("a)", "a parenthesis is closed that was not opened", 1),
        ("a**", "a repetition is repeated", 2), ("+a", "a repetition has nothing to repeat", 0),
        ("[a", "a bracket is not closed", 0),
        ("[b-a]", "a range in brackets runs backwards", 4),
        ("(?=a)", "of the groups that begin with (? only (?: is known", 2),
        ("a\\1", "\\1 has no meaning here", 2), ("a{3,2}", "a repetition has bad bounds", 1), ("", "it is empty", 0),
        ("((((a{100}){100}){100}){100})", "it is too large", 16), ("a\\", "it ends with a backslash", 2),
    ])
    func whatIsNoPatternIsRefusedWithItsPlace(pattern: String, reason: String, position: Int) {
        #expect(throws: TextPattern.Failure(reason: reason, position: position)) { try TextPattern(pattern) }
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
            #expect(try TextPattern(source).replacing(in: text, with: "<$0>") == reference, "\(source) in \(text)")
        }
    }

    @Test func patternsThatMakeOthersBacktrackForYearsTakeMilliseconds() throws {
        let text = String(repeating: "a", count: 3_000)
        let clock = ContinuousClock()
        let pattern = try TextPattern("(a+)+b")
        let time = clock.measure { #expect(pattern.replacing(in: text + "c", with: "") != nil) }
        #expect(time < .seconds(20))
    }
}
