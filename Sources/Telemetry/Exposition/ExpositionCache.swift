/// The last text of each family.
struct ExpositionCache: Sendable {
    private(set) var families: [FamilyText] = []
    var scrapers: Scrapers
    private var values: [Double] = []

    init(startedAt: ContinuousClock.Instant = .now) { scrapers = Scrapers(startedAt: startedAt) }

    /// Brings every family's text up to date with what a reader may see. Families in which nothing has changed since the same reader's
    /// last time are passed over.
    ///
    /// - Parameter isRecorded: whether the reader keeps what it reads, and so sees increments the next time.
    mutating func refresh(_ current: [MetricFamily], for reader: MetricReader, isRecorded: Bool) {
        while families.count < current.count { families.append(FamilyText()) }
        for (position, family) in current.enumerated() {
            // Taken before the values are read: what changes from here on marks the family again.
            if !family.mark.take(), families[position].reader == reader { continue }
            families[position].reader = reader
            let (series, version) = family.versioned
            values.removeAll(keepingCapacity: true)
            for one in series {
                switch one.cell {
                case .counter(let cell):
                    values.append(isRecorded ? cell.record(by: reader) : cell.visible(to: reader))
                case .gauge(let cell): values.append(cell.value)
                case .histogram(let cell):
                    (isRecorded ? cell.record(by: reader) : cell.visible(to: reader)).exposed(into: &values)
                }
            }
            families[position].refresh(series, version: version, values)
        }
    }
}

/// The lines of one family's samples, with the places of their numbers.
struct FamilyText: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Who the text was last written for.
    var reader: MetricReader?
    private var version = -1
    private var bits: [UInt64] = []
    private var places: [Range<Int>] = []

    mutating func refresh(_ series: [MetricSeries], version: Int, _ values: [Double]) {
        if version == self.version, overwrite(values) { return }
        self.version = version
        write(series, values)
    }

    /// Writes changed numbers over the old ones; false if one does not fit.
    private mutating func overwrite(_ values: [Double]) -> Bool {
        var digits: [UInt8] = []
        for position in values.indices where values[position].bitPattern != bits[position] {
            digits.removeAll(keepingCapacity: true)
            MetricNumber.append(values[position], to: &digits)
            let place = places[position]
            guard digits.count == place.count else { return false }
            bytes.replaceSubrange(place, with: digits)
            bits[position] = values[position].bitPattern
        }
        return true
    }

    private mutating func write(_ series: [MetricSeries], _ values: [Double]) {
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        bits = values.map(\.bitPattern)
        var position = 0
        for one in series {
            for prefix in one.prefixes {
                bytes.append(contentsOf: prefix)
                let start = bytes.count
                MetricNumber.append(values[position], to: &bytes)
                places.append(start..<bytes.count)
                bytes.append(UInt8(ascii: "\n"))
                position += 1
            }
        }
    }
}
