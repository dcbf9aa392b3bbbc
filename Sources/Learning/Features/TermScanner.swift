/// A term of a text by its bucket, and how often the text has it.
struct TermCount: Sendable, Hashable {
    private var bits: UInt32

    init(bucket: Int) { bits = UInt32(bucket) << 8 | 1 }

    var bucket: Int { Int(bits >> 8) }
    /// At most 255.
    var count: Int { Int(bits & 255) }

    mutating func add() { if bits & 255 < 255 { bits += 1 } }
}

/// Finds the terms of texts: words, pairs of neighbouring words, and character n-grams, each hashed to a bucket.
///
/// Words are runs of letters and numbers in lower case. N-grams are of 3 to 5 characters within a word and the blanks around it.
struct TermScanner {
    /// Buckets of words and pairs are the first, those of n-grams follow.
    static let wordBuckets = 1 << 15
    static let gramBuckets = 1 << 16
    static let buckets = wordBuckets + gramBuckets

    /// Words that are looked at in a text, and characters of words, blanks around them included, whose n-grams are.
    private static let mostWords = 1_000
    private static let mostGramCharacters = 1_500
    private static let gramLengths = 3...5

    private var found: [TermCount] = []
    /// Hash table of places in `found`, one more each; 0 for free.
    private var slots: [Int32] = []
    private var mask = 0
    /// Hashes of the beginnings of a word, of 0 and more characters.
    private var beginnings: [UInt64] = []
    private var gramCharacters = 0

    /// The terms in the order of their first occurrence, each once.
    mutating func terms(of text: String) -> [TermCount] {
        var lower = text.lowercased()
        return lower.withUTF8 { bytes in
            begin(length: bytes.count)
            addTerms(bytes)
            return found.withUnsafeBufferPointer { Array($0) }
        }
    }

    /// Empties the table, which has at least twice as many slots as a text of this many bytes can have terms.
    private mutating func begin(length: Int) {
        found.removeAll(keepingCapacity: true)
        gramCharacters = 0
        // A word of n characters has at most 3 n n-grams.
        let most = min(2 * Self.mostWords, length + 1) + 3 * min(Self.mostGramCharacters, length)
        var size = 64
        while size < 2 * most { size *= 2 }
        mask = size - 1
        if slots.count < size { slots = [Int32](repeating: 0, count: size) }
        for slot in 0..<size { slots[slot] = 0 }
    }

    private mutating func addTerms(_ bytes: UnsafeBufferPointer<UInt8>) {
        var ranges = WordRanges(bytes)
        var words = 0
        var last = TermHash()
        while words < Self.mostWords, let range = ranges.next() {
            var word = TermHash()
            var pair = last
            pair.add(32)
            for place in range {
                word.add(bytes[place])
                pair.add(bytes[place])
            }
            add(bucket: word.bucket)
            if words > 0 { add(bucket: pair.bucket) }
            if gramCharacters < Self.mostGramCharacters { addGrams(bytes, range) }
            last = word
            words += 1
        }
    }

    /// N-grams by polynomials of their characters, differences of the polynomials of beginnings.
    private mutating func addGrams(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        beginnings.removeAll(keepingCapacity: true)
        beginnings.append(0)
        addCharacter(32)
        var place = range.lowerBound
        while place < range.upperBound, gramCharacters < Self.mostGramCharacters {
            addCharacter(UInt64(Self.scalar(bytes, &place)))
        }
        addCharacter(32)
    }

    private mutating func addCharacter(_ character: UInt64) {
        gramCharacters += 1
        let count = beginnings.count
        let hash = beginnings[count - 1] &* Self.multiplier &+ character &+ 1
        beginnings.append(hash)
        var power = Self.multiplier &* Self.multiplier
        for length in Self.gramLengths where length <= count {
            power = power &* Self.multiplier
            let gram = hash &- beginnings[count - length] &* power
            let mixed = (gram ^ gram >> 32) &* 0x9E37_79B9_7F4A_7C15
            add(bucket: Self.wordBuckets + Int(mixed >> 48))
        }
    }

    private static let multiplier: UInt64 = 0xD6E8_FEB8_6659_FD93

    /// The Unicode scalar at a place of valid UTF-8, which moves behind it.
    private static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> UInt32 {
        var value = UInt32(bytes[place])
        place += 1
        if value < 0x80 { return value }
        value &= value < 0xE0 ? 0x1F : value < 0xF0 ? 0x0F : 0x07
        while place < bytes.count, bytes[place] & 0xC0 == 0x80 {
            value = value << 6 | UInt32(bytes[place] & 0x3F)
            place += 1
        }
        return value
    }

    private mutating func add(bucket: Int) {
        var slot = (bucket &* 0x9E37_79B1) >> 7 & mask
        while true {
            let known = slots[slot]
            if known == 0 {
                found.append(TermCount(bucket: bucket))
                slots[slot] = Int32(found.count)
                return
            }
            if found[Int(known) - 1].bucket == bucket { return found[Int(known) - 1].add() }
            slot = (slot + 1) & mask
        }
    }

    /// The distinct words and pairs of neighbouring words of a text with their buckets: slow, for those that are shown.
    static func words(of text: String) -> [(bucket: UInt32, text: String)] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.prefix(mostWords).map(String.init)
        var seen = Set<UInt32>()
        var result: [(UInt32, String)] = []
        func add(_ term: String) {
            var hash = TermHash()
            for byte in term.utf8 { hash.add(byte) }
            let bucket = UInt32(hash.bucket)
            if seen.insert(bucket).inserted { result.append((bucket, term)) }
        }
        for (index, word) in words.enumerated() {
            add(word)
            if index > 0 { add(words[index - 1] + " " + word) }
        }
        return result
    }
}

/// FNV-1a: the same on every machine, unlike `Hasher`.
private struct TermHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

    /// Folded to 32 bits, then to the buckets of words.
    var bucket: Int { Int((state ^ (state >> 32)) & UInt64(TermScanner.wordBuckets - 1)) }
}
