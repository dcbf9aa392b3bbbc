import Testing

@testable import Telemetry

/// What a Prometheus gets of a counter that is born between two of its scrapes.
@Suite struct ScraperTests {
    private let registry = MetricRegistry()
    private let start = ContinuousClock.now

    /// The value of a counter in a scrape some seconds after the start; nil if it is not there.
    private func scrape(_ scraper: String?, after seconds: Double) -> Double? {
        let text = String(
            decoding: registry.exposition(scraper: scraper, at: start + .seconds(seconds)), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("csvand_predictions_total{model=\"m\"} ") }
        return line.flatMap { Double($0.split(separator: " ")[1]) }
    }

    private func count(_ times: Double = 1) {
        registry.increment(.predictions, "m", by: times)
        // The daemon's own sampling has seen it before the scrape comes.
        registry.record { _, _, _ in }
        registry.record { _, _, _ in }
    }

    @Test func everyScraperSeesANewSeriesAtZeroBeforeItsFirstEvent() {
        #expect(scrape("a", after: 1) == nil)
        #expect(scrape("b", after: 2) == nil)
        count(3)
        #expect(scrape("a", after: 3) == 0)
        #expect(scrape("a", after: 4) == 3)
        #expect(scrape("b", after: 5) == 0)
        count()
        #expect(scrape("b", after: 6) == 4)
        #expect(scrape("a", after: 7) == 4)
    }

    @Test func somebodyWhoLooksOnceSeesWhatIsTrueAndTakesNothingFromAScraper() {
        #expect(scrape("a", after: 1) == nil)
        count()
        #expect(scrape(nil, after: 2) == 1)
        #expect(scrape("a", after: 3) == 0)
    }

    @Test func whatIsCountedSoonAfterTheStartIsNewToEverybody() {
        count()
        #expect(scrape("a", after: 20) == 0)
        #expect(scrape("a", after: 21) == 1)
    }

    @Test func aScraperThatComesLateSeesNoIncreaseOfWhatHappenedLongAgo() {
        count(100)
        #expect(scrape("late", after: 400) == 100)
        #expect(scrape("late", after: 401) == 100)
    }

    @Test func aScraperThatWasAwayForLongIsANewOne() {
        #expect(scrape("a", after: 1) == nil)
        count(5)
        #expect(scrape("a", after: 302) == 5)
    }

    @Test func ofVeryManyScrapersTheOnesThatStayedAwayAreForgotten() {
        for number in 0..<100 { #expect(scrape("s\(number)", after: Double(number)) == nil) }
        count()
        #expect(scrape("s99", after: 101) == 0)
        #expect(scrape("s99", after: 102) == 1)
        #expect(scrape("s0", after: 103) == 1)
    }

    @Test func aHistogramIsBornAtZeroToEveryScraper() {
        func sum(_ seconds: Double) -> Bool {
            String(decoding: registry.exposition(scraper: "a", at: start + .seconds(seconds)), as: UTF8.self)
                .contains("csvand_ingest_duration_seconds_sum 2\n")
        }
        registry.observe(.ingestDuration, value: 2)
        registry.record { _, _, _ in }
        #expect(!sum(1))
        #expect(sum(2))
    }
}
