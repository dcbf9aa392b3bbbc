import Foundation
import Shared

/// What a change of a dataset did, for people.
enum TransformText {
    private struct Change: Decodable {
        struct Step: Decodable {
            var op: String
            var text: String
            var misfits: [Misfit]?
            var notes: [String]?
        }

        struct Misfit: Decodable {
            var column: String
            var row: Int
            var text: String
        }

        var name: String
        var version: Int
        var rows: Int
        var columns: [ColumnReply]
        var steps: [Step]?
        var skipped: [Problem]?
        var rowsAfter: Int?
        var columnsAfter: [ColumnReply]?
    }

    /// Sends a request that changes a dataset and prints a line for each step and one for the dataset.
    static func show(_ request: ControlRequest, in session: Session, dryRun: Bool = false) throws {
        try session.show(request, as: Change.self) { change in
            var lines = (change.steps ?? []).map { "\($0.op): \($0.text)" }
            for step in change.steps ?? [] {
                lines += (step.misfits ?? []).map { "does not fit: '\($0.text)' in row \($0.row) of \($0.column)" }
                lines += step.notes ?? []
            }
            lines += (change.skipped ?? []).map { "left out: \($0.detail)" }
            let rows = Quantities.count(change.rowsAfter ?? change.rows)
            let columns = (change.columnsAfter ?? change.columns).count
            lines.append(
                dryRun
                    ? "\(change.name) would have \(rows) rows, \(columns) columns"
                    : "\(change.name) is now version \(change.version): \(rows) rows, \(columns) columns")
            return lines.map { PrintableText.line($0) }.joined(separator: "\n")
        }
    }
}

extension JSONValue {
    /// A step as `--op` takes it.
    var stepText: String {
        guard case .object(let fields) = self else { return plainText }
        let rest = fields.filter { $0.key != "op" && $0.key != "column" }.sorted { $0.key < $1.key }
        let column = fields["column"].map { ":" + $0.plainText } ?? ""
        return (fields["op"]?.plainText ?? "") + column + rest.map { ":\($0.key)=\($0.value.plainText)" }.joined()
    }
}
