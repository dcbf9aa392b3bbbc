import Foundation
import Shared

/// The parts of a stored model, by the four characters that begin each.
enum ArtifactSection: String, CaseIterable {
    case summary = "SUMM"
    case pipeline = "PIPE"
    case model = "MODL"
    case calibration = "CALI"
    case profile = "PROF"
    case evaluation = "EVAL"
    case leaderboard = "LEAD"
    case explanation = "EXPL"
    case testVectors = "TEST"
}

extension ModelArtifact {
    static let magic = Array("CSVANDML".utf8)
    /// The format that is written, and the newest that is read; since 2 free text has topics, since 3 leaves keep
    /// what is not 0.
    package static let version: UInt16 = 3
    /// Bytes before a section's payload: name, length, checksum.
    static let sectionHeader = 16

    /// The model as bytes; see docs/model-artifact.md.
    package func encode() throws(LearningError) -> [UInt8] {
        var writer = ArtifactWriter()
        writer.write(raw: Self.magic)
        writer.write(Self.version)
        writer.write(UInt16(ArtifactSection.allCases.count))
        for section in ArtifactSection.allCases {
            let payload = try payload(section)
            writer.write(raw: Array(section.rawValue.utf8))
            writer.write(UInt64(payload.count))
            writer.write(Checksum.crc32(payload))
            writer.write(raw: payload)
        }
        return writer.bytes
    }

    private func payload(_ section: ArtifactSection) throws(LearningError) -> [UInt8] {
        var writer = ArtifactWriter()
        switch section {
        case .summary: return try Self.json(summary)
        case .evaluation: return try Self.json(evaluation)
        case .leaderboard: return try Self.json(leaderboard)
        case .explanation: return try Self.json(explanation)
        case .profile: return try Self.json(profile)
        case .pipeline: pipeline.write(to: &writer)
        case .model: FittedModels.write(model, to: &writer)
        case .calibration: writeCalibration(to: &writer)
        case .testVectors:
            let rows = try Self.json(testVectors.rows)
            writer.write(UInt32(rows.count))
            writer.write(raw: rows)
            writer.write(testVectors.outputs)
        }
        return writer.bytes
    }

    private static func json(_ value: some Encodable) throws(LearningError) -> [UInt8] {
        do { return try [UInt8](WireJSON.encode(value)) } catch {
            throw .artifactDamaged(reason: "a part of the model cannot be written as JSON", offset: 0)
        }
    }

    private func writeCalibration(to writer: inout ArtifactWriter) {
        switch calibration {
        case .none: writer.write(UInt8(0))
        case .platt(let slope, let intercept):
            writer.write(UInt8(1))
            writer.write([slope, intercept])
        case .isotonic(let from, let to):
            writer.write(UInt8(2))
            writer.write(from)
            writer.write(to)
        case .temperature(let temperature):
            writer.write(UInt8(3))
            writer.write(temperature)
        }
        writer.write(threshold != nil)
        writer.write(threshold ?? 0)
        writer.write(interval != nil)
        if let interval {
            writer.write(interval.cuts)
            writer.write(interval.low)
            writer.write(interval.high)
        }
    }
}
