/// The last text of each family.
struct ExpositionCache: Sendable {
    private(set) var families: [FamilyText] = []
    var scrapers: Scrapers
    /// Who the texts were last written for.
    private var reader: MetricReader?
    private var wholes: [ExpositionFormat: WholeText] = [:]
    private var values: [Double] = []

    init(startedAt: ContinuousClock.Instant = .now) { scrapers = Scrapers(startedAt: startedAt) }

    /// Brings every family's text up to date with what a reader may see. Families in which nothing has changed since the same reader's
    /// last time are passed over.
    ///
    /// - Parameter isRecorded: whether the reader keeps what it reads, and so sees increments the next time.
    mutating func refresh(
        _ current: [MetricFamily], _ changes: ChangeMarks, for reader: MetricReader, isRecorded: Bool
    ) {
        while families.count < current.count { families.append(FamilyText()) }
        // Taken before the values are read: what changes from here on marks its family again.
        let marked = changes.take()
        let isAnother = self.reader != reader
        self.reader = reader
        for position in current.indices where isAnother || marked.contains(position) {
            let (series, version) = current[position].versioned
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

    /// The text of all families.
    mutating func text(_ format: ExpositionFormat) -> [UInt8] {
        wholes[format, default: WholeText(format)].text(families)
    }
}

/// The text of all families in one format. What changed and kept its length is written over the old.
struct WholeText: Sendable {
    /// Before the samples of each family that has any.
    private let headers: [[UInt8]]
    private let end: [UInt8]
    private var bytes: [UInt8] = []
    /// By family: where its samples are, and the revision that stands there.
    private var places: [Range<Int>] = []
    private var revisions: [Int] = []

    init(_ format: ExpositionFormat) {
        headers = MetricCatalogue.all.map { ExpositionText.header($0, format) }
        end = format == .openMetrics ? ExpositionText.end : []
    }

    mutating func text(_ families: [FamilyText]) -> [UInt8] {
        if revisions.count != families.count || !overwrite(families) { write(families) }
        return bytes
    }

    /// False if a family that changed does not fit in its place.
    private mutating func overwrite(_ families: [FamilyText]) -> Bool {
        for position in families.indices where families[position].revision != revisions[position] {
            let place = places[position]
            guard families[position].bytes.count == place.count else { return false }
            bytes.replaceSubrange(place, with: families[position].bytes)
            revisions[position] = families[position].revision
        }
        return true
    }

    private mutating func write(_ families: [FamilyText]) {
        bytes = []
        bytes.reserveCapacity(families.reduce(8_192) { $0 + $1.bytes.count })
        places.removeAll(keepingCapacity: true)
        for (family, header) in zip(families, headers) {
            if !family.bytes.isEmpty { bytes.append(contentsOf: header) }
            places.append(bytes.count..<bytes.count + family.bytes.count)
            bytes.append(contentsOf: family.bytes)
        }
        bytes.append(contentsOf: end)
        revisions = families.map(\.revision)
    }
}

/// The lines of one family's samples, with the places of their numbers.
struct FamilyText: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Changes whenever the bytes may have.
    private(set) var revision = 0
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
            revision += 1
        }
        return true
    }

    private mutating func write(_ series: [MetricSeries], _ values: [Double]) {
        revision += 1
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
