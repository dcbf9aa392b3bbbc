import Foundation
import Tabular
import Testing

@testable import Learning

@Suite struct TermScannerTests {
    private static let alphabets: [[Unicode.Scalar]] = [
        Array("abcXYZ019 ,.-_'\r\n".unicodeScalars),
        Array("äÖßé e\u{301}\u{308}İıΣσςА б҃,\u{200D}\u{FE0F}1\u{20E3}".unicodeScalars),
        Array("東京 한국\u{1100}\u{1161}\u{11A8} क्षि\u{94D}ना \u{600}1\u{6DD}a ²½Ⅷ٣\u{E0041}".unicodeScalars),
        Array("👩\u{200D}👧🏽🇩🇪 a\u{301}\u{345}\u{D4E}ക\u{0}\u{7F}".unicodeScalars),
    ]

    private func text(_ random: inout RandomStream) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<random.index(below: 60) {
            // Mostly one alphabet, and blanks.
            let alphabet = Self.alphabets[random.index(below: Self.alphabets.count)]
            for _ in 0..<1 + random.index(below: 6) { text.append(alphabet[random.index(below: alphabet.count)]) }
        }
        return String(text)
    }

    /// Words as a `String` is split into them.
    private func words(_ text: String) -> [String] {
        text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    @Test func wordsAreThoseOfSplittingByCharacter() {
        var random = RandomStream(seed: 1)
        for _ in 0..<20_000 {
            let original = text(&random)
            var bytes = original
            let found = bytes.withUTF8 { bytes in
                WordRanges(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
            }
            guard found.map({ Array($0.utf8) }) == words(original).map({ Array($0.utf8) }) else {
                Issue.record("\(original.unicodeScalars.map { String($0.value, radix: 16) })")
                return
            }
        }
    }

    @Test func wordsAndPairsAreThoseOfEarlierReleases() {
        var random = RandomStream(seed: 2)
        var scanner = TermScanner()
        for _ in 0..<2_000 {
            let text = text(&random)
            let found = scanner.terms(of: text).map(\.bucket).filter { $0 < TermScanner.wordBuckets }
            #expect(found.map(UInt32.init) == TermScanner.words(of: text).map(\.bucket))
        }
        #expect(
            TermScanner.words(of: "LATE delivery, Größe").map(\.bucket).prefix(3) == [22_956, 18_175, 29_477])
        #expect(TermScanner.words(of: "Größe").map(\.bucket) == [20_164])
    }

    @Test func termsAreCounted() {
        var scanner = TermScanner()
        let counts = scanner.terms(of: "ab ab ab c").filter { $0.bucket < TermScanner.wordBuckets }.map(\.count)
        // ab, ab ab, c, ab c
        #expect(counts == [3, 2, 1, 1])
        // " ab", "ab ", " ab " three times each, " c " once.
        let gramCounts = scanner.terms(of: "ab ab ab c").filter { $0.bucket >= TermScanner.wordBuckets }.map(\.count)
        #expect(gramCounts == [3, 3, 3, 1])
        // 3 to 5 characters of " größe ", and of a longer word the same beginning.
        func grams(_ text: String) -> Set<Int> {
            Set(scanner.terms(of: text).map(\.bucket).filter { $0 >= TermScanner.wordBuckets })
        }
        #expect(grams("größe").count == 5 + 4 + 3)
        #expect(grams("Größer").intersection(grams("größe")).count == 5 + 4 + 3 - 3)
        // The word, its n-gram with blanks, and the pair.
        let many = scanner.terms(of: String(repeating: "a ", count: 900))
        #expect(many.map(\.count) == [255, 255, 255])
    }

    @Test func longTextsAreCutShort() {
        var scanner = TermScanner()
        let words = (0..<5_000).map { "w\($0)x" }
        let long = scanner.terms(of: words.joined(separator: " "))
        #expect(long == scanner.terms(of: words[..<1_000].joined(separator: " ")))
        let pairs = long.filter { $0.bucket < TermScanner.wordBuckets }.reduce(0) { $0 + $1.count }
        #expect(pairs == 1_999)
        let grams = long.filter { $0.bucket >= TermScanner.wordBuckets }.reduce(0) { $0 + $1.count }
        #expect(grams > 2_300 && grams < 2_600)
        #expect(scanner.terms(of: String(repeating: "y", count: 1_000_000)).count == 10)
    }
}
