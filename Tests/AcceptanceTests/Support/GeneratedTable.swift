import Foundation
import Shared

/// A small table whose cells follow from its name, so that whoever finds it can tell whether it is whole.
struct GeneratedTable: Sendable {
    let name: String
    let header = ["id", "label", "amount"]
    let rows: [[String]]

    init(_ name: String) {
        self.name = name
        // FNV-1a
        let seed = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let count = 5 + Int(seed % 300)
        rows = (0..<count).map { row in
            let mixed = (seed &+ UInt64(row)) &* 0x9E37_79B9_7F4A_7C15
            return ["\(row)", "né, \"\(mixed % 97)\" of \(name)", "\(mixed % 1000).\(10 + mixed % 89)"]
        }
    }

    var csv: String {
        ([header] + rows).map { row in
            row.map { $0.contains("\"") ? "\"" + $0.replacing("\"", with: "\"\"") + "\"" : $0 }.joined(separator: ",")
        }.joined(separator: "\n") + "\n"
    }

    /// Why the answer of `rows?values=text` is not this table; nil when it is, cell by cell.
    func difference(from reply: RowsReply) -> String? {
        if reply.columns != header { return "\(name): the columns are \(reply.columns)" }
        if reply.rows.count != rows.count { return "\(name): \(reply.rows.count) rows instead of \(rows.count)" }
        for (number, (found, wanted)) in zip(reply.rows, rows).enumerated() where found != wanted.map(JSONValue.string)
        {
            return "\(name), row \(number): \(found) instead of \(wanted)"
        }
        return nil
    }
}

extension DaemonProcess {
    /// The names of all datasets, page by page.
    func datasetNames() async throws -> [String] {
        var names: [String] = []
        var cursor: String?
        repeat {
            let page = try await get("/api/v1/datasets?limit=500" + (cursor.map { "&after=\($0)" } ?? ""))
                .decoded(Page<DatasetReply>.self)
            names += page.items.map(\.name)
            cursor = page.next
        } while cursor != nil
        return names
    }

    /// The cells of a dataset as their original texts.
    func texts(of name: String) async throws -> RowsReply {
        let reply = try await get("/api/v1/datasets/\(name)/rows?values=text&limit=100000")
        guard reply.status == 200 else { throw TestFailure("rows of \(name): \(reply.status) \(reply.text)") }
        return try reply.decoded(RowsReply.self)
    }

    /// The files in a folder of the state directory.
    func files(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: stateDirectory + "/" + folder)) ?? []).sorted()
    }
}
