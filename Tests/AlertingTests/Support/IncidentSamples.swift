import Foundation
import Shared

@testable import Alerting

/// 2026-11-23T15:04:05Z
let noon = Date(timeIntervalSince1970: 1_795_446_245)

func after(_ seconds: Double) -> Date { noon.addingTimeInterval(seconds) }

func alert(
    _ rule: String = "SimulatedError", _ labels: [String: String] = ["severity": "warning", "type": "simulated"],
    at: Date = noon, endsAt: Date? = nil, source: AlertSource = .rules
) -> IncomingAlert {
    IncomingAlert(
        rule: rule, labels: labels, annotations: ["summary": "\(rule) happened"], value: 3, startsAt: at,
        endsAt: endsAt,
        source: source)
}

func evidence(_ alert: IncomingAlert) -> Evidence {
    Evidence(expression: "increase(x[5m]) > 0", value: alert.value, version: "1.0", configHash: "abc")
}

extension AlertPipeline {
    /// Takes one alert and gives the one change it makes, if any.
    mutating func take(_ alert: IncomingAlert, at now: Date) -> IncidentChange? {
        take([alert], at: now, evidence: evidence).first
    }
}

/// A step that should have made a change made none.
struct NoChange: Error {}

extension AlertPipeline {
    /// Takes one alert and gives the change that it must make.
    mutating func taken(_ alert: IncomingAlert, at now: Date) throws -> IncidentChange {
        guard let change = take(alert, at: now) else { throw NoChange() }
        return change
    }

    /// Gives the first of the changes that the time must bring.
    mutating func ticked(at now: Date) throws -> IncidentChange {
        guard let change = tick(at: now).first else { throw NoChange() }
        return change
    }
}

extension IncidentChange {
    var lines: [String] { entries.map { "\($0.kind) \($0.by): \($0.text)" } }
}
