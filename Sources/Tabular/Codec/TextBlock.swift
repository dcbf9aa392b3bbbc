/// The bytes of texts: a byte 0 and the bytes, or a byte 1, their compressed size and sequences in the manner of LZ4.
///
/// A sequence is a token (high four bits: literals; low four: match length - 4; 15 means that bytes follow which add up to and
/// including the first below 255), the literals, and two bytes of distance. The last sequence ends after its literals.
/// Taken where an eighth is saved: prose halves, identifiers stay as they are.
///
/// Source: Y. Collet, "LZ4 Block Format Description".
enum TextBlock {
    /// Shorter blocks are not tried.
    private static let smallest = 256
    private static let shortestMatch = 4
    private static let window = 65_535

    static func encode(_ text: [UInt8], to bytes: inout [UInt8]) {
        if text.count >= smallest, let compressed = compress(text) {
            bytes.append(1)
            bytes.append(unsigned: UInt64(compressed.count))
            bytes.append(contentsOf: compressed)
        } else {
            bytes.append(0)
            bytes.append(contentsOf: text)
        }
    }

    /// Reads exactly `size` bytes of text.
    static func decode(_ reader: inout ByteReader, size: Int) throws(CodecError) -> [UInt8] {
        switch try reader.byte() {
        case 0: return [UInt8](try reader.take(size))
        case 1:
            let compressed = try reader.take(try reader.count(limit: reader.rest.count, "compressed size"))
            // No sequence yields more than 255 bytes for each of its own, so a small payload cannot ask for much memory.
            guard size <= compressed.count * 255 else { throw .malformed("compressed text") }
            return try decompress(compressed, size: size)
        default: throw .malformed("text block")
        }
    }

    /// Nil when less than an eighth is saved.
    private static func compress(_ text: [UInt8]) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        let limit = text.count - text.count / 8
        // Places + 1 of four bytes, by their hash; 0 where none was seen.
        var places = [UInt32](repeating: 0, count: 1 << 14)
        var anchor = 0
        let isSmaller = text.withUnsafeBytes { source -> Bool in
            places.withUnsafeMutableBufferPointer { places in
                var position = 0
                let last = source.count - 12
                while position < last {
                    let four = load32(source, position)
                    let slot = Int((four &* 2_654_435_761) >> 18)
                    let candidate = Int(places[slot]) - 1
                    places[slot] = UInt32(truncatingIfNeeded: position + 1)
                    guard candidate >= 0, position - candidate <= window, load32(source, candidate) == four else {
                        // Text that does not repeat is passed over in growing steps.
                        position += 1 + ((position - anchor) >> 6)
                        continue
                    }
                    let length = matchLength(source, candidate, position)
                    append(literals: source[anchor..<position], match: length, distance: position - candidate, to: &out)
                    position += length
                    anchor = position
                    if out.count > limit { return false }
                }
                append(literals: source[anchor...], match: nil, distance: 0, to: &out)
                return out.count <= limit
            }
        }
        return isSmaller ? out : nil
    }

    private static func matchLength(_ source: UnsafeRawBufferPointer, _ candidate: Int, _ position: Int) -> Int {
        var length = shortestMatch
        while position + length + 8 <= source.count {
            let difference = load64(source, candidate + length) ^ load64(source, position + length)
            if difference != 0 { return length + (difference.trailingZeroBitCount >> 3) }
            length += 8
        }
        while position + length < source.count, source[candidate + length] == source[position + length] { length += 1 }
        return length
    }

    private static func append(
        literals: Slice<UnsafeRawBufferPointer>, match: Int?, distance: Int, to out: inout [UInt8]
    ) {
        let extra = match.map { $0 - shortestMatch } ?? 0
        out.append(UInt8(min(literals.count, 15) << 4 | min(extra, 15)))
        append(rest: literals.count - 15, to: &out)
        out.append(contentsOf: UnsafeRawBufferPointer(rebasing: literals))
        guard match != nil else { return }
        out.append(UInt8(truncatingIfNeeded: distance))
        out.append(UInt8(truncatingIfNeeded: distance >> 8))
        append(rest: extra - 15, to: &out)
    }

    private static func append(rest: Int, to out: inout [UInt8]) {
        guard rest >= 0 else { return }
        out.append(contentsOf: repeatElement(255, count: rest / 255))
        out.append(UInt8(rest % 255))
    }

    private static func decompress(_ source: UnsafeRawBufferPointer, size: Int) throws(CodecError) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: size)
        let isWhole = out.withUnsafeMutableBytes { target -> Bool in
            var from = 0
            var to = 0
            /// 15 and the bytes that follow; nil past the end.
            func extended(_ nibble: Int) -> Int? {
                guard nibble == 15 else { return nibble }
                var length = 15
                while from < source.count {
                    let byte = source[from]
                    from += 1
                    length += Int(byte)
                    if byte < 255 { return length }
                }
                return nil
            }
            while from < source.count {
                let token = Int(source[from])
                from += 1
                guard let literals = extended(token >> 4), literals <= source.count - from, literals <= size - to else {
                    return false
                }
                UnsafeMutableRawBufferPointer(rebasing: target[to..<(to + literals)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<(from + literals)]))
                from += literals
                to += literals
                if from == source.count { return to == size }
                guard source.count - from >= 2 else { return false }
                let distance = Int(source[from]) | Int(source[from + 1]) << 8
                from += 2
                guard let extra = extended(token & 15), distance > 0, distance <= to, extra + shortestMatch <= size - to
                else {
                    return false
                }
                copyMatch(target, to: to, distance: distance, length: extra + shortestMatch)
                to += extra + shortestMatch
            }
            return to == size
        }
        guard isWhole else { throw .malformed("compressed text") }
        return out
    }

    /// The caller has checked that source and target lie within `target`.
    @inline(__always)
    private static func copyMatch(_ target: UnsafeMutableRawBufferPointer, to: Int, distance: Int, length: Int) {
        if distance >= length {
            UnsafeMutableRawBufferPointer(rebasing: target[to..<(to + length)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: target[(to - distance)..<(to - distance + length)]))
        } else {
            // Overlapping: the match repeats what it writes.
            for index in to..<(to + length) { target[index] = target[index - distance] }
        }
    }

    @inline(__always)
    private static func load32(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
    }
}
