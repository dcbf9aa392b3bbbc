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
    static let shortestMatch = 4

    static func encode(_ text: [UInt8], to bytes: inout [UInt8]) {
        if text.count >= smallest, let compressed = TextCompressor.compress(text) {
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
}
