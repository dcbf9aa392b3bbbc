import Shared
import Telemetry

/// Evaluates rules over samples of the past, as if they had been in force.
package struct RuleReplay: Sendable {
    /// Most evaluations of all rules: beyond, the step becomes longer.
    package static let mostEvaluations: Int64 = 5_000

    package struct Firing: Sendable, Equatable {
        package var state: AlertState
        package var resolvedAt: Int64?
    }

    package private(set) var firings: [Firing] = []
    /// The first error of each rule that could not be evaluated.
    package private(set) var failures: [RuleError] = []
    package let stepMilliseconds: Int64

    /// - Parameters:
    ///   - store: the samples, of a longer time than `from` to `to` by what the rules look back.
    ///   - step: the wanted distance of evaluations; it is lengthened to stay within `mostEvaluations`.
    ///   - deadline: when to give up.
    ///
    /// Throws: `timedOut`.
    package init(
        _ file: RuleFile, _ store: SampleStore, from: Int64, to: Int64, step: Int64,
        deadline: ContinuousClock.Instant? = nil
    ) throws(RuleError) {
        stepMilliseconds = max(step, (to - from) / Self.mostEvaluations, 1)
        var store = store
        var evaluator = RuleEvaluator(file)
        var open: [String: Int] = [:]
        var failed: Set<String> = []
        var limits = PromQLLimits()
        limits.deadline = deadline
        var time = from
        while time <= to {
            let evaluation = evaluator.evaluate(&store, at: time, limits: limits, recordsResults: false)
            try limits.checkDeadline()
            for transition in evaluation.transitions {
                switch transition {
                case .fired(let state):
                    open[state.fingerprint] = firings.count
                    firings.append(Firing(state: state, resolvedAt: nil))
                case .resolved(let state):
                    if let index = open.removeValue(forKey: state.fingerprint) { firings[index].resolvedAt = time }
                case .pending, .firing, .withdrawn: break
                }
            }
            for failure in evaluation.failures where failed.insert(failure.rule.key).inserted {
                failures.append(failure.error)
            }
            time += stepMilliseconds
        }
    }
}

extension RuleFile {
    /// How far before an evaluation the rules read at most, milliseconds; times fixed by `@` are left out.
    package var reachMilliseconds: Int64 {
        rules.map { rule in
            (rule.expression.reachMilliseconds ?? 0) + rule.forMilliseconds
        }.max() ?? 0
    }
}
