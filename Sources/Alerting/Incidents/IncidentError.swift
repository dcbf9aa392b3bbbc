import Shared

/// What is wrong with a request about incidents, silences or received alerts.
package enum IncidentError: Error, Sendable, Equatable {
    case unknownNumber(Int)
    case alreadyResolved(number: Int)
    /// A note without text.
    case emptyNote(number: Int)
    case badDuration(seconds: Double)
    /// `field` is the name in the request.
    case textTooLong(field: String, limit: Int)
    case unknownSilence(id: String)
    case silenceWithoutMatcher
    /// Every matcher also fits the empty value, so that it would hold back everything.
    case silenceOfEverything
    case badMatcher(name: String, reason: String)
    /// The body is not JSON or not of the shape that the sender should send; `at` is the path to the place.
    case badBody(sender: AlertSource, at: String, reason: String)
    case tooManyAlerts(count: Int, limit: Int)
}
