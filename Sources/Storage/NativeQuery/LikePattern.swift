/// A pattern of LIKE: `%` any characters, `_` one, letters A to Z in either case.
///
/// Source: SQLite's `patternCompare`, without ESCAPE.
struct LikePattern: Hashable {
    private let bytes: [UInt8]

    /// SQLite's own limit in the sandbox.
    static let lengthLimit = 1000

    /// Nil for a pattern that SQLite would refuse, or that is no UTF-8 text.
    init?(_ pattern: [UInt8]) {
        guard pattern.count <= Self.lengthLimit else { return nil }
        bytes = pattern.map(Self.folded)
    }

    @inline(__always)
    private static func folded(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }

    /// - Complexity: O(pattern * text): after a mismatch only the last `%` is tried further on.
    func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        bytes.withUnsafeBufferPointer { pattern in
            var (p, t) = (0, 0)
            var retry: (pattern: Int, text: Int)?
            while true {
                if p < pattern.count, pattern[p] == UInt8(ascii: "%") {
                    p += 1
                    retry = (p, t)
                    continue
                }
                if p == pattern.count, t == text.count { return true }
                if p < pattern.count, t < text.count {
                    if pattern[p] == UInt8(ascii: "_") {
                        p += 1
                        t = Self.next(text, t)
                        continue
                    }
                    if pattern[p] == Self.folded(text[t]) {
                        p += 1
                        t += 1
                        continue
                    }
                }
                guard let last = retry, last.text < text.count else { return false }
                t = Self.next(text, last.text)
                p = last.pattern
                retry = (p, t)
            }
        }
    }

    /// The place after the character at `place`.
    @inline(__always)
    private static func next(_ text: UnsafeRawBufferPointer, _ place: Int) -> Int {
        var next = place + 1
        while next < text.count, text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }
}
