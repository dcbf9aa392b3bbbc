/// The time that a training may take.
struct SearchClock: Sendable {
    let start: ContinuousClock.Instant
    let budget: Double

    init(budget: Double, start: ContinuousClock.Instant = .now) {
        self.start = start
        // Less than this cannot hold even a baseline and its checks.
        self.budget = max(0.5, budget)
    }

    /// The end aimed at, a little before the budget: what still has to be packed up takes time too.
    var deadline: ContinuousClock.Instant { start + .seconds(budget * 0.99) }

    var elapsed: Double { (ContinuousClock.now - start).seconds }
    var remaining: Double { max(0, budget * 0.99 - elapsed) }
    func instant(leaving reserve: Double) -> ContinuousClock.Instant { deadline - .seconds(reserve) }
}
