import Testing

@testable import Telemetry

@Suite struct CatalogueTests {
    @Test func everyMetricHasOneDescriptorInOrder() {
        #expect(MetricCatalogue.all.map(\.metric) == Metric.allCases)
        #expect(Set(MetricCatalogue.all.map(\.name)).count == Metric.allCases.count)
    }

    @Test func openLabelsAreCapped() {
        for label in MetricCatalogue.all.flatMap(\.labels) {
            if case .open(let cap) = label.values { #expect(cap > 0 && cap <= 100) }
        }
    }
}
