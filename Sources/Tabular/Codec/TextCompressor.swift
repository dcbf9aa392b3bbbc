/// Finds repetitions in texts and writes them as the sequences of `TextBlock`.
///
/// One look-up a position in a table of six-byte strings, and whole words copied past their end: twice as fast as bounded appends to
/// an array.
enum TextCompressor {
    private static let window = 65_535
    private static let tableBits: UInt64 = 13
    /// Bytes at the end that stay literals, so that words can be read ahead of every position.
    private static let tail = 20

    /// Appends the sequences of the first `size` bytes; false, with nothing appended, when less than an eighth is saved.
    static func compress(_ text: [UInt8], size: Int, to bytes: inout [UInt8]) -> Bool {
        let limit = size - size / 8
        // The longest that sequences of nothing but literals can get, and room for a word copied past the end.
        let capacity = size + size / 255 + 64
        var isWithin = false
        bytes.append(addingCapacity: capacity) { output in
            output.withUnsafeMutableBufferPointer { target, initialized in
                text.withUnsafeBytes { source in
                    guard let source = source.baseAddress, let target = target.baseAddress else { return }
                    initialized = write(source, size, to: UnsafeMutableRawPointer(target), limit: limit)
                }
                isWithin = initialized > 0
            }
        }
        return isWithin
    }

    /// - Returns: the bytes written; 0 when they would be more than `limit`.
    ///
    /// Safety: `target` has room for the worst case of `count` bytes. Words are read up to `tail` bytes ahead of `last` only, and
    /// candidates lie before the position.
    private static func write(
        _ source: UnsafeRawPointer, _ count: Int, to target: UnsafeMutableRawPointer, limit: Int
    ) -> Int {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << Int(tableBits)) { places in
            // Places + 1 of six bytes, by their hash; 0 where none was seen.
            places.initialize(repeating: 0)
            var out = target
            var anchor = 0
            var position = 0
            let last = count - tail
            while position < last {
                let four = source.loadUnaligned(fromByteOffset: position, as: UInt32.self)
                // Six bytes: looking for longer repetitions saves a tenth of the time for 4 % more bytes.
                let six = source.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian &<< 16
                let slot = Int((six &* 0x9E37_79B1_85EB_CA87) &>> (64 &- tableBits))
                let candidate = Int(places[slot]) &- 1
                places[slot] = UInt32(truncatingIfNeeded: position &+ 1)
                guard candidate >= 0, position &- candidate <= window,
                    source.loadUnaligned(fromByteOffset: candidate, as: UInt32.self) == four
                else {
                    // Text that does not repeat is passed over in growing steps.
                    position &+= 1 &+ ((position &- anchor) &>> 6)
                    continue
                }
                let length = matchLength(source, candidate, position, last)
                let literals = position &- anchor
                let extra = length &- TextBlock.shortestMatch
                out.storeBytes(of: UInt8(min(literals, 15) &<< 4 | min(extra, 15)), as: UInt8.self)
                out += 1
                if literals >= 15 { extend(literals &- 15, &out) }
                var copied = 0
                while copied < literals {
                    let word = source.loadUnaligned(fromByteOffset: anchor &+ copied, as: SIMD16<UInt8>.self)
                    out.storeBytes(of: word, toByteOffset: copied, as: SIMD16<UInt8>.self)
                    copied &+= 16
                }
                out += literals
                out.storeBytes(of: UInt16(truncatingIfNeeded: position &- candidate).littleEndian, as: UInt16.self)
                out += 2
                if extra >= 15 { extend(extra &- 15, &out) }
                position &+= length
                anchor = position
                if out - target > limit { return 0 }
            }
            let literals = count - anchor
            out.storeBytes(of: UInt8(min(literals, 15) << 4), as: UInt8.self)
            out += 1
            if literals >= 15 { extend(literals - 15, &out) }
            out.copyMemory(from: source + anchor, byteCount: literals)
            out += literals
            return out - target > limit ? 0 : out - target
        }
    }

    /// Equal bytes from two positions on, at least four; a match ends before `last` + 8.
    @inline(__always)
    private static func matchLength(_ source: UnsafeRawPointer, _ candidate: Int, _ position: Int, _ last: Int) -> Int {
        var length = TextBlock.shortestMatch
        while position &+ length < last {
            let difference =
                source.loadUnaligned(fromByteOffset: candidate &+ length, as: UInt64.self)
                ^ source.loadUnaligned(fromByteOffset: position &+ length, as: UInt64.self)
            if difference != 0 { return length &+ difference.littleEndian.trailingZeroBitCount >> 3 }
            length &+= 8
        }
        return length
    }

    /// The rest of a length above 15.
    private static func extend(_ rest: Int, _ out: inout UnsafeMutableRawPointer) {
        var rest = rest
        while rest >= 255 {
            out.storeBytes(of: 255, as: UInt8.self)
            out += 1
            rest -= 255
        }
        out.storeBytes(of: UInt8(rest), as: UInt8.self)
        out += 1
    }
}
