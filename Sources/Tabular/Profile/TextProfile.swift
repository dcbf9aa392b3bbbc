import Shared

/// The values of a text column: counts of each distinct text while there are few, else a list of their hashes, else a sketch.
struct TextProfile: Sendable {
    private let exactBytes: Int
    private var interner = TextInterner()
    private var counts: [Int] = []
    /// One a row once there are too many distinct texts to keep. 64 bits: two of ten million texts share one with probability 3e-6.
    private var hashes: [UInt64] = []
    private var distinct: DistinctSketch?
    private var isWide = false
    private var frequent = FrequentTexts()
    private var count = 0
    private var least: String?
    private var greatest: String?
    private var shortest = Int.max
    private var longest = 0
    private var scalars = 0

    /// More distinct texts than this are no longer worth a copy of each.
    private static let internLimit = 1 << 16

    init(exactBytes: Int) { self.exactBytes = exactBytes }

    mutating func add(_ chunk: ColumnChunk) {
        switch chunk.values {
        case .dictionary(let codes, let entries):
            var weights = [Int](repeating: 0, count: entries.count)
            for (row, code) in codes.enumerated() where chunk.nulls?.isNull(row) != true { weights[Int(code)] += 1 }
            add(entries) { weights[$0] }
        case .texts(let texts): add(texts) { chunk.nulls?.isNull($0) == true ? 0 : 1 }
        default: break
        }
    }

    private mutating func add(_ texts: TextArray, weight: (Int) -> Int) {
        let isASCII = texts.bytes.reduce(0, |) < 0x80
        texts.bytes.withUnsafeBytes { bytes in
            for index in 0..<texts.count {
                let weight = weight(index)
                if weight == 0 { continue }
                let text = UnsafeRawBufferPointer(rebasing: bytes[texts.byteRange(index)])
                let length = isASCII ? text.count : text.scalarCount
                count += weight
                shortest = min(shortest, length)
                longest = max(longest, length)
                scalars += length * weight
                let hash = TextInterner.hash(text)
                if isWide {
                    frequent.add(hash, place: index, weight)
                    record(hash, weight)
                } else {
                    intern(text, hash, weight)
                }
            }
        }
        frequent.keep(texts)
        guard let (low, high) = texts.bounds(isUsed: { weight($0) > 0 }) else { return }
        if least.map({ texts[low].utf8.lexicographicallyPrecedes($0.utf8) }) ?? true { least = texts[low] }
        if greatest.map({ $0.utf8.lexicographicallyPrecedes(texts[high].utf8) }) ?? true { greatest = texts[high] }
    }

    private mutating func intern(_ text: UnsafeRawBufferPointer, _ hash: UInt64, _ weight: Int) {
        let code = interner.code(text, hash: hash)
        if code < counts.count { counts[code] += weight } else { counts.append(weight) }
        if counts.count > Self.internLimit || interner.texts.bytes.count > exactBytes { widen() }
    }

    @inline(__always)
    private mutating func record(_ hash: UInt64, _ weight: Int) {
        if distinct == nil {
            if (hashes.count + weight) * 8 <= exactBytes {
                for _ in 0..<weight { hashes.append(hash) }
                return
            }
            toSketch()
        }
        distinct?.add(hash)
    }

    private mutating func toSketch() {
        var sketch = DistinctSketch()
        for known in hashes { sketch.add(known) }
        hashes = []
        distinct = sketch
    }

    private mutating func widen() {
        isWide = true
        let texts = interner.texts
        for code in counts.indices {
            let hash = texts.withText(code) { TextInterner.hash($0) }
            frequent.add(hash, place: code, counts[code])
            record(hash, counts[code])
        }
        frequent.keep(texts)
        interner = TextInterner()
        counts = []
    }

    func finish(_ reply: inout ColumnProfileReply) {
        guard count > 0 else { return }
        reply.min = least
        reply.max = greatest
        reply.textLength = .init(min: shortest, max: longest, mean: Double(scalars) / Double(count))
        if !isWide {
            reply.distinct = counts.count
            let top = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(10)
            reply.top = top.map { .init(value: interner.texts[$0], count: counts[$0]) }
            reply.dateOrders = dateOrders()
            return
        }
        if let distinct {
            reply.exact = false
            reply.error = DistinctSketch.error
            reply.distinct = distinct.estimate(atMost: count)
            reply.top = frequent.top(10).map { .init(value: $0.text, count: $0.count) }
            return
        }
        finishWide(&reply)
    }

    /// Which orders the dates with the year last are in; nil when there is none.
    private func dateOrders() -> ColumnProfileReply.DateOrders? {
        var orders = ColumnProfileReply.DateOrders()
        for code in counts.indices {
            interner.texts.withText(code) { text in
                // d/m/yyyy or dd/mm/yyyy: anything else is not worth a look at each separator.
                guard (8...10).contains(text.count), text[0] &- 48 <= 9,
                    let separator = text.first(where: { $0 &- 48 > 9 }), [45, 46, 47, 32].contains(separator)
                else { return }
                let isDayFirst = DateFormat(order: .dayMonthYear, separator: separator).parse(text) != nil
                let isMonthFirst = DateFormat(order: .monthDayYear, separator: separator).parse(text) != nil
                switch (isDayFirst, isMonthFirst) {
                case (true, true): orders.either += counts[code]
                case (true, false): orders.dayFirst += counts[code]
                case (false, true): orders.monthFirst += counts[code]
                case (false, false): break
                }
            }
        }
        return orders == .init() ? nil : orders
    }

    private func finishWide(_ reply: inout ColumnProfileReply) {
        var sorted = hashes
        RadixSort.sort(&sorted)
        var top: [(hash: UInt64, count: Int)] = []
        var index = 0
        while index < sorted.count {
            var end = index + 1
            while end < sorted.count, sorted[end] == sorted[index] { end += 1 }
            reply.distinct += 1
            if top.count < 10 || end - index > top[9].count {
                let place = top.firstIndex { $0.count < end - index } ?? top.count
                top.insert((sorted[index], end - index), at: place)
                if top.count > 10 { top.removeLast() }
            }
            index = end
        }
        for (hash, count) in top {
            if let text = frequent.text(of: hash) {
                reply.top.append(.init(value: text, count: count))
            } else if count > 1 {
                // Its text was not kept: the list is not complete.
                reply.exact = false
                reply.error = 0
            }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Characters of UTF-8: bytes that continue none, eight at a time.
    ///
    /// The counts of the eight places are kept side by side and added up before they can overflow: counting bits takes a dozen instructions
    /// where the processor is not known to have one for it.
    fileprivate var scalarCount: Int {
        var continuing = 0
        var offset = 0
        while offset + 8 <= count {
            var sums: UInt64 = 0
            let end = Swift.min(count - 7, offset + 255 * 8)
            while offset < end {
                let word = load64(self, offset)
                // A continuation byte begins with the bits 10.
                sums &+= word &>> 7 & ~(word &>> 6) & 0x0101_0101_0101_0101
                offset &+= 8
            }
            let pairs = (sums & 0x00FF_00FF_00FF_00FF) &+ (sums &>> 8 & 0x00FF_00FF_00FF_00FF)
            continuing &+= Int(truncatingIfNeeded: (pairs &* 0x0001_0001_0001_0001) &>> 48)
        }
        while offset < count {
            if self[offset] & 0xC0 == 0x80 { continuing += 1 }
            offset += 1
        }
        return count - continuing
    }
}
