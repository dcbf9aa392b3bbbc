/// A sequence of 64-bit integers as bytes, in the encoding that is smallest for it.
enum IntegerStream {
    static let blockSize = 1024

    /// Appends `values`; `nested` streams are parts of a stream and are not divided further.
    static func encode(_ values: UnsafeBufferPointer<Int64>, nested: Bool = false, to bytes: inout [UInt8])
        -> StreamEncoding
    {
        guard let first = values.first else {
            bytes.append(StreamEncoding.constant.rawValue)
            bytes.append(signed: 0)
            return .constant
        }
        let shape = Shape(values)
        if shape.least == shape.greatest {
            bytes.append(StreamEncoding.constant.rawValue)
            bytes.append(signed: first)
            return .constant
        }
        var best: [UInt8] = []
        var encoding = StreamEncoding.blocks
        // A common divisor above 1 (whole seconds in microseconds) never makes blocks larger.
        if shape.divisor > 1 {
            best.append(StreamEncoding.scaledBlocks.rawValue)
            best.append(signed: shape.least)
            best.append(unsigned: shape.divisor)
            let divisor = ExactDivisor(shape.divisor)
            let scaled = values.map { Int64(bitPattern: divisor.quotient(UInt64(bitPattern: $0 &- shape.least))) }
            scaled.withUnsafeBufferPointer { encodeBlocks($0, to: &best) }
            encoding = .scaledBlocks
        } else {
            best.append(StreamEncoding.blocks.rawValue)
            encodeBlocks(values, to: &best)
        }
        if !nested, shape.runs * 3 < values.count {
            let runs = encodeRuns(values, count: shape.runs)
            if runs.count < best.count { (best, encoding) = (runs, .runs) }
        }
        if !nested, values.count >= 256, let places = encodeDictionary(values, shape, below: best.count) {
            (best, encoding) = (places, .dictionary)
        }
        bytes.append(contentsOf: best)
        return encoding
    }

    static func encode(_ values: [Int64], nested: Bool = false, to bytes: inout [UInt8]) -> StreamEncoding {
        values.withUnsafeBufferPointer { encode($0, nested: nested, to: &bytes) }
    }

    /// What the choice of an encoding depends on.
    struct Shape {
        var least = Int64.max
        var greatest = Int64.min
        /// Runs of equal neighbours.
        var runs = 1
        /// Greatest common divisor of all differences to the first value; 1 when the range has more than 63 bits.
        var divisor: UInt64 = 0

        init(_ values: UnsafeBufferPointer<Int64>) {
            var previous = values[0]
            for value in values {
                least = min(least, value)
                greatest = max(greatest, value)
                // No branch: whether neighbours differ is often a matter of chance.
                runs &+= value != previous ? 1 : 0
                previous = value
            }
            let range = UInt64(bitPattern: greatest &- least)
            guard range <= UInt64(Int64.max) else {
                divisor = 1
                return
            }
            guard range > 0 else { return }
            divisor = range
            var known = ExactDivisor(range)
            for value in values {
                let difference = UInt64(bitPattern: value &- least)
                if known.divides(difference) { continue }
                divisor = greatestCommonDivisor(divisor, difference)
                if divisor == 1 { return }
                known = ExactDivisor(divisor)
            }
        }
    }

