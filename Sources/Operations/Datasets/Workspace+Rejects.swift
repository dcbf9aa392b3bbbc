import Foundation
import Shared
import Storage
import Tabular

/// A rejected row, corrected: its whole text, or its cells one by one. With neither, the row is tried again as it was.
package struct RejectRepair: Codable, Sendable {
    package var text: String?
    /// An empty cell and null are both no value.
    package var cells: [String?]?

    package init(text: String? = nil, cells: [String?]? = nil) {
        self.text = text
        self.cells = cells
    }
}

/// Rejected rows, corrected, by their numbers.
package struct RejectRepairs: Codable, Sendable {
    package struct Item: Codable, Sendable {
        package var number: Int
        package var text: String?
        package var cells: [String?]?

        package init(number: Int, text: String? = nil, cells: [String?]? = nil) {
            self.number = number
            self.text = text
            self.cells = cells
        }
    }

    package var items: [Item]
    /// `stop` (the default): all rows or none; `skip`: rows that do not fit stay aside.
    package var onError: TransformRequest.OnError?

    package init(items: [Item], onError: TransformRequest.OnError? = nil) {
        self.items = items
        self.onError = onError
    }
}

/// The dataset with the rows that came in, and why others did not.
package struct ReadmitReply: Encodable, Sendable {
    package var dataset: DatasetReply
    package var admitted: Int
    package var refused: [Problem]

    private enum CodingKeys: String, CodingKey { case admitted, refused }

    /// The dataset's own fields, with these beside them.
    package func encode(to encoder: any Encoder) throws {
        try dataset.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(admitted, forKey: .admitted)
        try container.encode(refused, forKey: .refused)
    }
}

extension Workspace {
    /// Adds a rejected row to the dataset after its correction, as the last row of a new version.
    ///
    /// - Throws: `csv.type_mismatch` when a cell does not fit its column; the row then stays where it was.
    package func readmit(_ number: Int, of reference: String, repair: RejectRepair) throws -> DatasetReply {
        try admitWork()
        let base = try catalogue.table(reference)
        var batch = repairBatch(base)
        try batch.add(
            try catalogue.reject(number, of: base.version, dataset: base.dataset.name), text: repair.text,
            cells: repair.cells)
        if let problem = try batch.misfits().values.first { throw problem }
        return try store(batch)
    }

    /// Adds rejected rows after their correction, in the order given, as the last rows of one new version.
    ///
    /// - Throws: the reasons of all rows that do not fit, unless they may be left out; the dataset then stays as it was.
    package func readmit(_ repairs: RejectRepairs, of reference: String) throws -> ReadmitReply {
        try admitWork()
        let base = try catalogue.table(reference)
        let rejects = Dictionary(
            uniqueKeysWithValues: try catalogue.rejects(of: base.version, after: 0, limit: Int(Int32.max)).map {
                ($0.number, $0)
            })
        try check(repairs, rejects, base.dataset.name)
        var batch = repairBatch(base)
        var refused: [Int: Problem] = [:]
        for item in repairs.items {
            guard let rejected = rejects[item.number] else { continue }
            do {
                try batch.add(rejected, text: item.text, cells: item.cells)
            } catch {
                refused[item.number] = ErrorTranslation.problem(for: error)
            }
        }
        for (row, problem) in try batch.misfits() { refused[batch.rows[row].rejected.number] = problem }
        let problems = repairs.items.compactMap { item in
            refused[item.number].map { problem in
                var problem = problem
                problem.detail = "Rejected row \(item.number): \(problem.detail)"
                return problem
            }
        }
        batch.leaveOut { refused[$0] != nil }
        guard let first = problems.first, repairs.onError != .skip || batch.rows.isEmpty else {
            return ReadmitReply(dataset: try store(batch), admitted: batch.rows.count, refused: problems)
        }
        guard problems.count > 1 else { throw first }
        throw Problem(
            .csvTypeMismatch,
            "\(problems.count) of \(repairs.items.count) rows cannot come in. "
                + problems.prefix(3).map(\.detail).joined(separator: " ") + (problems.count > 3 ? " ..." : ""),
            remedy: "Correct these rows, or send on_error as skip so that the others come in.",
            places: problems.flatMap { $0.places ?? [] })
    }

    private func repairBatch(_ base: StoredTable) -> RepairBatch {
        RepairBatch(base, limits: readLimits) { [catalogue] in try catalogue.version($0, of: base.dataset.id) }
    }

    private func check(_ repairs: RejectRepairs, _ rejects: [Int: RejectReply], _ dataset: String) throws {
        guard !repairs.items.isEmpty else {
            throw Problem(
                .requestBadParameter, "There is no row to repair.",
                remedy: "Send items as {\"items\":[{\"number\":1,\"text\":\"a,b\"}]}.", places: [.init(column: "items")]
            )
        }
        var seen = Set<Int>()
        for item in repairs.items {
            guard rejects[item.number] != nil else {
                throw StorageError.rejectNotFound(dataset: dataset, number: item.number)
            }
            guard seen.insert(item.number).inserted else {
                throw Problem(
                    .requestBadParameter, "The rejected row \(item.number) comes twice.",
                    remedy: "Name each row once.", places: [.init(column: "items")])
            }
        }
    }

    /// Names a version with the batch's rows as row groups of their own.
    private func store(_ batch: RepairBatch) throws -> DatasetReply {
        let base = batch.base
        let version = base.version
        let writer = try catalogue.segments.makeFile()
        var columns: [ColumnRecord] = []
        let file: SealedSegmentFile
        do {
            for (position, column) in version.columns.enumerated() {
                var column = column
                for (group, part) in batch.parts.enumerated() {
                    let chunk = try batch.parsed(position, part).chunk
                    try writer.append(column: position, rowGroup: group, SegmentCodec.encode(chunk))
                    column.nullable = column.nullable || (chunk.nulls?.nullCount ?? 0) > 0
                }
                columns.append(column)
            }
            file = try writer.seal()
        } catch {
            writer.abandon()
            throw error
        }
        for position in columns.indices {
            columns[position].runs.append(
                SegmentRun(
                    firstGroup: version.rowCounts.count, groups: batch.parts.count, file: file.id, fileColumn: position)
            )
        }
        let admitted = Set(batch.rows.map(\.rejected.number))
        let work = VersionWork(workspace: self, base: base, current: version.version)
        let (dataset, stored) = try work.name(
            columns, version.rowCounts + batch.parts.map(\.count), files: [file], origin: "repair",
            step: VersionStep(base: version.version),
            rejects: try catalogue.rejects(of: version, after: 0, limit: Int(Int32.max)).filter {
                !admitted.contains($0.number)
            })
        return dataset.reply(stored)
    }
}
