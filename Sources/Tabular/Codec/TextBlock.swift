/// The bytes of texts: a byte for the kind, and
/// - 0: the bytes;
/// - 1: their compressed size and sequences in the manner of LZ4;
/// - 2: their compressed size and the sections of `WordBlock`.
///
/// A sequence is a token (high four bits: literals; low four: match length - 4; 15 means that bytes follow which add up to and
/// including the first below 255), the literals, and two bytes of distance. The last sequence ends after its literals.
/// Taken where an eighth is saved: prose takes a third, identifiers stay as they are.
///
/// Source: Y. Collet, "LZ4 Block Format Description".
enum TextBlock {
    /// Shorter blocks are not tried.
    private static let smallest = 256
    static let shortestMatch = 4
    /// Longer blocks are judged by their beginning, which both ways are tried on.
    private static let sample = 128 << 10

    static func encode(_ texts: TextArray, to bytes: inout [UInt8]) {
        let size = texts.bytes.count
        let start = bytes.count
        if size >= smallest {
            let hasWords = hasWords(texts)
            if hasWords, append(2, to: &bytes, { encodeWords(texts, size, to: &$0) }) { return }
            if append(1, to: &bytes, { TextCompressor.compress(texts.bytes, size: size, to: &$0) }) { return }
            bytes.removeLast(bytes.count - start)
        }
        bytes.append(0)
        bytes.append(contentsOf: texts.bytes)
    }

    /// Appends the kind, the size of what `encode` appends, and that; nothing where `encode` does not.
    private static func append(_ kind: UInt8, to bytes: inout [UInt8], _ encode: (inout [UInt8]) -> Bool) -> Bool {
        let start = bytes.count
        bytes.append(kind)
        // The longest number that a size below 2^35 needs: filled up, so that nothing has to be moved.
        bytes.append(contentsOf: repeatElement(0, count: sizeBytes))
        guard encode(&bytes) else {
            bytes.removeLast(bytes.count - start)
            return false
        }
        var rest = bytes.count - start - 1 - sizeBytes
        for index in 1...sizeBytes {
            bytes[start + index] = UInt8(rest & 0x7F) | (index < sizeBytes ? 0x80 : 0)
            rest >>= 7
        }
        return true
    }

    private static let sizeBytes = 5

    private static func encodeWords(_ texts: TextArray, _ size: Int, to bytes: inout [UInt8]) -> Bool {
        WordBlock.encode(texts, size: size, limit: size - size / 8, to: &bytes)
    }

    /// Whether words make the texts smaller than repetitions do. Of long texts the second half of a sample is asked, where the words of
    /// the first are known.
    private static func hasWords(_ texts: TextArray) -> Bool {
        let size = min(texts.bytes.count, sample)
        let halves = size < texts.bytes.count ? [size / 2, size] : [size]
        var words: [Int] = []
        var sequences: [Int] = []
        var tried: [UInt8] = []
        for size in halves {
            tried.removeAll(keepingCapacity: true)
            guard WordBlock.encode(texts, size: size, limit: size, to: &tried) else { return false }
            words.append(tried.count)
            tried.removeAll(keepingCapacity: true)
            sequences.append(TextCompressor.compress(texts.bytes, size: size, to: &tried) ? tried.count : size)
        }
        return words[halves.count - 1] - (halves.count > 1 ? words[0] : 0)
            < sequences[halves.count - 1] - (halves.count > 1 ? sequences[0] : 0)
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
        case 2:
            let words = try reader.take(try reader.count(limit: reader.rest.count, "size of words"))
            guard size <= words.count * WordTable.longestWord else { throw .malformed("words") }
            return try WordBlock.decode(words, size: size)
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
