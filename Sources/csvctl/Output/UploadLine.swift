import Foundation
import Synchronization
import Transfer

/// The progress of an upload or a download on a terminal: bar, bytes, speed and time left.
final class UploadLine: Sendable {
    private let total: Int?
    private let start = ContinuousClock.now
    private let state = Mutex<(line: LiveLine, shownAt: ContinuousClock.Instant?)>((LiveLine(), nil))

    init(total: Int?) { self.total = total }

    /// Takes what libcurl reports; redraws at most ten times a second.
    func show(_ progress: TransferRequest.Progress) { show(bytes: Int(progress.sentBytes)) }

    /// Takes the bytes so far; redraws as often.
    func show(bytes: Int) {
        let now = ContinuousClock.now
        let elapsed = start.duration(to: now)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        state.withLock { state in
            if let shownAt = state.shownAt, shownAt.duration(to: now) < .milliseconds(100) { return }
            state.shownAt = now
            state.line.show(Self.text(sent: bytes, total: total, seconds: seconds))
        }
    }

    func finish() { state.withLock { $0.line.clear() } }

    /// `████▌     ▕  45 %  12.3 MB of 27.4 MB  98.2 MB/s  1 s left`
    static func text(sent: Int, total: Int?, seconds: Double) -> String {
        let speed = seconds > 0 ? Double(sent) / seconds : 0
        let rate = speed > 0 && speed < 1e18 ? "  \(Quantities.bytes(Int(speed)))/s" : ""
        guard let total, total > 0 else { return Quantities.bytes(sent) + rate }
        let share = min(1, Double(sent) / Double(total))
        let bar = DisplayWidth.padded(Bar.text(share, width: 24), to: 24, .left) + "▕"
        let percent = DisplayWidth.padded("\(Int(share * 100)) %", to: 5, .right)
        let amount = "\(Quantities.bytes(sent)) of \(Quantities.bytes(total))"
        if sent >= total { return "\(bar) \(percent)  \(amount)\(rate)  reading" }
        let left = speed > 0 ? "  \(Quantities.duration(seconds: Double(total - sent) / speed)) left" : ""
        return "\(bar) \(percent)  \(amount)\(rate)\(left)"
    }
}
