import Testing

@testable import Telemetry

@Suite struct SampleTests {
    private static func points(_ store: SampleStore, _ series: Int, _ from: Int64, _ to: Int64) -> [[Double]] {
        var points: [SamplePoint] = []
        store.range(series, from: from, to: to, into: &points)
        return points.map { [Double($0.time), $0.value] }
    }

    @Test func anInstantLooksBackToTheNewestSample() {
        var store = SampleStore()
        let labels = LabelSet(name: "a")
        store.append(1, to: labels, at: 1_000)
        store.append(1, to: labels, at: 2_000)
        store.append(5, to: labels, at: 3_000)
        let series = store.series(labels)
        #expect(store.instant(series, at: 2_500, lookbackMilliseconds: 1_000) == SamplePoint(time: 2_000, value: 1))
        #expect(store.instant(series, at: 4_000, lookbackMilliseconds: 1_000)?.value == 5)
        #expect(store.instant(series, at: 4_001, lookbackMilliseconds: 1_000) == nil)
        #expect(store.instant(series, at: 999, lookbackMilliseconds: 1_000) == nil)
        #expect(Self.points(store, series, 1_000, 2_999) == [[1_000, 1], [2_000, 1]])
        #expect(Self.points(store, series, 0, 9_000).count == 3)
    }

    @Test func equalValuesTakeOneRun() {
        var store = SampleStore()
        for time in 1...1_000 { store.append(4, to: LabelSet(name: "a"), at: Int64(time) * 1_000) }
        #expect(store.all[0]?.runs.count == 1)
    }

    @Test func oldSamplesAreForgotten() {
        var store = SampleStore(retentionMilliseconds: 10_000)
        store.append(1, to: LabelSet(name: "gone"), at: 500)
        for time in 1...200 {
            store.append(Double(time), to: LabelSet(name: "a"), at: Int64(time) * 1_000)
        }
        #expect(store.seriesCount == 1)
        #expect(store.times.count <= 10 + 1 + 60)
        let series = store.series(LabelSet(name: "a"))
        #expect(Self.points(store, series, 195_000, 197_000).map { $0[1] } == [195, 196, 197])
        #expect(store.series(named: "gone") { _ in true }.isEmpty)
    }

    @Test func timesThatGoBackAreLeftOut() {
        var store = SampleStore()
        store.append(1, to: LabelSet(name: "a"), at: 2_000)
        store.append(2, to: LabelSet(name: "a"), at: 1_000)
        store.append(3, to: LabelSet(name: "a"), at: 2_000)
        #expect(Self.points(store, 0, 0, 9_000) == [[2_000, 1]])
    }

    @Test func whatIsNewIsDrainedOnceAndLoadedBack() throws {
        var store = SampleStore()
        for time in 1...5 {
            store.append(Double(time / 3), to: LabelSet(name: "a", ["x": "ä\""]), at: Int64(time) * 1_000)
            if time > 2 { store.append(-0.5, to: LabelSet(name: "b"), at: Int64(time) * 1_000) }
        }
        let drained = store.drainNew()
        let first = try #require(drained)
        let again = store.drainNew()
        #expect(again == nil)
        store.append(9, to: LabelSet(name: "a", ["x": "ä\""]), at: 6_000)
        let drainedLater = store.drainNew()
        let second = try #require(drainedLater)
        #expect(second.times == [6_000])
        #expect(second.series.count == 1)
        var loaded = SampleStore()
        loaded.load(try SampleBlock(bytes: first.bytes))
        loaded.load(try SampleBlock(bytes: second.bytes))
        // A block that comes twice adds nothing.
        loaded.load(second)
        let left = loaded.drainNew()
        #expect(left == nil)
        for name in ["a", "b"] {
            let here = loaded.series(named: name) { _ in true }
            let there = store.series(named: name) { _ in true }
            #expect(here.count == 1)
            #expect(Self.points(loaded, here[0], 0, 9_000) == Self.points(store, there[0], 0, 9_000))
            #expect(loaded.labels(of: here[0]) == store.labels(of: there[0]))
        }
    }

