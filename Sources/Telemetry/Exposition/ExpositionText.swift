/// The two text formats that Prometheus scrapes.
///
/// Source: Prometheus text exposition format 0.0.4; OpenMetrics 1.0 section 3.
package enum ExpositionFormat: Sendable, Hashable, CaseIterable {
    case text
    case openMetrics

    package var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        }
    }

    /// The format that an `Accept` header asks for; text if it names none.
    package static func accepting(_ header: String?) -> ExpositionFormat {
        header?.contains("application/openmetrics-text") == true ? .openMetrics : .text
    }
}

enum ExpositionText {
    /// What stands before the value of a sample.
    static func prefix(_ name: String, _ labels: [Label]) -> [UInt8] {
        var text = name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(LabelSet.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        return Array((text + " ").utf8)
    }

    /// The HELP and TYPE lines of a family. OpenMetrics names a counter's family without `_total`.
    static func header(_ descriptor: MetricDescriptor, _ format: ExpositionFormat) -> [UInt8] {
        let isTotal = descriptor.kind == .counter && descriptor.name.hasSuffix("_total")
        let name = format == .openMetrics && isTotal ? String(descriptor.name.dropLast(6)) : descriptor.name
        return Array("# HELP \(name) \(descriptor.help)\n# TYPE \(name) \(descriptor.kind.rawValue)\n".utf8)
    }

    /// What ends an OpenMetrics text.
    static let end = Array("# EOF\n".utf8)
}

extension MetricRegistry {
    /// The text of all series.
    ///
    /// The text is kept from call to call. A number that has as many digits as before is written over the old one; otherwise its family is
    /// written anew. So a scrape reads the families that have changed, writes the few numbers that did, and copies bytes.
    ///
    /// - Parameter scraper: who keeps the samples, such as a Prometheus by its address: it sees every new series at the value
    ///   before its first event, see `Scrapers`; nil for a reader that looks once.
    ///
    /// Complexity: linear in the text.
    package func exposition(
        _ format: ExpositionFormat = .text, scraper: String? = nil, at now: ContinuousClock.Instant = .now
    ) -> [UInt8] {
        texts.withLock { cache in
            if let scraper {
                let (reader, seesBirths) = cache.scrapers.reader(for: scraper, at: now)
                if !seesBirths { cache.refresh(families, changes, for: reader, isRecorded: true) }
                cache.refresh(families, changes, for: reader, isRecorded: true)
            } else {
                cache.refresh(families, changes, for: .sampling, isRecorded: false)
            }
            return cache.text(format)
        }
    }

    /// Reads every sample for the sample store; increments of series born since the last call show from the next one on.
    func record(_ body: (_ id: UInt64, _ labels: LabelSet, _ value: Double) -> Void) {
        var values: [Double] = []
        for family in families {
            for one in family.series {
                values.removeAll(keepingCapacity: true)
                switch one.cell {
                case .counter(let cell): values.append(cell.record(by: .sampling))
                case .gauge(let cell): values.append(cell.value)
                case .histogram(let cell): cell.record(by: .sampling).exposed(into: &values)
                }
                for (offset, value) in values.enumerated() {
                    body(one.id &+ UInt64(offset), one.sampleLabels[offset], value)
                }
            }
        }
    }
}
