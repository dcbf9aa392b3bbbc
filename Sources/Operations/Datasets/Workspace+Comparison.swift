import Foundation
import Shared
import Storage
import Tabular

extension Workspace {
    /// Rows that two columns of numbers are compared by; of more, evenly spaced ones.
    private static let comparedRows = 4 << 20

    /// What changed in a dataset against an earlier state of it, or against another dataset.
    ///
    /// - Parameter with: a version number, a dataset's name, or both as `name@3`; the version before without it.
    package func compare(_ reference: String, version: Int?, with: String?) throws -> ComparisonReply {
        let table = try catalogue.table(reference, version: version)
        let earlier = try self.table(with: with, of: table)
        var names = table.version.columns.map(\.name)
        names += earlier.version.columns.map(\.name).filter { !names.contains($0) }
        let ordered = names
        let columns = try Parallel.map(ordered.count, threads: settings.datasets.parserThreads) { index in
            try Self.compare(ordered[index], table, earlier)
        }
        let verdict = ComparisonReply.Verdict.allCases.last { verdict in columns.contains { $0.verdict == verdict } }
        return ComparisonReply(
            dataset: table.dataset.name, version: table.version.version, rows: table.rows,
            with: .init(dataset: earlier.dataset.name, version: earlier.version.version, rows: earlier.rows),
            columns: columns, verdict: verdict ?? .stable)
    }

    private func table(with: String?, of table: StoredTable) throws -> StoredTable {
        guard let with else {
            guard table.version.version > 1 else {
                throw Problem(
                    .requestBadParameter,
                    "\(table.dataset.name.quotedForMessage) has one version only: there is nothing earlier to compare it with.",
                    remedy: "Set with to another dataset, such as with=other or with=other@2.",
                    places: [.init(column: "with")])
            }
            return try catalogue.table(table.dataset.id, version: table.version.version - 1)
        }
        if let number = Int(with) { return try catalogue.table(table.dataset.id, version: number) }
        if let at = with.lastIndex(of: "@"), let number = Int(with[with.index(after: at)...]) {
            return try catalogue.table(String(with[..<at]), version: number)
        }
        return try catalogue.table(with)
    }

    private static func compare(
        _ name: String, _ table: StoredTable, _ earlier: StoredTable
    ) throws -> ComparisonReply.Column {
        let place = table.version.columns.firstIndex { $0.name == name }
        let placeBefore = earlier.version.columns.firstIndex { $0.name == name }
        let type = place.map { table.version.columns[$0].type }
        let typeBefore = placeBefore.map { earlier.version.columns[$0].type }
        var reply = ComparisonReply.Column(name: name, change: .same, verdict: .marked)
        reply.type = type
        reply.typeBefore = typeBefore
        guard let place, let type else {
            reply.change = .removed
            return reply
        }
        guard let placeBefore, let typeBefore else {
            reply.change = .added
            return reply
        }
        let numbers: Set<ColumnType> = [.integer, .decimal]
        let isAlike = type == typeBefore || numbers.isSuperset(of: [type, typeBefore])
        if type != typeBefore { reply.change = .retyped }
        guard isAlike else { return reply }
        if type == .text || type == .boolean {
            try compareClasses(&reply, table, place, earlier, placeBefore)
        } else {
            try compareNumbers(&reply, table, place, earlier, placeBefore)
        }
        // Nulls are the last bin.
        reply.nullShare = reply.bins?.last?.after
        reply.nullShareBefore = reply.bins?.last?.before
        reply.verdict = ComparisonReply.Verdict(psi: reply.psi ?? 0)
        return reply
    }

    private static func compareNumbers(
        _ reply: inout ComparisonReply.Column, _ table: StoredTable, _ place: Int, _ earlier: StoredTable,
        _ placeBefore: Int
    ) throws {
        let shift = NumberShift(before: try numbers(earlier, placeBefore), after: try numbers(table, place))
        reply.mean = shift.mean
        reply.meanBefore = shift.meanBefore
        reply.psi = shift.stabilityIndex
        reply.ks = shift.largestGap
        func text(_ edge: Double) -> String { String(format: "%.6g", edge) }
        var labels: [String] = []
        for (index, edge) in shift.edges.enumerated() {
            labels.append(index == 0 ? "< \(text(edge))" : "\(text(shift.edges[index - 1])) … \(text(edge))")
        }
        labels += [shift.edges.last.map { ">= \(text($0))" } ?? "all", "null"]
        reply.bins = zip(labels, zip(shift.expected, shift.found)).map { .init(label: $0, before: $1.0, after: $1.1) }
    }

    private static func numbers(_ table: StoredTable, _ column: Int) throws -> [Double] {
        let step = max(1, (table.rows + comparedRows - 1) / comparedRows)
        var numbers: [Double] = []
        numbers.reserveCapacity(table.rows / step + 1)
        for group in 0..<table.groups {
            let values = try table.chunk(column: column, group: group).numbers()
            let first = (step - table.rowStarts[group] % step) % step
            if step == 1 {
                numbers += values
            } else {
                for row in stride(from: first, to: values.count, by: step) { numbers.append(values[row]) }
            }
        }
        return numbers
    }

    private static func compareClasses(
        _ reply: inout ComparisonReply.Column, _ table: StoredTable, _ place: Int, _ earlier: StoredTable,
        _ placeBefore: Int
    ) throws {
        var shift = ClassShift()
        for group in 0..<earlier.groups { shift.addBefore(try earlier.chunk(column: placeBefore, group: group)) }
        for group in 0..<table.groups { shift.addAfter(try table.chunk(column: place, group: group)) }
        shift.finish()
        reply.psi = shift.stabilityIndex
        reply.bins = zip(shift.labels + ["other", "null"], zip(shift.expected, shift.found)).map {
            .init(label: $0, before: $1.0, after: $1.1)
        }
        guard shift.isComplete else { return }
        reply.newValues = .init(
            count: shift.newCount, most: shift.new.map { .init(value: $0.value, count: $0.count) })
        reply.goneValues = .init(
            count: shift.goneCount, most: shift.gone.map { .init(value: $0.value, count: $0.count) })
    }
}