    private static func encodeBlocks(_ values: UnsafeBufferPointer<Int64>, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: blockSize) { deltas in
            var start = 0
            while start < values.count {
                let block = UnsafeBufferPointer(rebasing: values[start..<min(start + blockSize, values.count)])
                encodeBlock(block, deltas: deltas, to: &bytes)
                start += block.count
            }
        }
    }

    private static func encodeBlock(
        _ block: UnsafeBufferPointer<Int64>, deltas: UnsafeMutableBufferPointer<Int64>, to bytes: inout [UInt8]
    ) {
        var least = block[0]
        var greatest = block[0]
        var leastDelta = Int64.max
        var greatestDelta = Int64.min
        var previous = block[0]
        for index in 1..<max(1, block.count) {
            let value = block[index]
            let delta = value &- previous
            deltas[index - 1] = delta
            least = min(least, value)
            greatest = max(greatest, value)
            leastDelta = min(leastDelta, delta)
            greatestDelta = max(greatestDelta, delta)
            previous = value
        }
        let width = BitPacking.width(UInt64(bitPattern: greatest &- least))
        let deltaWidth = block.count > 1 ? BitPacking.width(UInt64(bitPattern: greatestDelta &- leastDelta)) : 64
        if deltaWidth < width {
            bytes.append(UInt8(deltaWidth) | 0x80)
            bytes.append(signed: block[0])
            bytes.append(signed: leastDelta)
            let part = UnsafeBufferPointer(rebasing: deltas[0..<(block.count - 1)])
            BitPacking.pack(part, base: leastDelta, width: deltaWidth, to: &bytes)
        } else {
            bytes.append(UInt8(width))
            bytes.append(signed: least)
            BitPacking.pack(block, base: least, width: width, to: &bytes)
        }
    }

    private static func encodeRuns(_ values: UnsafeBufferPointer<Int64>, count: Int) -> [UInt8] {
        var heads: [Int64] = []
        var lengths: [Int64] = []
        heads.reserveCapacity(count)
        lengths.reserveCapacity(count)
        for value in values {
            if heads.last == value {
                lengths[lengths.count - 1] += 1
            } else {
                heads.append(value)
                lengths.append(1)
            }
        }
        var bytes = [StreamEncoding.runs.rawValue]
        bytes.append(unsigned: UInt64(heads.count))
        _ = encode(heads, nested: true, to: &bytes)
        _ = encode(lengths, nested: true, to: &bytes)
        return bytes
    }

    /// Distinct values among about a thousand; a lower bound for all, so that hopeless columns cost little.
    private static func distinctInSample(_ values: UnsafeBufferPointer<Int64>) -> Int {
        let sample = stride(from: 0, to: values.count, by: max(1, values.count / 1024)).map { values[$0] }.sorted()
        var distinct = 1
        for index in 1..<max(1, sample.count) where sample[index] != sample[index - 1] { distinct += 1 }
        // Nearly all different: the column has many times more distinct values than the sample shows.
        return distinct * 10 > sample.count * 7 ? .max : distinct
    }

    /// Places among the distinct values, when the range is small enough for a bit per possible value; nil when that does not pay.
    private static func encodeDictionary(_ values: UnsafeBufferPointer<Int64>, _ shape: Shape, below size: Int)
        -> [UInt8]?
    {
        let range = UInt64(bitPattern: shape.greatest &- shape.least)
        guard range < 1 << 20, BitPacking.width(UInt64(distinctInSample(values))) < BitPacking.width(range) else {
            return nil
        }
        var present = [UInt64](repeating: 0, count: Int(range >> 6) + 1)
        for value in values {
            let place = UInt64(bitPattern: value &- shape.least)
            present[Int(place >> 6)] |= 1 << (place & 63)
        }
        var before = [UInt32](repeating: 0, count: present.count)
        var distinct = 0
        for index in present.indices {
            before[index] = UInt32(distinct)
            distinct += present[index].nonzeroBitCount
        }
        guard BitPacking.byteCount(values.count, width: BitPacking.width(UInt64(distinct - 1))) + distinct / 2 < size
        else {
            return nil
        }
        var entries: [Int64] = []
        for index in present.indices {
            var word = present[index]
            while word != 0 {
                entries.append(shape.least &+ Int64(index * 64 + word.trailingZeroBitCount))
                word &= word &- 1
            }
        }
        let places = values.map { value in
            let place = UInt64(bitPattern: value &- shape.least)
            let word = Int(place >> 6)
            return Int64(before[word]) + Int64((present[word] & (1 << (place & 63) &- 1)).nonzeroBitCount)
        }
        var bytes = [StreamEncoding.dictionary.rawValue]
        bytes.append(unsigned: UInt64(distinct))
        _ = encode(entries, nested: true, to: &bytes)
        _ = encode(places, nested: true, to: &bytes)
        return bytes.count < size ? bytes : nil
    }
}

private func greatestCommonDivisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var (first, second) = (first, second)
    while second != 0 { (first, second) = (second, first % second) }
    return first
}
