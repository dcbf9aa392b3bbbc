/// What became of one try to tell a receiver.
package enum DeliveryResult: Sendable, Equatable {
    /// Taken; the id is there when the receiver gave one.
    case delivered(messageId: String?)
    /// 429: not before so many seconds.
    case rateLimited(retryAfterSeconds: Double)
    /// The message that was to be edited does not exist any more: it is to be posted anew.
    case messageGone
    /// It will never be taken like this: a wrong webhook, a forbidden host, a malformed message.
    case refused(reason: String)
    /// This time it did not work.
    case failed(reason: String)
}
