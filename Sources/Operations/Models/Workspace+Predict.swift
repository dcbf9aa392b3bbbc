import Foundation
import Learning
import Shared
import Storage
import Tabular

extension Workspace {
    /// Most rows that are predicted without a thread change, which takes longer than they do.
    private static let mostRowsAtOnce = 4
    /// Most seconds that they may take by what training measured: a model of neighbours looks at all its rows.
    private static let mostSecondsAtOnce = 0.001

    /// Whether the answer is a matter of microseconds: a few rows without contributions, for a quick model that is at hand.
    package func answersAtOnce(_ reference: String, _ request: PredictRequest) -> Bool {
        guard request.rows.count <= Self.mostRowsAtOnce, request.explain != true,
            let predictor = models.ready(reference)
        else { return false }
        return Double(request.rows.count) * predictor.secondsPerRow <= Self.mostSecondsAtOnce
    }

    /// Predicts rows of JSON; the answer is a `PredictReply` as JSON.
    package func predict(_ reference: String, _ request: PredictRequest) throws -> [UInt8] {
        let model = try models.record(reference)
        let started = ContinuousClock.now
        let predictor = try models.predictor(for: model)
        let reply = try predictor.reply(
            to: request, model: model.reply.name, version: model.reply.version,
            counting: drift.counts(for: model, predictor.drift))
        count(rows: reply.predictions.count, of: model, since: started)
        return JSONText.reply(reply)
    }

    /// Predicts every row of a CSV; the answer is the same rows with the prediction's columns behind them.
    package func predict(_ reference: String, csv: [UInt8]) throws -> [UInt8] {
        let model = try catalogue.model(reference)
        let started = ContinuousClock.now
        let predictor = try models.predictor(for: model)
        let table = try MemoryTable.read(csv, limits: readLimits)
        let predictions = try predictor.predict(table, counting: drift.counts(for: model, predictor.drift))
        let isRegression = model.reply.task == .regression
        let added =
            ["prediction"]
            + (isRegression ? ["prediction_low", "prediction_high"] : model.reply.classes.map { "probability_" + $0 })
        var text = CSVText()
        text.appendRow(table.columns.map(\.name) + added)
        var cells = table.columns.map(ColumnCells.init)
        for (row, prediction) in predictions.enumerated() {
            var fields = cells.indices.map { cells[$0].text(at: row) }
            fields.append(prediction.prediction.plainText)
            if isRegression {
                fields += (prediction.interval ?? []).map { String($0) }
                fields += [String](repeating: "", count: max(0, 2 - (prediction.interval?.count ?? 0)))
            } else {
                fields += model.reply.classes.map { prediction.probabilities?[$0].map { String($0) } ?? "" }
            }
            text.appendRow(fields)
        }
        count(rows: predictions.count, of: model, since: started)
        return text.bytes
    }

    private func count(rows: Int, of model: ModelRecord, since started: ContinuousClock.Instant) {
        supervision.registry.increment(.predictions, model.reply.name, by: Double(rows))
        supervision.registry.observe(.predictionDuration, value: (ContinuousClock.now - started) / .seconds(1))
    }
}

/// Reads a whole CSV into memory, for bodies that are answered at once.
enum MemoryTable {
    /// - Throws: as an upload does; also `csv.strict` for a row that an upload would set aside, since each row needs its answer.
    static func read(
        _ csv: [UInt8], options: ReadOptions = ReadOptions(strict: true), limits: ReadLimits
    ) throws -> DataTable {
        let position = Locked(0)
        let source = ByteSource(
            read: { buffer in
                position.withLock { position in
                    let count = min(buffer.count, csv.count - position)
                    csv.withUnsafeBytes {
                        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
                    }
                    position += count
                    return count
                }
            }, rewind: { position.withLock { $0 = 0 } })
        let groups = Locked<[RowGroup]>([])
        let summary = try TableReader(options: options, limits: limits, threads: 1).read(
            source, onStart: { _ in groups.withLock { $0 = [] } },
            onRowGroup: { group in groups.withLock { $0.append(group) } })
        let ordered = groups.current.sorted { $0.index < $1.index }
        let recasts = Set(summary.recasts.map { [$0.column, $0.rowGroup] })
        return DataTable(
            columns: summary.columns.enumerated().map { column, described in
                TableColumn(
                    name: described.name, type: described.type,
                    chunks: ordered.map { group in
                        guard recasts.contains([column, group.index]) else { return group.chunks[column] }
                        return summary.recast(group.chunks[column], column: column)
                    })
            })
    }
}

/// The exact texts of a column by row.
struct ColumnCells {
    private let column: TableColumn
    private var chunk = 0
    private var start = 0

    init(_ column: TableColumn) { self.column = column }

    /// Rows must be asked for in rising order.
    mutating func text(at row: Int) -> String {
        while chunk < column.chunks.count, row - start >= column.chunks[chunk].rows {
            start += column.chunks[chunk].rows
            chunk += 1
        }
        return chunk < column.chunks.count ? column.chunks[chunk].text(at: row - start) : ""
    }
}
