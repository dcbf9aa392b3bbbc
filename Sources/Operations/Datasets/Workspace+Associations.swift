import Foundation
import Shared
import Storage
import Tabular

extension Workspace {
    /// From this strength on, a pair is remarked on.
    private static let strong = 0.9
    /// From this strength on, a column gives the target away.
    private static let leaking = 0.97

    /// How the columns of a version go together. `columns` chooses; without it, every column that can be compared, the first hundred.
    ///
    /// Versions do not change, so that the latest answers are kept. Memory: a row group of the columns at a time, and 1.6 MB a column of
    /// numbers for ranks.
    package func associations(
        of reference: String, version: Int?, columns chosen: [String]?, target: String?,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> AssociationReply {
        let table = try catalogue.table(reference, version: version)
        let profile = try profile(of: reference, version: table.version.version)
        if let target { _ = try table.column(named: target) }
        let (places, leftOut) = try comparable(table, profile, chosen)
        let key = AssociationShelf.Key(dataset: table.dataset.id, version: table.version.version, columns: places)
        let pairs = try studies.pairs(key) { try study(table, profile, places, isCancelled: isCancelled) }
        return AssociationReply(
            dataset: table.dataset.name, version: table.version.version, rows: table.rows,
            columns: places.map { profile.columns[$0].name }, leftOut: leftOut, pairs: pairs,
            rankedRows: AssociationStudy.rankedRows(of: table.rows), warnings: Self.warnings(pairs, target: target))
    }

    /// Every pair of the columns, strongest first.
    private func study(
        _ table: StoredTable, _ profile: ProfileReply, _ places: [Int], isCancelled: () -> Bool
    ) throws -> [AssociationReply.Pair] {
        let study = AssociationStudy(
            columns: places.map { place in
                let column = profile.columns[place]
                return .init(name: column.name, type: column.type, centre: column.mean ?? 0)
            }, rows: table.rows)
        let threads = settings.datasets.parserThreads
        for group in 0..<table.groups {
            if isCancelled() { throw CancellationError() }
            let values = try Parallel.map(places.count, threads: threads) { index in
                study.prepare(
                    try table.chunk(column: places[index], group: group), column: index,
                    firstRow: table.rowStarts[group])
            }
            _ = try Parallel.map(study.pairs.count, threads: threads) { study.add(values, pair: $0) }
        }
        let pairs = try Parallel.map(study.pairs.count, threads: threads) { number in
            let (pair, found) = (study.pairs[number], study.finish(pair: number))
            return AssociationReply.Pair(
                x: study.columns[pair.x].name, y: study.columns[pair.y].name, kind: found.kind.rawValue,
                value: found.value, spearman: found.spearman, rows: found.rows)
        }
        return pairs.sorted { (abs($1.value ?? 0), $0.x, $0.y) < (abs($0.value ?? 0), $1.x, $1.y) }
    }

    /// Columns that can be compared, and the others with the reason.
    private func comparable(
        _ table: StoredTable, _ profile: ProfileReply, _ chosen: [String]?
    ) throws -> ([Int], [AssociationReply.LeftOut]) {
        var places: [Int] = []
        var leftOut: [AssociationReply.LeftOut] = []
        for place in try chosen?.map({ try table.column(named: $0) }) ?? Array(profile.columns.indices) {
            let column = profile.columns[place]
            let reason: String? =
                if column.type == .text, column.distinct > AssociationStudy.mostClasses {
                    "It has \(column.distinct) different texts; up to \(AssociationStudy.mostClasses) are compared."
                } else if column.distinct < 2 {
                    "It does not vary."
                } else if places.count == AssociationStudy.mostColumns {
                    "\(AssociationStudy.mostColumns) columns are compared at a time; choose others by columns."
                } else {
                    nil
                }
            if let reason {
                leftOut.append(.init(column: column.name, reason: reason))
            } else if !places.contains(place) {
                places.append(place)
            }
        }
        return (places, leftOut)
    }

    private static func warnings(_ pairs: [AssociationReply.Pair], target: String?) -> [ProfileWarningReply] {
        pairs.compactMap { pair in
            let strength = abs(pair.value ?? 0)
            let figure = String(format: "%.3f", pair.value ?? 0)
            if let target, pair.x == target || pair.y == target, strength >= leaking {
                let other = pair.x == target ? pair.y : pair.x
                return ProfileWarningReply(
                    kind: "target_leakage", column: other,
                    text:
                        "\(other.quotedForMessage) all but determines \(target.quotedForMessage) (\(figure)): is it known before?"
                )
            }
            guard strength >= strong else { return nil }
            return ProfileWarningReply(
                kind: "strong_correlation", column: pair.y,
                text: "\(pair.x.quotedForMessage) and \(pair.y.quotedForMessage) go together (\(pair.kind) \(figure)).")
        }
    }

    /// Hashes that are held at a time.
    private static let duplicateRows = 16 << 20

    /// Rows with the same values in all columns, or in the chosen ones.
    package func duplicates(
        of reference: String, version: Int?, columns chosen: [String]?,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws -> DuplicatesReply {
        let table = try catalogue.table(reference, version: version)
        let places = try chosen?.map { try table.column(named: $0) } ?? Array(table.version.columns.indices)
        guard table.rows <= Self.duplicateRows else {
            throw Problem(
                .requestTooLarge,
                "\(table.dataset.name.quotedForMessage) has \(table.rows) rows; repeated ones are looked for in up to \(Self.duplicateRows).",
                remedy: "Ask in SQL with GROUP BY and HAVING count(*) > 1.")
        }
        let groups = try Parallel.map(table.groups, threads: settings.datasets.parserThreads) { group in
            if isCancelled() { throw CancellationError() }
            var hashes = [UInt64](repeating: 0, count: table.version.rowCounts[group])
            for place in places {
                DuplicateRows.mix(try table.chunk(column: place, group: group), column: place, into: &hashes)
            }
            return hashes
        }
        let found = DuplicateRows(hashes: Array(groups.joined()))
        return DuplicatesReply(
            dataset: table.dataset.name, version: table.version.version, rows: table.rows,
            columns: places.map { table.version.columns[$0].name }, repeated: found.repeated, groups: found.groups,
            largest: found.largest.map { .init(count: $0.count, rows: $0.rows) })
    }
}
