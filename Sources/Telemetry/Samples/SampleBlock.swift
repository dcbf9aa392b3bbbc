/// Samples of a span of time as they are stored: the times once, and the values of each series as runs of equal ones.
package struct SampleBlock: Sendable, Equatable {
    /// `count` samples of equal value from position `start` of the block's times on.
    package struct Run: Sendable, Equatable {
        package var start: UInt32
        package var count: UInt32
        package var value: Double
    }

    package struct Series: Sendable, Equatable {
        package var labels: LabelSet
        package var runs: [Run]
    }

    /// Milliseconds since 1970, ascending.
    package var times: [Int64]
    package var series: [Series]

    package var isEmpty: Bool { times.isEmpty }

    /// One block of several, oldest first. Times at or before the newest one of the blocks before are left out.
    package static func merged(_ blocks: [SampleBlock]) -> SampleBlock {
        var store = SampleStore(retentionMilliseconds: .max / 4)
        for block in blocks { store.load(block) }
        return store.block(after: .min) ?? SampleBlock(times: [], series: [])
    }

    /// The same series with the last sample of every `interval` milliseconds, for old data.
    package func downsampled(everyMilliseconds interval: Int64) -> SampleBlock {
        guard interval > 0, !times.isEmpty else { return self }
        var kept: [Int] = []
        for (position, time) in times.enumerated() {
            if let last = kept.last, times[last] / interval == time / interval {
                kept[kept.count - 1] = position
            } else {
                kept.append(position)
            }
        }
        let thinned = series.compactMap { one -> Series? in
            var runs: [Run] = []
            var position = 0
            for (target, source) in kept.enumerated() {
                while position < one.runs.count, Int(one.runs[position].start + one.runs[position].count) <= source {
                    position += 1
                }
                guard position < one.runs.count, Int(one.runs[position].start) <= source else { continue }
                SampleBlock.append(one.runs[position].value, at: UInt32(target), to: &runs)
            }
            return runs.isEmpty ? nil : Series(labels: one.labels, runs: runs)
        }
        return SampleBlock(times: kept.map { times[$0] }, series: thinned)
    }

    /// Lengthens the last run if the value goes on in it.
    static func append(_ value: Double, at position: UInt32, to runs: inout [Run]) {
        if let last = runs.indices.last, runs[last].value.bitPattern == value.bitPattern,
            runs[last].start &+ runs[last].count == position
        {
            runs[last].count &+= 1
        } else {
            runs.append(Run(start: position, count: 1, value: value))
        }
    }
}

/// The value that ends a series: it is there and says that there is nothing.
///
/// Source: prometheus/model/value, `StaleNaN`.
package enum Staleness {
    package static let marker = Double(bitPattern: 0x7ff0_0000_0000_0002)

    @inline(__always)
    package static func isMarker(_ value: Double) -> Bool { value.bitPattern == 0x7ff0_0000_0000_0002 }
}
