import Foundation
import Logging
import Shared
import Telemetry

extension Supervision {
    /// Counts calls that are being answered.
    package func countInFlight(_ change: Double) { registry.gauge(.httpRequestsInFlight).add(change) }

    /// Counts an answered call. Server errors are looked at by the rules at once.
    ///
    /// - Parameter isPublic: whether it came over TCP. What an operator does on the control socket is no traffic of users, which the
    ///   rules on shares and delays are about.
    package func countCall(method: String, route: String, status: Int, seconds: Double, isPublic: Bool) {
        let code = String(status)
        registry.increment(.httpRequests, method, route, code)
        if isPublic {
            registry.increment(.djangoRequestsByStatus, code)
            registry.increment(.djangoResponsesByStatus, code)
            registry.observe(.httpRequestDuration, value: seconds)
        }
        if status >= 500 { attention.raise() }
    }

    /// Counts an error that a client was told, and keeps it as evidence.
    package func recordError(_ problem: Problem, route: String?, requestID: String?) {
        let code = ErrorCode(rawValue: problem.code)
        guard let type = code.flatMap(ErrorTranslation.countedType) ?? (problem.status >= 500 ? "storage_error" : nil)
        else { return }
        record(type: type, code: problem.code, text: problem.detail, route: route, requestID: requestID)
    }

    /// Counts an error of the application and has the rules look at it at once.
    func record(type: String, code: String, text: String, route: String? = nil, requestID: String? = nil) {
        registry.increment(.appErrors, type)
        let error = Evidence.RecordedError(
            at: Date(), type: type, code: code, requestId: requestID, route: route, text: text)
        recentErrors.withLock { $0.append(error) }
        logger.warning(
            "Error counted: \(text)",
            metadata: [
                "message_id": "\(LogMessage.errorCounted.id)", "error_type": "\(type)", "code": "\(code)",
                "request_id": "\(requestID ?? "-")", "route": "\(route ?? "-")",
            ])
        attention.raise()
    }

    /// - Throws: `request.rate_limited` once the simulated errors of a minute are used up.
    package func admitSimulation() throws(Problem) {
        guard simulations.withLock({ $0.admit() }) else {
            throw Problem(
                .requestRateLimited, "More simulated errors than http.simulate_errors_per_minute allows.",
                remedy: "Wait a minute, or use csvctl simulate on the machine itself.")
        }
    }

    /// Counts errors as if they had happened.
    ///
    /// - Throws: `request.bad_parameter` for a type that is not in the catalogue.
    func simulate(_ request: SimulateRequest) throws(Problem) -> SimulateReply {
        guard MetricCatalogue.errorTypes.contains(request.type) else {
            let nearest = Spelling.nearest(to: request.type, among: MetricCatalogue.errorTypes)
            throw Problem(
                .requestBadParameter, "There is no error type \(request.type.quotedForMessage).",
                remedy: nearest.map { "Did you mean \($0)?" }
                    ?? "Known are: \(MetricCatalogue.errorTypes.joined(separator: ", ")).",
                places: [.init(column: "type")])
        }
        guard (1...1000).contains(request.count) else {
            throw Problem.badParameter("count", String(request.count), expected: "a whole number from 1 to 1000")
        }
        for _ in 0..<request.count {
            record(
                type: request.type, code: ErrorCode.simulated.rawValue,
                text: "This error was asked for with csvctl simulate.")
        }
        let total = registry.counter(.appErrors, request.type).total
        return SimulateReply(type: request.type, count: request.count, total: Int(total))
    }
}
