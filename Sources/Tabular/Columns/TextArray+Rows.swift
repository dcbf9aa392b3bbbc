extension TextArray {
    /// Bytes of text `index`.
    package func byteRange(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

    /// Appends text `index` to `bytes`.
    @inline(__always)
    package func append(textAt index: Int, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: self.bytes[byteRange(index)])
    }

    /// Makes room for `rows` more texts of `bytes` bytes together.
    package mutating func reserve(rows: Int, bytes: Int) {
        offsets.reserveCapacity(offsets.count + rows)
        self.bytes.reserveCapacity(self.bytes.count + bytes)
    }

    /// Ends the text whose bytes were appended to `bytes`.
    @inline(__always)
    package mutating func closeText() { offsets.append(UInt32(truncatingIfNeeded: bytes.count)) }

    /// The texts of `range`.
    package func slice(_ range: Range<Int>) -> TextArray {
        var result = TextArray()
        let first = offsets[range.lowerBound]
        result.bytes = Array(bytes[Int(first)..<Int(offsets[range.upperBound])])
        result.offsets = offsets[range.lowerBound...range.upperBound].map { $0 - first }
        return result
    }

    /// The given texts in the given order.
    package func gather(_ indices: [Int]) -> TextArray {
        var result = TextArray()
        result.reserve(rows: indices.count, bytes: indices.reduce(0) { $0 + byteRange($1).count })
        for index in indices {
            append(textAt: index, to: &result.bytes)
            result.closeText()
        }
        return result
    }

    /// Appends all of `other`; the caller has checked that 4 GB hold both.
    mutating func append(contentsOf other: TextArray) {
        let base = UInt32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        offsets.append(contentsOf: other.offsets.dropFirst().lazy.map { $0 + base })
    }
}
