/// Who reads counters again and again, and must see the value that a series was born with before its first event.
package struct MetricReader: Sendable, Hashable {
    let bit: UInt64

    /// The daemon's own samples.
    static let sampling = MetricReader(bit: 1)
}

/// The scrapers that came lately.
///
/// A series that is born between two scrapes would come to Prometheus with its first event counted, and `increase()` of it
/// would be 0. So each scraper gets it once at the value of its birth, and the events from the next scrape on. A scraper that is
/// new, or was away for long, gets what is true at once: what happened long ago must not look like an increase of now.
struct Scrapers: Sendable {
    /// The look-back of Prometheus, after which it has no sample any more.
    private static let absence = Duration.seconds(300)
    /// One bit is of the daemon's own samples.
    private static let most = 63

    private let startedAt: ContinuousClock.Instant
    private var known: [String: (reader: MetricReader, last: ContinuousClock.Instant)] = [:]

    init(startedAt: ContinuousClock.Instant) { self.startedAt = startedAt }

    /// The reader that a scraper is, and whether it sees what was born since its last time at the value of the birth. Soon
    /// after the start everybody does: all that has been counted since is new.
    mutating func reader(for name: String, at now: ContinuousClock.Instant) -> (MetricReader, seesBirths: Bool) {
        if let found = known[name] {
            known[name] = (found.reader, now)
            return (found.reader, now - found.last < Self.absence)
        }
        var reader = MetricReader(bit: 1 << UInt64(known.count + 1))
        var isFirstOfBit = true
        if known.count >= Self.most, let oldest = known.min(by: { $0.value.last < $1.value.last }) {
            known[oldest.key] = nil
            reader = oldest.value.reader
            isFirstOfBit = false
        }
        known[name] = (reader, now)
        return (reader, isFirstOfBit && now - startedAt < Self.absence)
    }
}
