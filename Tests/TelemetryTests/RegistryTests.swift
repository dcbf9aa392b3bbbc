import Testing

@testable import Telemetry

@Suite struct RegistryTests {
    private static func text(_ registry: MetricRegistry, _ format: ExpositionFormat = .text) -> [String] {
        String(decoding: registry.exposition(format), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func everyErrorTypeIsThereAtZeroFromTheStart() {
        let lines = Self.text(MetricRegistry())
        #expect(MetricCatalogue.errorTypes.count == 12)
        for type in MetricCatalogue.errorTypes { #expect(lines.contains("app_errors_total{type=\"\(type)\"} 0")) }
        #expect(lines.contains("django_http_responses_total_by_status_total{status=\"500\"} 0"))
    }

    @Test func anIncrementShowsAfterTheBirthWasSampled() {
        let registry = MetricRegistry()
        var seen: [Double] = []
        func sample() {
            registry.record { _, labels, value in
                if labels["model"] == "m" { seen.append(value) }
            }
        }
        sample()
        registry.increment(.predictions, "m")
        registry.increment(.predictions, "m", by: 2)
        #expect(Self.text(registry).contains("csvand_predictions_total{model=\"m\"} 0"))
        sample()
        #expect(Self.text(registry).contains("csvand_predictions_total{model=\"m\"} 3"))
        sample()
        #expect(seen == [0, 3])
    }

    @Test func aHistogramShowsAfterItsBirthWasSampled() {
        let registry = MetricRegistry()
        registry.observe(.ingestDuration, value: 0.02)
        #expect(Self.text(registry).contains("csvand_ingest_duration_seconds_count 0"))
        registry.record { _, _, _ in }
        let lines = Self.text(registry)
        #expect(lines.contains("csvand_ingest_duration_seconds_bucket{le=\"0.01\"} 0"))
        #expect(lines.contains("csvand_ingest_duration_seconds_bucket{le=\"0.025\"} 1"))
        #expect(lines.contains("csvand_ingest_duration_seconds_bucket{le=\"+Inf\"} 1"))
        #expect(lines.contains("csvand_ingest_duration_seconds_sum 0.02"))
        #expect(lines.contains("csvand_ingest_duration_seconds_count 1"))
    }

    @Test func valuesBeyondTheCapAreCountedAsOther() {
        let registry = MetricRegistry()
        for number in 0..<150 { registry.increment(.predictions, "model-\(number)") }
        let cells = registry.families[Metric.predictions.rawValue].series
        #expect(cells.count == 101)
        #expect(registry.counter(.predictions, "other").total == 50)
        registry.increment(.appErrors, "invented")
        #expect(registry.counter(.appErrors, "other").total == 1)
        for number in 0..<3_000 { registry.increment(.httpRequests, "GET", "/\(number % 90)", "\(200 + number / 90)") }
        #expect(registry.families[Metric.httpRequests.rawValue].series.count <= MetricFamily.seriesCap + 40)
    }

    @Test func labelValuesAreEscaped() {
        let registry = MetricRegistry()
        registry.set(.modelScore, "a\"b\\c\nd", "r2", to: 0.5)
        #expect(Self.text(registry).contains(#"csvand_model_score{model="a\"b\\c\nd",metric="r2"} 0.5"#))
    }

    @Test func countsSurviveARestart() {
        let first = MetricRegistry()
        first.increment(.appErrors, "simulated", by: 3)
        first.increment(.predictions, "m", by: 7)
        first.observe(.httpRequestDuration, value: 0.3)
        first.observe(.httpRequestDuration, value: 70)
        first.counter(.processCPU).raise(to: 12)
        let second = MetricRegistry()
        second.restore(first.counterSnapshot())
        #expect(second.changedCounters().isEmpty)
        #expect(Self.text(second).contains("app_errors_total{type=\"simulated\"} 3"))
        #expect(Self.text(second).contains("csvand_http_request_duration_seconds_bucket{le=\"0.25\"} 0"))
        #expect(Self.text(second).contains("csvand_http_request_duration_seconds_bucket{le=\"0.5\"} 1"))
        #expect(Self.text(second).contains("csvand_http_request_duration_seconds_count 2"))
        #expect(Self.text(second).contains("csvand_http_request_duration_seconds_sum 70.3"))
        #expect(second.counter(.processCPU).total == 0)
        #expect(Set(second.counterSnapshot()) == Set(first.counterSnapshot()))
    }

    @Test func onlyChangedCountsAreWritten() {
        let registry = MetricRegistry()
        #expect(registry.changedCounters().isEmpty)
        registry.increment(.appErrors, "simulated")
        let changed = registry.changedCounters()
        #expect(changed == [CounterValue(name: "app_errors_total", labels: ["type": "simulated"], value: 1)])
        // Not acknowledged: it comes again.
        #expect(registry.changedCounters() == changed)
        registry.acknowledge(changed)
        #expect(registry.changedCounters().isEmpty)
        registry.increment(.appErrors, "simulated")
        #expect(registry.changedCounters().map(\.value) == [2])
    }

    @Test func aCounterNeverGoesBack() {
        let cell = CounterCell()
        cell.increment(by: -5)
        cell.increment(by: .nan)
        cell.increment(by: .infinity)
        cell.increment()
        cell.raise(to: 0.5)
        #expect(cell.total == 1)
    }

    @Test func theKernelsCountBeforeTheStartIsNoIncrease() {
        let cell = CounterCell()
        cell.raise(to: 1_000)
        #expect(cell.record(by: .sampling) == 1_000)
        cell.raise(to: 1_010)
        #expect(cell.record(by: .sampling) == 1_010)
    }

    @Test func incrementsFromManyThreadsAreAllCounted() async {
        let registry = MetricRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<2_000 { registry.increment(.predictions, "m\(number % 7)") }
                }
            }
        }
        #expect((0..<7).map { registry.counter(.predictions, "m\($0)").total }.reduce(0, +) == 16_000)
    }

