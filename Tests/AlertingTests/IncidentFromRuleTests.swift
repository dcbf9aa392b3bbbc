import Foundation
import Telemetry
import Testing

@testable import Alerting

@Suite struct IncidentFromRuleTests {
    private var state: AlertState {
        AlertState(
            ruleKey: "g/R", rule: "R", labels: LabelSet(["alertname": "R", "severity": "critical"]),
            annotations: ["summary": "s"], value: 7, phase: .firing, activeAt: 1_795_446_200_000,
            firedAt: 1_795_446_245_000)
    }

    @Test func takesAFiringRuleFromTheMomentItFired() throws {
        for transition in [AlertTransition.fired(state), .firing(state)] {
            let alert = try #require(IncomingAlert(transition, at: after(60)))
            #expect(alert.rule == "R")
            #expect(alert.labels == ["severity": "critical"])
            #expect(alert.startsAt == noon)
            #expect(alert.value == 7)
            #expect(!alert.isQuiet(at: after(60)))
        }
    }

    @Test func takesAResolvedRuleAsQuietAndNothingBeforeItFires() {
        #expect(IncomingAlert(.resolved(state), at: after(60))?.isQuiet(at: after(60)) == true)
        #expect(IncomingAlert(.pending(state), at: noon) == nil)
        #expect(IncomingAlert(.withdrawn(state), at: noon) == nil)
    }

    @Test func aRuleThatFiresAtEveryEvaluationIsOneIncidentToldOnce() throws {
        var pipeline = AlertPipeline(settings: PipelineSettings())
        var changes: [IncidentChange] = []
        for second in stride(from: 0.0, to: 600, by: 5) {
            let transition: AlertTransition = second == 0 ? .fired(state) : .firing(state)
            let alert = try #require(IncomingAlert(transition, at: after(second)))
            changes += pipeline.take([alert], at: after(second), evidence: evidence) + pipeline.tick(at: after(second))
        }
        #expect(changes.count == 1)
        #expect(changes.first?.intent == .status)
    }
}
