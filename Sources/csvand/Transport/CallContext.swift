import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import Operations

/// What is known of one call besides its request: its id, where it came from, who sent it.
struct CallContext: RequestContext {
    typealias Source = CallSource

    enum Origin: Sendable, Equatable {
        case tcp
        /// The control socket, with the peer's credentials.
        case control(userID: UInt32, processID: Int32)
    }

    var coreContext: CoreRequestContextStorage
    let origin: Origin
    let requestID: String
    /// The connection it came by.
    let channel: (any Channel)?
    let started = ContinuousClock.now
    /// Whose token it is; nil on the control socket, and while no token exists.
    var caller: Caller?

    init(source: CallSource) {
        coreContext = CoreRequestContextStorage(source: source)
        origin = source.origin
        requestID = source.requestID
        channel = source.channel
    }
}

/// What a context is made from.
struct CallSource: RequestContextSource {
    let logger: Logger
    let origin: CallContext.Origin
    let requestID: String
    var channel: (any Channel)?
}

/// Request ids: 16 hexadecimal digits, unique for the life of the process and unlikely to repeat after.
enum RequestIDs {
    static func next() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
