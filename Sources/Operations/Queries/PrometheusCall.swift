import Alerting
import Foundation
import Shared

/// A call of Prometheus's HTTP API, whichever way its parameters came: in the query or as a form.
///
/// Source: Prometheus 2.42, "HTTP API".
package struct PrometheusCall: Sendable {
    package enum Endpoint: Sendable, Hashable {
        case query, queryRange, series, labels, metadata, buildInformation
        case labelValues(String)
    }

    package var endpoint: Endpoint
    /// Decoded, in order; `match[]` comes several times.
    package var parameters: [(name: String, value: String)]

    /// - Parameter encoded: `a=b&c=d` texts with percent signs and plus signs, of the query and of the body.
    package init(_ endpoint: Endpoint, encoded: [String]) {
        self.endpoint = endpoint
        parameters = encoded.flatMap(Self.parameters)
    }

    private static func parameters(_ encoded: String) -> [(name: String, value: String)] {
        encoded.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String {
                let plain = text.replacing("+", with: " ")
                return plain.removingPercentEncoding ?? String(plain)
            }
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    func text(_ name: String) -> String? { parameters.first { $0.name == name && !$0.value.isEmpty }?.value }

    func texts(_ name: String) -> [String] { parameters.filter { $0.name == name }.map(\.value) }

    /// A time as seconds since 1970 or as RFC 3339, in milliseconds.
    func time(_ name: String, default standard: Int64) throws(PrometheusFault) -> Int64 {
        guard let text = text(name) else { return standard }
        if let seconds = Double(text), seconds.magnitude < 1e12 { return Int64((seconds * 1_000).rounded()) }
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        if let date = (try? Date(text, strategy: .iso8601)) ?? (try? Date(text, strategy: fractional)) {
            return date.milliseconds
        }
        throw PrometheusFault(
            .badData, "parameter \(name): \(text.prefix(80)) is no time in seconds since 1970 and no RFC 3339 time")
    }

    /// A span as seconds or as `5m`, in milliseconds.
    func span(_ name: String) throws(PrometheusFault) -> Int64? {
        guard let text = text(name) else { return nil }
        if let seconds = Double(text), seconds > 0, seconds < 1e12 {
            return max(1, Int64((seconds * 1_000).rounded()))
        }
        if let milliseconds = PromQLDuration.milliseconds(text), milliseconds > 0 { return milliseconds }
        throw PrometheusFault(.badData, "parameter \(name): \(text.prefix(80)) is no duration above 0")
    }
}

/// What is wrong with a call, as Prometheus names it.
package struct PrometheusFault: Error, Sendable, Equatable {
    package enum Kind: String, Sendable {
        case badData = "bad_data"
        case execution, timeout, `internal`

        var status: Int {
            switch self {
            case .badData: 400
            case .execution: 422
            case .timeout: 503
            case .internal: 500
            }
        }
    }

    package var kind: Kind
    package var text: String

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// - Parameter isRead: whether the expression was read, and evaluating it failed.
    init(_ error: RuleError, isRead: Bool) {
        let kind: Kind = error.fault == .timedOut ? .timeout : isRead ? .execution : .badData
        self.init(kind, error.line > 0 ? "\(error.line):\(error.column): \(error.fault.text)" : error.fault.text)
    }
}

/// An answer in Prometheus's shape.
package struct PrometheusAnswer: Sendable {
    package var status: Int
    package var body: [UInt8]
}
