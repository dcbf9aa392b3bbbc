/// A token bucket: so many calls a minute, a minute's worth at once.
struct RateLimit: Sendable {
    private var tokens: Double
    private var last: ContinuousClock.Instant
    var perMinute: Int

    init(perMinute: Int, at now: ContinuousClock.Instant = .now) {
        self.perMinute = perMinute
        tokens = Double(perMinute)
        last = now
    }

    /// Whether one more call is within the limit now.
    mutating func admit(at now: ContinuousClock.Instant = .now) -> Bool {
        let limit = Double(perMinute)
        tokens = min(limit, tokens + (now - last) / .seconds(60) * limit)
        last = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
