import Foundation

/// How often each bin was met by the rows that a model predicted lately. Older rows count less.
package struct DriftCounts: Sendable, Codable, Equatable {
    /// Weight of the rows counted: their number, less what the older ones have lost.
    package private(set) var rows: Double
    /// Rows counted since the beginning.
    package private(set) var seen: Int
    var counts: [Double]
    /// When the rows last lost weight with time.
    private var agedAt: Date

    /// Once this many rows have gathered, all of them lose half of their weight.
    package static let windowRows = 10_000
    /// Rows lose half of their weight in this time.
    package static let halfLifeSeconds = 7.0 * 86_400
    private static let agingStepSeconds = 3_600.0

    init(bins: Int, at now: Date) {
        rows = 0
        seen = 0
        counts = [Double](repeating: 0, count: bins)
        agedAt = now
    }

    /// Tells that rows were added to the counts.
    mutating func add(rows count: Int) {
        rows += Double(count)
        seen &+= count
        while rows > Double(Self.windowRows) { scale(by: 0.5) }
    }

    /// Takes from the rows what they lose with time.
    package mutating func age(to now: Date) {
        let passed = now.timeIntervalSince(agedAt)
        // A clock that was set back begins anew.
        if passed < 0 { agedAt = now }
        guard passed >= Self.agingStepSeconds else { return }
        scale(by: exp2(-passed / Self.halfLifeSeconds))
        agedAt = now
    }

    private mutating func scale(by factor: Double) {
        rows *= factor
        for index in counts.indices { counts[index] *= factor }
    }
}
