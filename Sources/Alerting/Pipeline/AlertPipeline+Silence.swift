import Foundation
import Shared

extension AlertPipeline {
    /// Stage 2: a silence holds back what meets all its matchers.
    func silence(_ line: inout [AlertPassage]) {
        for index in line.indices where line[index].heldBackBy == nil {
            line[index].heldBackBy = silence(of: line[index].alert.rule, line[index].alert.labels, at: line[index].now)
        }
    }

    /// The reason by which an active silence holds back an alert of that rule and these labels.
    func silence(of rule: String, _ labels: [String: String], at now: Date) -> NotifyReason? {
        silences.first { $0.state(at: now) == .active && $0.matchers.accept(rule: rule, labels: labels) }
            .map { .silenced(id: $0.id, by: $0.by) }
    }

    /// Adds a silence; it holds from its start, also for incidents that are open.
    package mutating func add(_ silence: Silence) { silences.append(silence) }

    /// Ends a silence now and gives it as it is to be stored.
    ///
    /// - Throws: `.unknownSilence`, also for one that has expired and been dropped.
    package mutating func expireSilence(id: String, at now: Date) throws(IncidentError) -> Silence {
        guard let index = silences.firstIndex(where: { $0.id == id }) else { throw .unknownSilence(id: id) }
        silences[index].expire(at: now)
        return silences[index]
    }
}
