import Foundation

/// A counter that threads can wait on: each `raise` wakes all that wait for a higher count.
package final class Signal: @unchecked Sendable {
    // Safety: `value` is only touched while `condition` is locked.
    private let condition = NSCondition()
    private var value = 0

    package init() {}

    package var count: Int {
        condition.lock()
        defer { condition.unlock() }
        return value
    }

    package func raise() {
        condition.lock()
        value += 1
        condition.broadcast()
        condition.unlock()
    }

    /// Returns once the count is higher than `seen`.
    package func wait(after seen: Int) {
        condition.lock()
        while value == seen { condition.wait() }
        condition.unlock()
    }

    /// Returns once the count is higher than `seen` or the time has passed; whether it was raised.
    package func wait(after seen: Int, timeoutSeconds: Double) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let end = Date(timeIntervalSinceNow: timeoutSeconds)
        while value == seen {
            if !condition.wait(until: end) { return value != seen }
        }
        return true
    }
}
