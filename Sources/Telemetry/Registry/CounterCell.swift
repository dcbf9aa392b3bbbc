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
    private let mark: ChangeMark

    init(mark: ChangeMark = ChangeMark()) {
        bits = Atomic(0)
        birthBits = Atomic(0)
        self.mark = mark
    }

    /// Adds to the counter. Amounts that are negative or no number are left out: a counter never goes back.
    ///
    /// Complexity: one compare-and-swap; a few nanoseconds when nobody else writes.
    package func increment(by amount: Double = 1) {
        guard amount > 0, amount < .infinity else { return }
        bits.add(amount)
        mark.set()
    }

    /// Takes over a count that is kept elsewhere, such as the kernel's. Lower values are ignored. Before the first sampling
    /// it is what the series is born with: what the kernel counted before the daemon started is no increase.
    package func raise(to value: Double) {
        let difference = value - total
        guard difference > 0 else { return }
        if !isRecorded(by: .sampling) { birthBits.store(value.bitPattern, ordering: .sequentiallyConsistent) }
        increment(by: difference)
    }

    /// The count with everything that has happened.
    package var total: Double { Double(bitPattern: bits.load(ordering: .sequentiallyConsistent)) }

    private func isRecorded(by reader: MetricReader) -> Bool {
        recorded.load(ordering: .acquiring) & reader.bit != 0
    }

    /// The count that a reader may see.
    func visible(to reader: MetricReader) -> Double {
        isRecorded(by: reader) ? total : Double(bitPattern: birthBits.load(ordering: .sequentiallyConsistent))
    }

    /// The visible count, for a reader that comes again: from its next time on, increments show.
    func record(by reader: MetricReader) -> Double {
        let value = visible(to: reader)
        if !isRecorded(by: reader) {
            recorded.bitwiseOr(reader.bit, ordering: .sequentiallyConsistent)
            mark.set()
        }
        return value
    }

    /// Adds what an earlier process counted, as if the series had been born with it.
    func restore(_ value: Double) {
        guard value > 0 else { return }
        birthBits.add(value)
        increment(by: value)
    }
}

/// One series of a gauge.
package final class GaugeCell: Sendable {
    private let bits = Atomic<UInt64>(0)
    private let mark: ChangeMark

    init(mark: ChangeMark = ChangeMark()) { self.mark = mark }

    package func set(_ value: Double) {
        // Most gauges are set each second to what they were.
        if bits.load(ordering: .relaxed) == value.bitPattern { return }
        bits.store(value.bitPattern, ordering: .sequentiallyConsistent)
        mark.set()
    }

    package func add(_ amount: Double) {
        bits.add(amount)
        mark.set()
    }

    package var value: Double { Double(bitPattern: bits.load(ordering: .sequentiallyConsistent)) }
}

extension Atomic where Value == UInt64 {
    /// Adds to the Double that these bits are.
    fileprivate func add(_ amount: Double) {
        var current = load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: current) + amount).bitPattern
            let (done, seen) = weakCompareExchange(
                expected: current, desired: next, ordering: .sequentiallyConsistent)
            if done { return }
            current = seen
        }
    }
}
