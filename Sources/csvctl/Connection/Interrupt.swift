import Foundation
import Synchronization

/// Ctrl-C for commands that follow something: the first one is noticed, a second one ends the program.
enum Interrupt {
    private static let flag = Atomic(false)

    static var happened: Bool { flag.load(ordering: .relaxed) }

    static func begin() {
        // Makes the flag before a signal can come: a handler must not initialise anything.
        flag.store(false, ordering: .relaxed)
        signal(SIGINT) { _ in
            Interrupt.flag.store(true, ordering: .relaxed)
            signal(SIGINT, SIG_DFL)
        }
    }

    /// Sleeps, or less when Ctrl-C comes.
    static func sleep(seconds: Double) {
        var left = seconds
        while left > 0, !happened {
            usleep(UInt32(min(left, 0.1) * 1_000_000))
            left -= 0.1
        }
    }
}
