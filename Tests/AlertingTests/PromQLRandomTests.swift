import Foundation
import Telemetry
import Testing

@testable import Alerting

/// Random expressions over random series, evaluated by a real Prometheus and by ours at the same instant.
///
/// `make soak` runs ten thousand of a new seed, which it prints; `PROMQL_SEED` and `PROMQL_EXPRESSIONS` repeat a run.
@Suite struct PromQLRandomTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["PROMQL_SEED"].flatMap { UInt64($0) } ?? 20_240_601
    private static let count = environment["PROMQL_EXPRESSIONS"].flatMap { Int($0) } ?? 400

    @Test func prometheusAgrees() throws {
        print("PromQL: \(Self.count) random expressions, PROMQL_SEED=\(Self.seed)")
        var random = RandomPromQL(seed: Self.seed)
        let series = random.series()
        let prometheus = try RealPrometheus(series)
        defer { prometheus.stop() }
        let store = Self.store(series)
        var (differing, evaluated) = (0, 0)
        for _ in 0..<Self.count {
            let (expression, time) = (random.expression(), random.time())
            let theirs = try prometheus.evaluate(expression, at: time)
            let ours: PromQLValue
            do throws(RuleError) {
                var query = try PromQLQuery(expression)
                ours = try query.evaluate(store, at: time)
            } catch {
                if case .refused = theirs { continue }
                if case .unsupported = error.fault { continue }
                differing += 1
                Issue.record("\(expression) at \(time): ours refuses: \(error)")
                continue
            }
            guard case .value(let value) = theirs else {
                differing += 1
                Issue.record("\(expression) at \(time): theirs refuses: \(theirs)")
                continue
            }
            evaluated += 1
            if !Self.isEqual(ours, value, tiesMayDiffer: expression.contains("topk") || expression.contains("bottomk"))
            {
                differing += 1
                Issue.record("\(expression) at \(time): ours \(ours), theirs \(value)")
            }
            if differing > 5 { break }
        }
        #expect(evaluated >= Self.count * 3 / 4, "too many expressions were refused by both")
    }

    private static func store(_ series: [RangeSeries]) -> SampleStore {
        var store = SampleStore(retentionMilliseconds: .max / 4)
        // Series come in the order in which Prometheus reads them, so that sums round alike.
        for one in series { _ = store.series(one.labels) }
        let samples = series.flatMap { one in one.points.map { (one.labels, $0) } }.sorted { $0.1.time < $1.1.time }
        for (labels, point) in samples { store.append(point.value, to: labels, at: point.time) }
        return store
    }

    private static func isEqual(_ ours: PromQLValue, _ theirs: PromQLValue, tiesMayDiffer: Bool) -> Bool {
        switch (ours, theirs) {
        case (.scalar(let left), .scalar(let right)): return isNear(left, right)
        case (.string(let left), .string(let right)): return left == right
        case (.vector(let left), .vector(let right)):
            guard left.count == right.count else { return false }
            let (a, b) = (Dictionary(left), Dictionary(right))
            if a.count == left.count, a.count == b.count,
                a.allSatisfy({ label, value in b[label].map { isNear($0, value) } ?? false })
            {
                return true
            }
            // Which of equal elements is among the first k is left open: then the values must be the same.
            return tiesMayDiffer
                && zip(left.map(\.value).sorted(by: order), right.map(\.value).sorted(by: order))
                    .allSatisfy(isNear)
        case (.matrix(let left), .matrix(let right)):
            guard left.count == right.count else { return false }
            return left.allSatisfy { one in
                guard let other = right.first(where: { $0.labels == one.labels }),
                    other.points.map(\.time) == one.points.map(\.time)
                else { return false }
                return zip(one.points, other.points).allSatisfy { isNear($0.value, $1.value) }
            }
        default: return false
        }
    }

    private static func order(_ left: Double, _ right: Double) -> Bool {
        left.isNaN ? !right.isNaN : left < right
    }

    private static func isNear(_ left: Double, _ right: Double) -> Bool {
        if left.isNaN || right.isNaN { return left.isNaN && right.isNaN }
        return left == right || (left - right).magnitude <= 1e-9 * max(1, left.magnitude, right.magnitude)
    }
}

extension Dictionary where Key == LabelSet, Value == Double {
    fileprivate init(_ samples: [VectorSample]) {
        self.init(samples.map { ($0.labels, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
