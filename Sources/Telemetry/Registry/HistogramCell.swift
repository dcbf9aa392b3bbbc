import Synchronization

/// One series of a histogram: a count a bucket, and the sum. Shows its observations by the same rule as `CounterCell`.
package final class HistogramCell: Sendable {
    /// Counts by bucket, not cumulative, the infinite bucket last.
    struct Counts: Sendable, Equatable {
        var buckets: [UInt64]
        var sum: Double

        /// The values as exposed: cumulative buckets, then sum, then count.
        func exposed(into values: inout [Double]) {
            var cumulative: UInt64 = 0
            for bucket in buckets {
                cumulative &+= bucket
                values.append(Double(cumulative))
            }
            values.append(sum)
            values.append(Double(cumulative))
        }
    }

    private struct State {
        var total: Counts
        var birth: Counts
        /// A bit for each `MetricReader` that has recorded the counts at birth.
        var recorded: UInt64 = 0
    }

    let bounds: [Double]
    private let state: Mutex<State>
    private let mark: ChangeMark

    init(bounds: [Double], mark: ChangeMark = ChangeMark()) {
        self.bounds = bounds
        self.mark = mark
        let none = Counts(buckets: Array(repeating: 0, count: bounds.count + 1), sum: 0)
        state = Mutex(State(total: none, birth: none))
    }

    /// Counts an observation. What is no number is left out, since it would make the sum useless for good.
    package func observe(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.total.buckets[bucket] &+= 1
            $0.total.sum += value
            mark.set()
        }
    }

    var total: Counts { state.withLock { $0.total } }

    func visible(to reader: MetricReader) -> Counts {
        state.withLock { $0.recorded & reader.bit != 0 ? $0.total : $0.birth }
    }

    func record(by reader: MetricReader) -> Counts {
        state.withLock { state in
            if state.recorded & reader.bit != 0 { return state.total }
            state.recorded |= reader.bit
            mark.set()
            return state.birth
        }
    }

    /// Adds what an earlier process counted: cumulative counts by upper bound, as exposed. Bounds that have changed since
    /// are counted in the next one that still exists.
    func restore(cumulative: [(bound: Double, count: Double)], sum: Double) {
        var before: UInt64 = 0
        state.withLock {
            for (bound, count) in cumulative.sorted(by: { $0.bound < $1.bound }) {
                let upTo = UInt64(exactly: count.rounded()) ?? before
                guard upTo > before else { continue }
                let bucket = bounds.firstIndex { bound <= $0 } ?? bounds.count
                $0.total.buckets[bucket] &+= upTo - before
                $0.birth.buckets[bucket] &+= upTo - before
                before = upTo
            }
            if sum.isFinite {
                $0.total.sum += sum
                $0.birth.sum += sum
            }
            mark.set()
        }
    }
}
