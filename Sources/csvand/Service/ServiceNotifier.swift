import CSystemd
import Foundation

/// Tells the service manager how the daemon is; does nothing when there is none.
struct ServiceNotifier: Sendable {
    func ready(status: String) { send("READY=1\nSTATUS=\(status)") }

    /// Between this and the next `ready`, a reload is under way.
    func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        send("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)")
    }

    func stopping(status: String) { send("STOPPING=1\nSTATUS=\(status)") }
    func status(_ text: String) { send("STATUS=\(text)") }
    func watchdog() { send("WATCHDOG=1") }

    /// How often the watchdog wants to hear of us; nil when it does not watch.
    var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    private func send(_ state: String) { _ = sd_notify(0, state) }
}
