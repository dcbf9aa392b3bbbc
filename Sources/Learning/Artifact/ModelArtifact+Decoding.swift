import Foundation
import Shared

extension ModelArtifact {
    /// Reads what `encode` wrote, that of earlier releases too.
    ///
    /// - Throws: `.artifactDamaged` with the place, `.artifactVersion`.
    package static func decode(_ bytes: [UInt8]) throws(LearningError) -> ModelArtifact {
        let sections = try sections(bytes)
        func payload(_ section: ArtifactSection) throws(LearningError) -> ArtifactReader {
            guard let range = sections[section] else {
                throw .artifactDamaged(reason: "the section \(section.rawValue) is missing", offset: bytes.count)
            }
            return ArtifactReader(Array(bytes[range]))
        }
        let summary: ModelSummary = try json(try payload(.summary))
        var reader = try payload(.pipeline)
        let pipeline = try FittedPipeline(reader: &reader)
        reader = try payload(.model)
        let model = try FittedModels.read(&reader)
        let classes = summary.classes.count
        guard summary.task == .regression ? classes == 0 : classes >= 2, model.outputs == max(1, classes) else {
            throw .artifactDamaged(reason: "the model has another number of classes than its summary", offset: 0)
        }
        guard model.columns == nil || model.columns == pipeline.columnNames.count else {
            throw .artifactDamaged(
                reason: "the model takes another number of columns than the pipeline makes", offset: 0)
        }
        reader = try payload(.calibration)
        let (calibration, threshold, interval) = try readCalibration(&reader)
        reader = try payload(.testVectors)
        let artifact = ModelArtifact(
            summary: summary, pipeline: pipeline, model: model, calibration: calibration, threshold: threshold,
            interval: interval, profile: try json(try payload(.profile)),
            evaluation: try json(try payload(.evaluation)), leaderboard: try json(try payload(.leaderboard)),
            explanation: try json(try payload(.explanation)), testVectors: try readTestVectors(&reader))
        guard artifact.profile.features.count == pipeline.features.count else {
            throw .artifactDamaged(reason: "the profile has other features than the pipeline", offset: 0)
        }
        return artifact
    }

    /// Where each section's payload lies; every checksum is compared.
    private static func sections(_ bytes: [UInt8]) throws(LearningError) -> [ArtifactSection: Range<Int>] {
        guard bytes.count >= magic.count + 4, Array(bytes[..<magic.count]) == magic else {
            throw .artifactDamaged(reason: "it does not begin as a csvand model does", offset: 0)
        }
        var reader = ArtifactReader(bytes, offset: magic.count)
        let found: UInt16 = try reader.read()
        guard (1...version).contains(found) else { throw .artifactVersion(found: Int(found), supported: Int(version)) }
        let count: UInt16 = try reader.read()
        var offset = reader.offset
        var sections: [ArtifactSection: Range<Int>] = [:]
        for _ in 0..<count {
            guard bytes.count - offset >= sectionHeader else {
                throw .artifactDamaged(reason: "the artifact ends early", offset: offset)
            }
            let name = String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
            var header = ArtifactReader(bytes, offset: offset + 4)
            let length: UInt64 = try header.read()
            let checksum: UInt32 = try header.read()
            let start = offset + sectionHeader
            guard length <= UInt64(bytes.count - start) else {
                throw .artifactDamaged(reason: "the section \(name) is longer than the artifact", offset: offset)
            }
            let range = start..<start + Int(length)
            guard Checksum.crc32(bytes[range]) == checksum else {
                throw .artifactDamaged(reason: "the checksum of section \(name) differs", offset: start)
            }
            guard let section = ArtifactSection(rawValue: name), sections[section] == nil else {
                throw .artifactDamaged(reason: "an unknown or repeated section", offset: offset)
            }
            sections[section] = range
            offset = range.upperBound
        }
        guard offset == bytes.count else {
            throw .artifactDamaged(reason: "there are bytes after the last section", offset: offset)
        }
        return sections
    }

    private static func json<T: Decodable>(_ reader: ArtifactReader) throws(LearningError) -> T {
        var reader = reader
        return try json(try reader.readRaw(reader.remaining))
    }

    private static func json<T: Decodable>(_ bytes: [UInt8]) throws(LearningError) -> T {
        do { return try WireJSON.decode(T.self, from: Data(bytes)) } catch {
            throw .artifactDamaged(reason: "a part that should be JSON is not", offset: 0)
        }
    }

    private static func readTestVectors(_ reader: inout ArtifactReader) throws(LearningError) -> TestVectors {
        let count = try reader.readCount(elementBytes: 1)
        let rows: [[String: JSONValue]] = try json(try reader.readRaw(count))
        return TestVectors(rows: rows, outputs: try reader.readDoubles())
    }

    private static func readCalibration(
        _ reader: inout ArtifactReader
    ) throws(LearningError) -> (Calibration, Double?, PredictionInterval?) {
        let offset = reader.offset
        let calibration: Calibration
        switch try reader.read(UInt8.self) {
        case 0: calibration = .none
        case 1:
            let numbers = try reader.readDoubles()
            guard numbers.count == 2 else { throw .artifactDamaged(reason: "the calibration", offset: offset) }
            calibration = .platt(slope: numbers[0], intercept: numbers[1])
        case 2:
            let (from, to) = (try reader.readDoubles(), try reader.readDoubles())
            guard from.count == to.count else { throw .artifactDamaged(reason: "the calibration", offset: offset) }
            calibration = .isotonic(from: from, to: to)
        case 3: calibration = .temperature(try reader.readDouble())
        default: throw .artifactDamaged(reason: "the kind of calibration", offset: offset)
        }
        let hasThreshold = try reader.readBool()
        let threshold = try reader.readDouble()
        var interval: PredictionInterval?
        if try reader.readBool() {
            interval = PredictionInterval(
                cuts: try reader.readDoubles(), low: try reader.readDoubles(), high: try reader.readDoubles())
        }
        return (calibration, hasThreshold ? threshold : nil, interval)
    }
}
