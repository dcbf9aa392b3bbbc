import Shared
import Telemetry

/// Functions over labels and order.
///
/// Source: prometheus/promql/functions.go of 2.42.
extension PromQLEvaluator {
    mutating func relabelled(
        _ function: PromQLFunction, _ arguments: [PromQLNode]
    ) throws(RuleError) -> [VectorSample] {
        let target = try text(of: arguments[1])
        var samples = try vector(of: arguments[0])
        if function == .labelJoin {
            let separator = try text(of: arguments[2])
            var sources: [String] = []
            for argument in arguments.dropFirst(3) { sources.append(try text(of: argument)) }
            for index in samples.indices {
                let value = sources.map { samples[index].labels[$0] }.joined(separator: separator)
                samples[index].labels = samples[index].labels.setting([Label(target, value)])
            }
            return try distinct(samples)
        }
        let replacement = PatternReplacement(try text(of: arguments[2]), style: .names)
        let source = try text(of: arguments[3])
        let written = try text(of: arguments[4])
        let pattern: TextPattern
        do throws(TextPattern.Failure) {
            pattern = try TextPattern(written)
        } catch {
            throw RuleError(.badRegex(pattern: written, reason: error.reason))
        }
        for index in samples.indices {
            guard let match = pattern.match(whole: samples[index].labels[source]) else { continue }
            samples[index].labels = samples[index].labels.setting([Label(target, replacement.filled(match))])
        }
        return try distinct(samples)
    }

    /// By value; what is no number comes last in either order.
    static func sorted(_ samples: [VectorSample], isDescending: Bool) -> [VectorSample] {
        samples.enumerated().sorted { left, right in
            let (a, b) = (left.element.value, right.element.value)
            if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? left.offset < right.offset : b.isNaN }
            return a == b ? left.offset < right.offset : (isDescending ? a > b : a < b)
        }.map(\.element)
    }
}
