import Foundation

extension AlertPipeline {
    /// Stage 3: the first message of a rule waits a while, so that the incidents of one trouble are told together.
    mutating func group(_ line: inout [AlertPassage]) {
        for index in line.indices where !line[index].alert.isQuiet(at: line[index].now) {
            line[index].waitsUntil = groupEnd(line[index].alert.rule, at: line[index].now)
        }
    }

    /// When the group of a rule is told; begins the group when there is none.
    mutating func groupEnd(_ rule: String, at now: Date) -> Date {
        let end = (groups[rule] ?? now).addingTimeInterval(settings.groupWaitSeconds)
        if groups[rule] == nil { groups[rule] = now }
        return end
    }

    /// Drops the groups whose wait is over: the next incident of the rule begins a new one.
    mutating func closeGroups(at now: Date) {
        groups = groups.filter { $0.value.addingTimeInterval(settings.groupWaitSeconds) > now }
    }
}
