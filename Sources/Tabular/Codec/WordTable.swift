/// Words of at most 15 bytes, numbered in order of first appearance.
///
/// A word is two little-endian numbers: its bytes, filled up with zeros, and in the last byte its length. So two words are equal where both
/// numbers are, and a look-up has no branch but whether its first slot holds the word.
///
/// Safety: owns its memory; one thread.
struct WordTable: ~Copyable {
    static let longestWord = 15
    /// Codes have two bytes.
    static let mostWords = 1 << 16

    private(set) var count = 0
    /// Of all words together.
    private(set) var bytes = 0
    private var words: UnsafeMutablePointer<SIMD2<UInt64>>
    /// Sixteen bits of the hash, of which the lowest is set, above a code; 0 is free. At most half are taken.
    private var slots: UnsafeMutablePointer<UInt32>
    private var bits: UInt64 = 13

    init() {
        words = .allocate(capacity: 1 << Int(bits - 1))
        slots = .allocate(capacity: 1 << Int(bits))
        slots.initialize(repeating: 0, count: 1 << Int(bits))
    }

    deinit {
        words.deallocate()
        slots.deallocate()
    }

    mutating func removeAll() {
        count = 0
        bytes = 0
        slots.update(repeating: 0, count: 1 << Int(bits))
    }

    /// The code of a word, new if it was not seen; there must be room for it.
    @inline(__always)
    mutating func code(_ word: SIMD2<UInt64>) -> UInt16 {
        let hash = Self.hash(word)
        let tag = Self.tag(hash)
        let mask = 1 &<< bits &- 1
        var slot = hash &>> (64 &- bits)
        while true {
            let entry = slots[Int(truncatingIfNeeded: slot)]
            if entry & ~0xFFFF == tag {
                let known = words[Int(entry & 0xFFFF)]
                if (known[0] ^ word[0]) | (known[1] ^ word[1]) == 0 { return UInt16(truncatingIfNeeded: entry) }
            } else if entry == 0 {
                return insert(word, tag: tag, at: Int(truncatingIfNeeded: slot))
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// Appends the length of each word, then the bytes of all, to `out`, which has room for `count + bytes + 16` more bytes.
    func write(to out: UnsafeMutableRawPointer) {
        var end = out + count
        for code in 0..<count {
            let word = words[code]
            let length = Int(word[1] >> 56)
            out.storeBytes(of: UInt8(truncatingIfNeeded: length), toByteOffset: code, as: UInt8.self)
            end.storeBytes(of: word[0].littleEndian, as: UInt64.self)
            end.storeBytes(of: word[1].littleEndian, toByteOffset: 8, as: UInt64.self)
            end += length
        }
    }

    @inline(never)
    private mutating func insert(_ word: SIMD2<UInt64>, tag: UInt32, at slot: Int) -> UInt16 {
        let code = UInt32(truncatingIfNeeded: count)
        words[count] = word
        slots[slot] = tag | code
        count += 1
        bytes += Int(word[1] >> 56)
        if count * 2 == 1 << Int(bits), count < Self.mostWords { grow() }
        return UInt16(truncatingIfNeeded: code)
    }

    private mutating func grow() {
        bits += 2
        let larger = UnsafeMutablePointer<SIMD2<UInt64>>.allocate(capacity: 1 << Int(bits - 1))
        larger.update(from: words, count: count)
        words.deallocate()
        words = larger
        slots.deallocate()
        slots = .allocate(capacity: 1 << Int(bits))
        slots.initialize(repeating: 0, count: 1 << Int(bits))
        let mask = 1 << Int(bits) - 1
        for code in 0..<count {
            let hash = Self.hash(words[code])
            var slot = Int(hash >> (64 - bits))
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Self.tag(hash) | UInt32(code)
        }
    }

    @inline(__always)
    private static func hash(_ word: SIMD2<UInt64>) -> UInt64 {
        let mixed = word[0] ^ (word[1] &* 0xE703_7ED1_A0B4_28DB)
        return (mixed ^ mixed &>> 32) &* 0x9E37_79B1_85EB_CA87
    }

    @inline(__always)
    private static func tag(_ hash: UInt64) -> UInt32 { (UInt32(truncatingIfNeeded: hash) | 0x1_0000) & ~0xFFFF }
}
