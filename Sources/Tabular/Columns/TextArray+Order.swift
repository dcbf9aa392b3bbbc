extension TextArray {
    /// Whether text `first` comes before text `second` in the order of their bytes.
    @inline(__always)
    func precedes(_ first: Int, _ second: Int) -> Bool {
        bytes.withUnsafeBytes { Self.precedes($0, byteRange(first), byteRange(second)) }
    }

    private static func precedes(_ bytes: UnsafeRawBufferPointer, _ one: Range<Int>, _ two: Range<Int>) -> Bool {
        let shorter = min(one.count, two.count)
        var offset = 0
        while offset + 8 <= shorter {
            // As big-endian numbers, words compare like their bytes.
            let left = load64(bytes, one.lowerBound + offset).byteSwapped
            let right = load64(bytes, two.lowerBound + offset).byteSwapped
            if left != right { return left < right }
            offset += 8
        }
        while offset < shorter {
            let left = bytes[one.lowerBound + offset]
            let right = bytes[two.lowerBound + offset]
            if left != right { return left < right }
            offset += 1
        }
        return one.count < two.count
    }

    /// The first and the last of some texts in the order of their bytes; nil when `isUsed` takes none.
    ///
    /// Most texts are told from both by their first eight bytes.
    func bounds(isUsed: (Int) -> Bool) -> (least: Int, greatest: Int)? {
        var least = -1
        var greatest = -1
        var leastPrefix: UInt64 = 0
        var greatestPrefix: UInt64 = 0
        bytes.withUnsafeBytes { bytes in
            for index in 0..<count where isUsed(index) {
                let range = byteRange(index)
                let prefix = Self.prefix(bytes, range)
                if least < 0 {
                    (least, greatest, leastPrefix, greatestPrefix) = (index, index, prefix, prefix)
                } else if prefix <= leastPrefix, prefix < leastPrefix || Self.precedes(bytes, range, byteRange(least)) {
                    (least, leastPrefix) = (index, prefix)
                } else if prefix >= greatestPrefix,
                    prefix > greatestPrefix || Self.precedes(bytes, byteRange(greatest), range)
                {
                    (greatest, greatestPrefix) = (index, prefix)
                }
            }
        }
        return least < 0 ? nil : (least, greatest)
    }

    /// Eight bytes as a number that compares like them; a shorter text is filled up with zeros.
    @inline(__always)
    private static func prefix(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
        if range.count >= 8 { return load64(bytes, range.lowerBound).byteSwapped }
        var prefix: UInt64 = 0
        for index in range { prefix = prefix << 8 | UInt64(bytes[index]) }
        return prefix << UInt64(8 * (8 - range.count))
    }
}
