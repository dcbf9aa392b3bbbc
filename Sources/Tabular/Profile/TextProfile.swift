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
        var low: Int?
        var high: Int?
        for index in 0..<texts.count {
            let weight = weight(index)
            if weight == 0 { continue }
            count += weight
            if low.map({ texts.precedes(index, $0) }) ?? true { low = index }
            if high.map({ texts.precedes($0, index) }) ?? true { high = index }
            let range = texts.byteRange(index)
            let length = isASCII ? range.count : texts.bytes[range].count { $0 & 0xC0 != 0x80 }
            shortest = min(shortest, length)
            longest = max(longest, length)
            scalars += length * weight
            texts.withText(index) { take($0, weight) }
        }
        if let low, least.map({ Array(texts[low].utf8).lexicographicallyPrecedes($0.utf8) }) ?? true {
            least = texts[low]
        }
        if let high, greatest.map({ $0.utf8.lexicographicallyPrecedes(texts[high].utf8) }) ?? true {
            greatest = texts[high]
        }
    }

    private mutating func take(_ text: UnsafeRawBufferPointer, _ weight: Int) {
        if !isWide {
            let code = interner.code(text)
            if code < counts.count { counts[code] += weight } else { counts.append(weight) }
            if counts.count > Self.internLimit || interner.texts.bytes.count > exactBytes { widen() }
            return
        }
        let hash = TextInterner.hash(text)
        frequent.add(hash, text, weight)
        record(hash, weight)
    }

    private mutating func record(_ hash: UInt64, _ weight: Int) {
        if var sketch = distinct {
            distinct = nil
            sketch.add(hash)
            distinct = sketch
        } else if (hashes.count + weight) * 8 <= exactBytes {
            for _ in 0..<weight { hashes.append(hash) }
        } else {
            var sketch = DistinctSketch()
            for known in hashes { sketch.add(known) }
            sketch.add(hash)
            distinct = sketch
            hashes = []
        }
    }

    private mutating func widen() {
        isWide = true
        for code in counts.indices {
            interner.texts.withText(code) { text in
                let hash = TextInterner.hash(text)
                frequent.add(hash, text, counts[code])
                record(hash, counts[code])
            }
        }
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
