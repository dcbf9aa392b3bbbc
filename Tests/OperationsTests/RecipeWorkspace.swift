import Foundation
import Logging
import Shared
import Storage
import Tabular

@testable import Operations

/// A workspace with a state directory of its own, and what tests of recipes ask of it.
struct RecipeWorkspace {
    let workspace: Workspace
    let directory: String

    static func with(_ body: (RecipeWorkspace) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("recipes-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let workspace = try Workspace(
            settings: Settings(), stateDirectory: directory, webhookURLFile: nil, configurationFile: nil,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try body(RecipeWorkspace(workspace: workspace, directory: directory))
    }

    @discardableResult
    func upload(_ csv: String, as name: String) throws -> DatasetReply {
        let bytes = Array(csv.utf8)
        let position = Locked(0)
        let source = ByteSource(
            read: { buffer in
                position.withLock { position in
                    let count = min(buffer.count, bytes.count - position)
                    bytes[position..<position + count].withUnsafeBytes { buffer.copyMemory(from: $0) }
                    position += count
                    return count
                }
            }, rewind: { position.withLock { $0 = 0 } })
        return try workspace.ingest(source, UploadRequest(name: name))
    }

    @discardableResult
    func transform(_ name: String, _ steps: [[String: JSONValue]]) throws -> TransformReply {
        try workspace.transform(name, TransformRequest(steps: steps.map { .object($0) }))
    }

    /// All exact texts, row by row; a null without text is nil.
    func rows(_ name: String, version: Int? = nil) throws -> [[String?]] {
        let table = try workspace.catalogue.table(name, version: version)
        var rows: [[String?]] = []
        try table.forEachGroup(columns: Array(table.version.columns.indices)) { _, chunks in
            for row in 0..<(chunks.first?.rows ?? 0) {
                rows.append(
                    chunks.map { chunk in
                        let text = chunk.text(at: row)
                        return text.isEmpty && chunk.nulls?.isNull(row) == true ? nil : text
                    })
            }
        }
        return rows
    }

    func runs(_ name: String, version: Int? = nil) throws -> [String: [SegmentRun]] {
        let columns = try workspace.catalogue.version(version, of: name).columns
        return Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.runs) })
    }

    /// The segment files and their sizes.
    func files() throws -> [String: Int] {
        let path = directory + "/segments"
        var sizes: [String: Int] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            sizes[name] = try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.size] as? Int
        }
        return sizes
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}