    @Test func damagedBlocksAreRefused() throws {
        var store = SampleStore()
        for time in 1...20 { store.append(Double(time), to: LabelSet(name: "a", ["l": "v"]), at: Int64(time)) }
        let block = store.drainNew()
        let bytes = try #require(block).bytes
        for length in 0..<bytes.count {
            #expect(throws: TelemetryError.self) { try SampleBlock(bytes: Array(bytes[..<length])) }
        }
        for position in bytes.indices {
            var broken = bytes
            broken[position] ^= 0xff
            _ = try? SampleBlock(bytes: broken)
        }
        #expect(throws: TelemetryError.blockVersion(9)) { try SampleBlock(bytes: [9]) }
    }

    @Test func downsamplingKeepsTheLastSampleOfEachInterval() {
        var store = SampleStore()
        for time in 0..<10 { store.append(Double(time), to: LabelSet(name: "a"), at: Int64(time) * 1_000 + 1) }
        let block = store.drainNew()?.downsampled(everyMilliseconds: 5_000)
        #expect(block?.times == [4_001, 9_001])
        #expect(block?.series.first?.runs.map(\.value) == [4, 9])
    }

    @Test func mergedBlocksHoldEverySampleOnce() {
        var store = SampleStore()
        var blocks: [SampleBlock] = []
        for time in 1...9 {
            store.append(Double(time / 2), to: LabelSet(name: "a"), at: Int64(time) * 1_000)
            if time > 4 { store.append(7, to: LabelSet(name: "b"), at: Int64(time) * 1_000) }
            if time % 3 == 0, let block = store.drainNew() { blocks.append(block) }
        }
        let merged = SampleBlock.merged(blocks + [blocks[2]])
        #expect(merged.times == (1...9).map { $0 * 1_000 })
        #expect(merged.series.map { $0.labels.metricName } == ["a", "b"])
        var loaded = SampleStore()
        loaded.load(merged)
        let series = loaded.series(named: "a") { _ in true }
        #expect(Self.points(loaded, series[0], 0, 9_000).map { $0[1] } == [0, 1, 1, 2, 2, 3, 3, 4, 4])
        #expect(SampleBlock.merged([]).isEmpty)
    }

    @Test func theRecorderAddsTheTargetsLabelsAndUp() {
        let registry = MetricRegistry()
        let recorder = SampleRecorder(registry, instance: "127.0.0.1:8000")
        registry.set(.datasets, to: 3)
        recorder.sample(at: 1_000)
        let found = recorder.withStore { store in
            ["up", "csvand_datasets"].map { name in
                store.series(named: name) { $0["job"] == "web" && $0["instance"] == "127.0.0.1:8000" }
                    .compactMap { store.instant($0, at: 1_000, lookbackMilliseconds: 0)?.value }
            }
        }
        #expect(found == [[1], [3]])
    }

    @Test func aSeriesThatDisappearsIsMarkedStale() {
        let registry = MetricRegistry()
        let recorder = SampleRecorder(registry, instance: "i")
        registry.set(.modelScore, "m", "r2", to: 0.5)
        recorder.sample(at: 1_000)
        registry.remove(.modelScore, where: "model", is: "m")
        recorder.sample(at: 2_000)
        recorder.sample(at: 3_000)
        func value(_ time: Int64) -> Double? {
            recorder.withStore { store in
                let series = store.series(named: "csvand_model_score") { _ in true }
                return store.instant(series[0], at: time, lookbackMilliseconds: 300_000)?.value
            }
        }
        #expect(value(1_500) == 0.5)
        #expect(value(2_000) == nil)
        registry.set(.modelScore, "m", "r2", to: 0.6)
        recorder.sample(at: 4_000)
        #expect(value(4_000) == 0.6)
    }

    @Test func theFirstEventOfANewLabelIsAnIncrease() {
        let registry = MetricRegistry()
        let recorder = SampleRecorder(registry, instance: "i")
        recorder.sample(at: 1_000)
        registry.increment(.predictions, "new")
        recorder.sample(at: 2_000)
        recorder.sample(at: 3_000)
        var points: [SamplePoint] = []
        recorder.withStore { store in
            let series = store.series(named: "csvand_predictions_total") { _ in true }
            store.range(series[0], from: 0, to: 9_000, into: &points)
        }
        #expect(points.map(\.value) == [0, 1])
    }
}
