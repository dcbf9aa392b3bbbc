import Shared
import Tabular

extension FittedPipeline {
    /// Appends each feature with its encoder.
    func write(to writer: inout ArtifactWriter) {
        writer.write(UInt32(features.count))
        for (feature, encoder) in zip(features, encoders) {
            writer.write(feature.name)
            writer.write(feature.type.rawValue)
            writer.write(feature.dateOrder.rawValue)
            writer.write(feature.falseWord)
            writer.write(feature.trueWord)
            encoder.write(to: &writer)
        }
    }

    /// - Throws: `.artifactDamaged`, also for an encoder that does not suit its feature's type.
    init(reader: inout ArtifactReader) throws(LearningError) {
        let count = try reader.readCount(elementBytes: 14)
        var features: [RawFeature] = []
        var encoders: [FeatureEncoder] = []
        for _ in 0..<count {
            let offset = reader.offset
            let name = try reader.readString()
            guard let type = ColumnType(rawValue: try reader.readString()),
                let order = DateFormat.Order(rawValue: try reader.read())
            else { throw .artifactDamaged(reason: "the type of a feature", offset: offset) }
            let words = (try reader.readString(), try reader.readString())
            features.append(
                RawFeature(name: name, type: type, dateOrder: order, falseWord: words.0, trueWord: words.1))
            let encoder = try FeatureEncoder(reader: &reader)
            guard encoder.suits(type) else {
                throw .artifactDamaged(reason: "an encoder for another type", offset: offset)
            }
            encoders.append(encoder)
        }
        self.init(features: features, encoders: encoders)
    }
}

extension FeatureEncoder {
    func write(to writer: inout ArtifactWriter) {
        switch self {
        case .number: writer.write(UInt8(1))
        case .category(let labels):
            writer.write(UInt8(2))
            writer.write(labels.texts)
        case .manyCategories(let labels, let statistics):
            writer.write(UInt8(3))
            writer.write(labels.texts)
            writer.write(statistics.prior)
            writer.write(statistics.labels.texts)
            writer.write(statistics.means)
        case .calendar(let hasTime):
            writer.write(UInt8(4))
            writer.write(hasTime)
        case .text(let terms):
            writer.write(UInt8(terms.topics == nil ? 5 : 6))
            terms.write(to: &writer)
        }
    }

    init(reader: inout ArtifactReader) throws(LearningError) {
        let offset = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: self = .number
        case 2: self = .category(labels: LabelIndex(try reader.readStrings()))
        case 3:
            let labels = try reader.readStrings()
            let statistics = TargetStatistics(
                prior: try reader.readDoubles(), labels: try reader.readStrings(), means: try reader.readDoubles())
            guard statistics.means.count == statistics.labels.count * statistics.prior.count,
                !statistics.prior.isEmpty
            else { throw .artifactDamaged(reason: "the target statistics of a feature", offset: offset) }
            self = .manyCategories(labels: LabelIndex(labels), statistics: statistics)
        case 4: self = .calendar(hasTime: try reader.readBool())
        case 5: self = .text(try TextTerms(reader: &reader, hasTopics: false))
        case 6: self = .text(try TextTerms(reader: &reader, hasTopics: true))
        default: throw .artifactDamaged(reason: "the kind of an encoder", offset: offset)
        }
    }

    func suits(_ type: ColumnType) -> Bool {
        switch self {
        case .number: type == .integer || type == .decimal || type == .boolean
        case .category, .manyCategories, .text: type == .text
        case .calendar: type == .date || type == .timestamp
        }
    }
}

extension ArtifactWriter {
    /// Count as UInt32, then the strings.
    mutating func write(_ values: [String]) {
        write(UInt32(values.count))
        for value in values { write(value) }
    }
}

extension ArtifactReader {
    mutating func readStrings() throws(LearningError) -> [String] {
        let count = try readCount(elementBytes: 4)
        var values: [String] = []
        for _ in 0..<count { values.append(try readString()) }
        return values
    }
}
