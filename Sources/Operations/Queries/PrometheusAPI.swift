import Alerting
import Foundation
import Shared
import Storage
import Telemetry

/// Answers Prometheus's HTTP API over the daemon's own samples, enough for Grafana's data source and `promtool query`.
struct PrometheusAPI {
    /// Most points a series of a range query, as in Prometheus.
    static let mostPoints: Int64 = 11_000
    /// Most series that a listing names.
    static let mostSeries = 10_000
    /// Most samples that one query reads.
    static let mostSamples = 20_000_000
    /// The longest and the default time of a query.
    static let longestSeconds = 30.0

    let samples: (_ since: Int64) throws -> SampleStore
    let evaluationMilliseconds: Int64
    let now: Int64

    func answer(_ call: PrometheusCall) -> PrometheusAnswer {
        do {
            return PrometheusAnswer(status: 200, body: try body(call))
        } catch let fault as PrometheusFault {
            return PrometheusAnswer(status: fault.kind.status, body: PrometheusText.failure(fault))
        } catch {
            let fault = PrometheusFault(.internal, ErrorTranslation.problem(for: error).detail)
            return PrometheusAnswer(status: 500, body: PrometheusText.failure(fault))
        }
    }

    private func body(_ call: PrometheusCall) throws -> [UInt8] {
        switch call.endpoint {
        case .query: try query(call)
        case .queryRange: try queryRange(call)
        case .series:
            PrometheusText.success { [found = try matched(call, isRequired: true)] text in
                text.list(found) { $0.labels($1) }
            }
        case .labels:
            Self.names(Set(try matched(call, isRequired: false).flatMap { $0.labels.map(\.name) }))
        case .labelValues(let label):
            Self.names(Set(try matched(call, isRequired: false).map { $0[label] }.filter { !$0.isEmpty }))
        case .metadata: metadata(call)
        case .buildInformation: Self.buildInformation
        }
    }

    private static func names(_ names: Set<String>) -> [UInt8] {
        PrometheusText.success { text in text.list(names.sorted()) { $0.string($1) } }
    }

    // MARK: Expressions

    private func limits(_ call: PrometheusCall) throws(PrometheusFault) -> PromQLLimits {
        var limits = PromQLLimits()
        limits.samples = Self.mostSamples
        limits.subqueryStepMilliseconds = evaluationMilliseconds
        let seconds = try call.span("timeout").map { Double($0) / 1_000 } ?? Self.longestSeconds
        limits.deadline = .now + .seconds(min(seconds, Self.longestSeconds))
        return limits
    }

    private func read(_ call: PrometheusCall) throws(PrometheusFault) -> PromQLQuery {
        guard let text = call.text("query") else { throw PrometheusFault(.badData, "parameter query is missing") }
        do throws(RuleError) { return try PromQLQuery(text) } catch { throw PrometheusFault(error, isRead: false) }
    }

    private func query(_ call: PrometheusCall) throws -> [UInt8] {
        var query = try read(call)
        let time = try call.time("time", default: now)
        let limits = try limits(call)
        let store = try samples(query.oldestTime(from: time, limits))
        let value: PromQLValue
        do throws(RuleError) {
            value = try query.evaluate(store, at: time, limits: limits)
        } catch {
            throw PrometheusFault(error, isRead: true)
        }
        return PrometheusText.success { $0.result(value, at: time) }
    }

    private func queryRange(_ call: PrometheusCall) throws -> [UInt8] {
        var query = try read(call)
        for name in ["start", "end", "step"] where call.text(name) == nil {
            throw PrometheusFault(.badData, "parameter \(name) is missing")
        }
        let (start, end) = (try call.time("start", default: now), try call.time("end", default: now))
        guard end >= start else { throw PrometheusFault(.badData, "parameter end: it is before start") }
        let step = try call.span("step") ?? 1_000
        guard (end - start) / step <= Self.mostPoints else {
            throw PrometheusFault(
                .badData,
                "exceeded maximum resolution of \(Self.mostPoints) points per timeseries: ask for a longer step")
        }
        let limits = try limits(call)
        let store = try samples(query.oldestTime(from: start, limits))
        let series: [RangeSeries]
        do throws(RuleError) {
            series = try query.evaluateRange(store, from: start, to: end, step: step, limits: limits)
        } catch {
            throw PrometheusFault(error, isRead: true)
        }
        return PrometheusText.success { $0.result(.matrix(series), at: end) }
    }

    // MARK: Listings

    /// Label sets of the series that meet one of the `match[]` and have a sample from `start` to `end`.
    private func matched(_ call: PrometheusCall, isRequired: Bool) throws -> [LabelSet] {
        let texts = call.texts("match[]")
        if isRequired, texts.isEmpty { throw PrometheusFault(.badData, "parameter match[] is missing") }
        var selectors: [PromQLExpression] = []
        for text in texts {
            do throws(RuleError) {
                let expression = try PromQLExpression(text)
                guard expression.selectedSeries != nil else {
                    throw RuleError(.wrongType(what: "match[]", expected: "a selector", found: "an expression"))
                }
                selectors.append(expression)
            } catch {
                throw PrometheusFault(error, isRead: false)
            }
        }
        let end = try call.time("end", default: now)
        let start = try call.time("start", default: end - Self.listedMilliseconds)
        let store = try samples(start)
        var found: Set<LabelSet> = []
        let slots =
            selectors.isEmpty
            ? store.series(named: nil) { _ in true }
            : selectors.flatMap { expression in
                expression.selectedSeries.map { store.series(named: $0.name, where: $0.accepts) } ?? []
            }
        for slot in slots where store.hasSamples(slot, from: start, to: end) {
            found.insert(store.labels(of: slot))
            guard found.count <= Self.mostSeries else {
                throw PrometheusFault(.execution, "more than \(Self.mostSeries) series match: narrow match[]")
            }
        }
        return found.sorted()
    }

    /// How far a listing without `start` looks back: what the daemon has in memory by default.
    private static let listedMilliseconds: Int64 = 3_600_000

    private func metadata(_ call: PrometheusCall) -> [UInt8] {
        let wanted = call.text("metric")
        let most = call.text("limit").flatMap { Int($0) } ?? .max
        let found = MetricCatalogue.all.filter { wanted == nil || $0.name == wanted }.prefix(max(0, most))
        return PrometheusText.success { text in
            text.raw("{")
            for (index, descriptor) in found.enumerated() {
                if index > 0 { text.raw(",") }
                text.string(descriptor.name)
                text.raw(#":[{"type":"#)
                text.string(descriptor.kind.rawValue)
                text.raw(#","help":"#)
                text.string(descriptor.help)
                text.raw(#","unit":""}]"#)
            }
            text.raw("}")
        }
    }

    /// The release of Prometheus whose expressions are evaluated, and who evaluates them.
    private static var buildInformation: [UInt8] {
        PrometheusText.success { text in
            text.raw(#"{"version":"2.42.0","revision":"#)
            text.string("csvand " + Build.version)
            text.raw(#","branch":"","buildUser":"","buildDate":"","goVersion":""}"#)
        }
    }
}

extension PromQLQuery {
    /// The oldest sample that an evaluation from `time` on can need.
    fileprivate func oldestTime(from time: Int64, _ limits: PromQLLimits) -> Int64 {
        guard let reach = expression.reachMilliseconds else { return 0 }
        return time - reach - limits.lookbackMilliseconds
    }
}
