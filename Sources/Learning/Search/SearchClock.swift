/// The time that a training may take.
struct SearchClock: Sendable {
    let start: ContinuousClock.Instant
    let budget: Double
    /// Seconds that the model's profile, test vectors and bytes are going to take, which cannot be cut short.
    private(set) var packing: Double

    init(budget: Double, packing: Double = 0, start: ContinuousClock.Instant = .now) {
        self.start = start
        // Less than this cannot hold even a baseline and its checks.
        self.budget = max(0.5, budget)
        self.packing = packing
    }

    /// The clock that keeps more seconds for packing.
    func keeping(_ seconds: Double) -> SearchClock {
        var clock = self
        clock.packing += seconds
        return clock
    }

    /// The end aimed at, a little before the budget: what still has to be packed up takes time too.
    var deadline: ContinuousClock.Instant { start + .seconds(budget * 0.99 - packing) }

    var elapsed: Double { (ContinuousClock.now - start).seconds }
    var remaining: Double { max(0, budget * 0.99 - packing - elapsed) }
    func instant(leaving reserve: Double) -> ContinuousClock.Instant { deadline - .seconds(reserve) }
}
