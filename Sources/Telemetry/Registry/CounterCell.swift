import Synchronization

/// One series of a counter. Incrementing takes no lock.
///
/// What a reader sees stays at the value the series was born with (0, or what was restored) until that reader has recorded
/// it; only then do the increments since birth show. So `increase()` sees the first event of a new label value: its
/// first sample is always the one before it. The true total is never withheld from `total`, which is what is stored.
package final class CounterCell: Sendable {
    private let bits: Atomic<UInt64>
    private let birthBits: Atomic<UInt64>
    /// A bit for each `MetricReader` that has recorded the value at birth.
    private let recorded = Atomic<UInt64>(0)

    init(_ value: Double = 0) {
        bits = Atomic(value.bitPattern)
        birthBits = Atomic(value.bitPattern)
    }

    /// Adds to the counter. Amounts that are negative or no number are left out: a counter never goes back.
    ///
    /// Complexity: one compare-and-swap; a few nanoseconds when nobody else writes.
    package func increment(by amount: Double = 1) {
        guard amount > 0, amount < .infinity else { return }
        var current = bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: current) + amount).bitPattern
            let (done, seen) = bits.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if done { return }
            current = seen
        }
    }

    /// Takes over a count that is kept elsewhere, such as the kernel's. Lower values are ignored. Before the first sampling
    /// it is what the series is born with: what the kernel counted before the daemon started is no increase.
    package func raise(to value: Double) {
        let difference = value - total
        guard difference > 0 else { return }
        if !isRecorded(by: .sampling) { birthBits.store(value.bitPattern, ordering: .relaxed) }
        increment(by: difference)
    }

    /// The count with everything that has happened.
    package var total: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    private func isRecorded(by reader: MetricReader) -> Bool {
        recorded.load(ordering: .acquiring) & reader.bit != 0
    }

    /// The count that a reader may see.
    func visible(to reader: MetricReader) -> Double {
        isRecorded(by: reader) ? total : Double(bitPattern: birthBits.load(ordering: .relaxed))
    }

    /// The visible count, for a reader that comes again: from its next time on, increments show.
    func record(by reader: MetricReader) -> Double {
        let value = visible(to: reader)
        if !isRecorded(by: reader) { recorded.bitwiseOr(reader.bit, ordering: .acquiringAndReleasing) }
        return value
    }

    /// Adds what an earlier process counted, as if the series had been born with it.
    func restore(_ value: Double) {
        guard value > 0 else { return }
        increment(by: value)
        birthBits.store((Double(bitPattern: birthBits.load(ordering: .relaxed)) + value).bitPattern, ordering: .relaxed)
    }
}

/// One series of a gauge.
package final class GaugeCell: Sendable {
    private let bits: Atomic<UInt64>

    init(_ value: Double = 0) { bits = Atomic(value.bitPattern) }

    package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    package func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: current) + amount).bitPattern
            let (done, seen) = bits.weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if done { return }
            current = seen
        }
    }

    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