    /// Families in which nothing changed are passed over when the text is made: no change may be among those, however the threads meet.
    @Test func changesWhileSomebodyReadsAreInTheNextText() async throws {
        for round in 0..<40 {
            let registry = MetricRegistry()
            registry.increment(.predictions, "m")
            _ = registry.exposition(scraper: "a")
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for _ in 0..<400 { registry.increment(.predictions, "m") } }
                group.addTask {
                    for number in 0..<400 { registry.set(.modelScore, "m", "roc_auc", to: Double(number)) }
                }
                group.addTask { for _ in 0..<400 { registry.observe(.ingestDuration, value: 1) } }
                group.addTask { for _ in 0..<30 { _ = registry.exposition(scraper: round % 2 == 0 ? "a" : "b") } }
            }
            _ = registry.exposition(scraper: "a")
            let text = String(decoding: registry.exposition(scraper: "a"), as: UTF8.self)
            #expect(text.contains("{model=\"m\"} 401\n"))
            #expect(text.contains("csvand_model_score{model=\"m\",metric=\"roc_auc\"} 399\n"))
            #expect(text.contains("csvand_ingest_duration_seconds_count 400\n"))
        }
    }

    @Test func aReplacedGaugeEndsTheSeriesThatAreGone() {
        let registry = MetricRegistry()
        registry.replace(.modelScore, with: [(["a", "r2"], 0.5), (["b", "r2"], 0.6)])
        registry.replace(.modelScore, with: [(["b", "r2"], 0.7)])
        #expect(
            Self.text(registry).filter { $0.hasPrefix("csvand_model_score{") } == [
                #"csvand_model_score{model="b",metric="r2"} 0.7"#
            ])
        registry.set(.trainingJobs, "running", to: 2)
        registry.replace(.trainingJobs, with: [(["queued"], 1)])
        #expect(Self.text(registry).contains("csvand_training_jobs{state=\"running\"} 0"))
        registry.remove(.modelScore, where: "model", is: "b")
        #expect(!Self.text(registry).contains { $0.hasPrefix("csvand_model_score{") })
    }

    @Test func theKeptTextIsTheSameAsANewOne() {
        let registry = MetricRegistry()
        registry.record { _, _, _ in }
        for step in 0..<40 {
            registry.increment(.appErrors, "simulated", by: Double(1 << step % 14))
            registry.increment(.httpRequests, "GET", "/\(step % 3)", "200")
            registry.observe(.httpRequestDuration, value: 0.001 * Double(step))
            registry.set(.datasets, to: Double(step) * 0.7)
            if step == 20 { registry.replace(.modelScore, with: [(["m", "r2"], 0.25)]) }
            if step == 30 { registry.remove(.modelScore, where: "model", is: "m") }
            if step % 5 == 0 { registry.record { _, _, _ in } }
            _ = registry.exposition()
            var fresh = ExpositionCache()
            fresh.refresh(registry.families, registry.changes, for: .sampling, isRecorded: false)
            #expect(registry.texts.withLock { $0.families.map(\.bytes) } == fresh.families.map(\.bytes))
            for format in ExpositionFormat.allCases { #expect(registry.exposition(format) == fresh.text(format)) }
        }
    }

    @Test func openMetricsNamesFamiliesWithoutTotalAndEnds() {
        let lines = Self.text(MetricRegistry(), .openMetrics)
        #expect(lines.contains("# TYPE app_errors counter"))
        #expect(lines.contains("app_errors_total{type=\"simulated\"} 0"))
        #expect(lines.last == "# EOF")
        #expect(
            ExpositionFormat.accepting("application/openmetrics-text;version=1.0.0,text/plain;q=0.5") == .openMetrics)
        #expect(ExpositionFormat.accepting(nil) == .text)
    }

    @Test(arguments: [
        (0.0, "0"), (12, "12"), (1e15, "1000000000000000"), (0.1, "0.1"), (-3, "-3"), (.infinity, "+Inf"),
        (.nan, "NaN"),
        (1e300, "1e+300"), (9_007_199_254_740_991, "9007199254740991"), (10, "10"), (105, "105"),
    ])
    func numbersAreWrittenShortest(_ value: Double, _ text: String) {
        var bytes: [UInt8] = []
        MetricNumber.append(value, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}
