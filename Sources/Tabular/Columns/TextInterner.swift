/// Distinct texts numbered in order of first appearance.
///
/// Open addressing over hashes of the bytes: no String is made for a look-up, which a `[String: Int]` would need.
package struct TextInterner: Sendable {
    /// Text of each code.
    package private(set) var texts = TextArray()
    private var hashes: [UInt64] = []
    /// Code + 1 in each slot, 0 where free; the number of slots is a power of two.
    private var slots = [UInt32](repeating: 0, count: 64)

    package init() {}

    package var count: Int { hashes.count }

    /// The code of `text`, new if it was not seen.
    ///
    /// - Complexity: O(bytes)
    package mutating func code(_ text: UnsafeRawBufferPointer) -> Int { code(text, hash: Self.hash(text)) }

    /// As `code`, for a text whose hash is known.
    mutating func code(_ text: UnsafeRawBufferPointer, hash: UInt64) -> Int {
        let (known, slot) = look(for: text, hash)
        if let known { return known }
        let code = hashes.count
        hashes.append(hash)
        texts.append(text)
        slots[slot] = UInt32(code + 1)
        if hashes.count * 2 > slots.count { grow() }
        return code
    }

    /// The code of `text`, nil if it was not seen.
    ///
    /// - Complexity: O(bytes)
    package func find(_ text: UnsafeRawBufferPointer) -> Int? { look(for: text, Self.hash(text)).code }

    /// The code of a text, or else the free slot where it belongs.
    @inline(__always)
    private func look(for text: UnsafeRawBufferPointer, _ hash: UInt64) -> (code: Int?, slot: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let code = Int(slots[slot]) - 1
            if hashes[code] == hash, texts.equals(code, text) { return (code, slot) }
            slot = (slot + 1) & mask
        }
        return (nil, slot)
    }

    /// As `code` over bytes.
    package mutating func code(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { code(UnsafeRawBufferPointer($0)) }
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 4)
        let mask = slots.count - 1
        for (code, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(code + 1)
        }
    }

    /// Eight bytes at a time through a folded 128-bit product, as wyhash does.
    @inline(__always)
    static func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(text.count) ^ 0xA076_1D64_78BD_642F
        var position = 0
        while position + 8 <= text.count {
            hash = fold(hash ^ load64(text, position), 0xE703_7ED1_A0B4_28DB)
            position += 8
        }
        var tail: UInt64 = 0
        if text.count >= 8 {
            if position < text.count { tail = load64(text, text.count - 8) }
        } else {
            for index in 0..<text.count { tail = tail << 8 | UInt64(text[index]) }
        }
        return fold(hash ^ tail, 0x8EBC_6AF0_9C88_C6E3)
    }

    @inline(__always)
    static func fold(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }
}

extension TextArray {
    /// Whether text `index` has these bytes.
    @inline(__always)
    func equals(_ index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        withText(index) { own in
            guard own.count == text.count else { return false }
            var offset = 0
            while offset + 8 <= own.count {
                if load64(own, offset) != load64(text, offset) { return false }
                offset += 8
            }
            while offset < own.count {
                if own[offset] != text[offset] { return false }
                offset += 1
            }
            return true
        }
    }
}
