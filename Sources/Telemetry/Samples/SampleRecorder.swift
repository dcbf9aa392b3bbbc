import Synchronization

/// Samples a registry into a store, with the labels that Prometheus would add when it scrapes the daemon.
///
/// Take the first sample before the first request is answered, so that every counter has its first value recorded.
package final class SampleRecorder: Sendable {
    private struct State {
        var store: SampleStore
        /// Series of the store by the registry's number.
        var slots: [UInt64: Int] = [:]
        var up: [Int] = []
    }

    private let registry: MetricRegistry
    private let targetLabels: [Label]
    private let state: Mutex<State>

    /// - Parameter instance: as in Prometheus's target, `host:port`.
    package init(
        _ registry: MetricRegistry, job: String = "web", instance: String, retentionMilliseconds: Int64 = 3_600_000
    ) {
        self.registry = registry
        targetLabels = [Label("instance", instance), Label("job", job)]
        state = Mutex(State(store: SampleStore(retentionMilliseconds: retentionMilliseconds)))
    }

    /// Records every series at a time (milliseconds since 1970), `up` and the scrape's own series included. Series that
    /// are gone since the last time get a staleness marker. The same time again records nothing; an earlier one means that
    /// the clock was set back, and the samples before it follow.
    ///
    /// - Returns: the number of samples.
    @discardableResult
    package func sample(at time: Int64) -> Int {
        let clock = ContinuousClock()
        let start = clock.now
        return state.withLock { state in
            if state.store.newestTime == time { return 0 }
            state.store.follow(clockSetBackTo: time)
            guard state.store.begin(at: time) else { return 0 }
            var slots: [UInt64: Int] = [:]
            slots.reserveCapacity(state.slots.count)
            registry.record { id, labels, value in
                let slot = state.slots.removeValue(forKey: id) ?? state.store.series(labels.setting(targetLabels))
                slots[id] = slot
                state.store.append(value, to: slot)
            }
            for slot in state.slots.values where !slots.values.contains(slot) {
                state.store.append(Staleness.marker, to: slot)
            }
            state.slots = slots
            let elapsed = (clock.now - start).components
            let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
            for (name, value) in zip(MetricCatalogue.scrapeNames, [1, seconds, Double(slots.count)]) {
                state.store.append(value, to: LabelSet(targetLabels + [Label(LabelSet.metricName, name)]), at: time)
            }
            return slots.count
        }
    }

    /// Reads or extends the samples while no sampling runs. Do not wait for anything inside.
    package func withStore<R, E: Error>(_ body: (inout SampleStore) throws(E) -> sending R) throws(E) -> sending R {
        try state.withLock { state throws(E) in try body(&state.store) }
    }
}
