import Synchronization

/// A sample: milliseconds since 1970 and a value.
package struct SamplePoint: Sendable, Hashable {
    package var time: Int64
    package var value: Double

    package init(time: Int64, value: Double) {
        self.time = time
        self.value = value
    }
}

/// Samples in memory over a window of time, a value type.
///
/// All series are sampled at the same instants, so the times are kept once (`times`), and a series keeps only runs of equal
/// values over positions in them: 16 bytes a change, whatever the number of samples. A counter that stands still for an
/// hour takes 16 bytes.
package struct SampleStore: Sendable {
    typealias Run = SampleBlock.Run

    struct Series: Sendable {
        var labels: LabelSet
        /// Runs over tick numbers, ascending. Those before `firstRun` are forgotten.
        var runs: [Run] = []
        var firstRun = 0

        mutating func append(_ value: Double, at tick: UInt32) { SampleBlock.append(value, at: tick, to: &runs) }

        /// Position of the first run that begins after a tick.
        func position(ofRunAfter tick: UInt32) -> Int {
            var (low, high) = (firstRun, runs.count)
            while low < high {
                let middle = (low + high) / 2
                if runs[middle].start <= tick { low = middle + 1 } else { high = middle }
            }
            return low
        }

        /// Position of the first run that ends at a tick or later.
        func position(ofRunEndingAtOrAfter tick: UInt32) -> Int {
            let next = position(ofRunAfter: tick)
            return next > firstRun && runs[next - 1].start &+ runs[next - 1].count > tick ? next - 1 : next
        }
    }

    /// How long samples are kept, in milliseconds.
    package let retentionMilliseconds: Int64
    /// Changes whenever a series comes or goes, and is never the same for two stores with different series: results of
    /// `series(named:where:)` hold as long as it stays the same.
    package private(set) var generation = 0
    private static let lastGeneration = Atomic<Int>(0)

    /// The tick of the oldest time kept.
    private var firstTick: UInt32 = 0
    private(set) var times: [Int64] = []
    private(set) var all: [Series?] = []
    private var free: [Int] = []
    private var byLabels: [LabelSet: Int] = [:]
    private var byName: [String: [Int]] = [:]
    private var drainedTick: UInt32 = 0
    private var ticksSinceSweep = 0

    package init(retentionMilliseconds: Int64 = 3_600_000) {
        self.retentionMilliseconds = retentionMilliseconds
    }

    package var seriesCount: Int { byLabels.count }
    package var newestTime: Int64? { times.last }
    package var oldestTime: Int64? { times.first }

    // MARK: Series

    /// The series with these labels, made if there is none. The number stays valid as long as the series has samples.
    package mutating func series(_ labels: LabelSet) -> Int {
        if let known = byLabels[labels] { return known }
        generation = Self.lastGeneration.wrappingAdd(1, ordering: .relaxed).newValue
        let slot = free.popLast() ?? all.count
        if slot == all.count { all.append(Series(labels: labels)) } else { all[slot] = Series(labels: labels) }
        byLabels[labels] = slot
        byName[labels.metricName, default: []].append(slot)
        return slot
    }

    /// Series of a metric (of any, without a name) whose labels satisfy `isWanted`, in the order in which they came.
    package func series(named name: String?, where isWanted: (LabelSet) -> Bool) -> [Int] {
        let candidates = name.map { byName[$0] ?? [] } ?? byLabels.values.sorted()
        return candidates.filter { slot in all[slot].map { isWanted($0.labels) } ?? false }
    }

    package var metricNames: [String] { byName.keys.sorted() }

    package func labels(of series: Int) -> LabelSet { all[series]?.labels ?? .empty }

    // MARK: Appending

    /// Starts a sampling: values appended from now on are of this time. False if it is not after the last one; then
    /// nothing may be appended.
    package mutating func begin(at time: Int64) -> Bool {
        if let last = times.last, time <= last { return time == last }
        times.append(time)
        ticksSinceSweep += 1
        if ticksSinceSweep >= 60 { sweep() }
        return true
    }

    /// Moves all times so that the newest is just before `time`, for a clock that was set back: distances between samples
    /// stay, and so do rates.
    mutating func follow(clockSetBackTo time: Int64) {
        guard let newest = times.last, time <= newest else { return }
        let shift = newest - time + 1
        for position in times.indices { times[position] -= shift }
    }

    /// Appends to a series at the time of the last `begin`. A second value for the same time is left out.
    package mutating func append(_ value: Double, to series: Int) {
        guard !times.isEmpty, series < all.count, all[series] != nil else { return }
        let tick = firstTick &+ UInt32(times.count - 1)
        if let last = all[series]?.runs.last, last.start &+ last.count > tick { return }
        all[series]?.append(value, at: tick)
    }

    /// Appends one sample by labels, for series that are not sampled by a registry.
    package mutating func append(_ value: Double, to labels: LabelSet, at time: Int64) {
        if begin(at: time) { append(value, to: series(labels)) }
    }

    /// Forgets what is older than the retention, and series that have nothing left.
    private mutating func sweep() {
        ticksSinceSweep = 0
        guard let newest = times.last else { return }
        let kept = position(atOrAfter: newest - retentionMilliseconds)
        times.removeFirst(kept)
        firstTick &+= UInt32(kept)
        for slot in all.indices {
            guard let series = all[slot] else { continue }
            let gone = series.runs[series.firstRun...].prefix { $0.start &+ $0.count <= firstTick }.count
            if gone == 0 { continue }
            all[slot]?.firstRun += gone
            if series.firstRun + gone == series.runs.count {
                remove(slot, series.labels)
            } else if series.firstRun + gone > series.runs.count / 2 {
                all[slot]?.runs.removeFirst(series.firstRun + gone)
                all[slot]?.firstRun = 0
            }
        }
    }

    private mutating func remove(_ slot: Int, _ labels: LabelSet) {
        generation = Self.lastGeneration.wrappingAdd(1, ordering: .relaxed).newValue
        all[slot] = nil
        free.append(slot)
        byLabels[labels] = nil
        byName[labels.metricName]?.removeAll { $0 == slot }
        if byName[labels.metricName]?.isEmpty == true { byName[labels.metricName] = nil }
    }

    // MARK: Selecting

    /// Position in `times` of the first one at or after `time`.
    private func position(atOrAfter time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Calls `body` with the runs of a series within ticks, cut to them, newest first, until it returns false.
    private func runsBackwards(
        of series: Int, from first: UInt32, to last: UInt32, _ body: (UInt32, UInt32, Double) -> Bool
    ) {
        guard let one = series < all.count ? all[series] : nil else { return }
        var position = one.position(ofRunAfter: last) - 1
        while position >= one.firstRun {
            let run = one.runs[position]
            position -= 1
            let end = min(run.start &+ run.count &- 1, last)
            if end < first || !body(max(run.start, first), end, run.value) { return }
        }
    }

    /// The newest sample of a series at or before a time and not older than `lookback` before it; nil if the series has
    /// none or has ended.
    package func instant(_ series: Int, at time: Int64, lookbackMilliseconds lookback: Int64) -> SamplePoint? {
        let after = position(atOrAfter: time &+ 1)
        let from = position(atOrAfter: time &- lookback)
        guard from < after else { return nil }
        var found: SamplePoint?
        runsBackwards(of: series, from: firstTick &+ UInt32(from), to: firstTick &+ UInt32(after - 1)) {
            _, end, value in
            if !Staleness.isMarker(value) {
                found = SamplePoint(time: times[Int(end &- firstTick)], value: value)
            }
            return false
        }
        return found
    }

    /// Whether a series has a sample with `from <= time <= to`.
    package func hasSamples(_ series: Int, from: Int64, to: Int64) -> Bool {
        let first = position(atOrAfter: from)
        let after = position(atOrAfter: to &+ 1)
        guard first < after else { return false }
        var isFound = false
        runsBackwards(of: series, from: firstTick &+ UInt32(first), to: firstTick &+ UInt32(after - 1)) { _, _, value in
            isFound = !Staleness.isMarker(value)
            return !isFound
        }
        return isFound
    }

    /// Appends the samples of a series with `from <= time <= to`, oldest first, markers left out.
    package func range(_ series: Int, from: Int64, to: Int64, into points: inout [SamplePoint]) {
        let first = position(atOrAfter: from)
        let after = position(atOrAfter: to &+ 1)
        guard first < after, series < all.count, let one = all[series] else { return }
        let (begin, end) = (firstTick &+ UInt32(first), firstTick &+ UInt32(after - 1))
        var position = one.position(ofRunEndingAtOrAfter: begin)
        points.reserveCapacity(points.count + after - first)
        while position < one.runs.count {
            let run = one.runs[position]
            if run.start > end { return }
            position += 1
            if Staleness.isMarker(run.value) { continue }
            let (start, last) = (max(run.start, begin), min(run.start &+ run.count &- 1, end))
            for tick in Int(start &- firstTick)...Int(last &- firstTick) {
                points.append(SamplePoint(time: times[tick], value: run.value))
            }
        }
    }

    // MARK: Storing

    /// What was sampled since the last call, to be stored; nil if nothing was.
    package mutating func drainNew() -> SampleBlock? {
        let first = max(drainedTick, firstTick)
        drainedTick = firstTick &+ UInt32(times.count)
        return block(fromTick: first)
    }

    /// All samples after a time; nil if there are none.
    package func block(after time: Int64) -> SampleBlock? {
        block(fromTick: firstTick &+ UInt32(position(atOrAfter: time == .max ? time : time + 1)))
    }

    private func block(fromTick first: UInt32) -> SampleBlock? {
        let end = firstTick &+ UInt32(times.count)
        guard first < end else { return nil }
        var block = SampleBlock(times: Array(times[Int(first - firstTick)...]), series: [])
        for case let series? in all {
            var runs: [Run] = []
            for run in series.runs[series.firstRun...].reversed() {
                guard run.start &+ run.count > first else { break }
                let start = max(run.start, first)
                runs.append(Run(start: start - first, count: run.start &+ run.count &- start, value: run.value))
            }
            if !runs.isEmpty { block.series.append(.init(labels: series.labels, runs: runs.reversed())) }
        }
        return block
    }

    /// Takes stored samples back, oldest block first and before the first sampling; they are not drained again. Times at
    /// or before the newest one known are left out.
    package mutating func load(_ block: SampleBlock) {
        let known = times.last
        let skipped = known.map { newest in block.times.prefix { $0 <= newest }.count } ?? 0
        let base = firstTick &+ UInt32(times.count)
        times += block.times[skipped...]
        for stored in block.series {
            var slot: Int?
            for run in stored.runs where Int(run.start) + Int(run.count) > skipped {
                let start = max(run.start, UInt32(skipped))
                let target = slot ?? series(stored.labels)
                slot = target
                all[target]?.runs.append(
                    Run(
                        start: base &+ start &- UInt32(skipped), count: run.start &+ run.count &- start,
                        value: run.value))
            }
        }
        drainedTick = firstTick &+ UInt32(times.count)
        sweep()
    }
}
