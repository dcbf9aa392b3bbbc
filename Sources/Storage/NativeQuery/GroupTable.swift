import Shared
import Tabular

/// The groups of a query: what the row groups found, joined in the order of the row groups, so that sums of reals do not depend on which
/// thread was first.
final class GroupTable {
    private struct State {
        var counts: [Int64] = []
        var integers: [Int64] = []
        var reals: [Double] = []
        var texts: [[UInt8]?] = []
    }

    private let plan: GroupPlan
    private let types: [SQLCellKind]
    private var interner = TextInterner()
    private var rows: [Int64] = []
    private var states: [State]
    private var distinct: [TextInterner]
    private var distinctCounts: [[Int64]]

    /// What groups may take; more are left to SQLite, whose sorter goes to files.
    private static let byteLimit = 96 << 20

    /// `types` are those of the values that are joined.
    init(_ plan: GroupPlan, _ types: [SQLCellKind]) {
        self.plan = plan
        self.types = types
        states = plan.aggregates.map { _ in State() }
        let count = plan.aggregates.count { $0.function == .countDistinct }
        distinct = Array(repeating: TextInterner(), count: count)
        distinctCounts = Array(repeating: [], count: count)
        if plan.keys.isEmpty { _ = group(ofKey: []) }
    }

    var count: Int { rows.count }

    private func group(ofKey key: [UInt8]) -> Int {
        let group = key.withUnsafeBytes { interner.code($0) }
        guard group == rows.count else { return group }
        rows.append(0)
        for place in states.indices {
            states[place].counts.append(0)
            switch types[place] {
            case .integer: states[place].integers.append(0)
            case .real: states[place].reals.append(0)
            case .text: states[place].texts.append(nil)
            }
        }
        for place in distinctCounts.indices { distinctCounts[place].append(0) }
        return group
    }

    /// Adds rows to the only group.
    func addRows(_ count: Int) { rows[0] += Int64(count) }

    /// Joins a row group's groups.
    ///
    /// Throws: `NativeRefusal` when they are too many for memory.
    func add(_ partial: GroupPartial) throws(NativeRefusal) {
        var key: [UInt8] = []
        var groups = [Int](repeating: -1, count: partial.rows.count)
        for local in partial.rows.indices where partial.rows[local] > 0 {
            key.removeAll(keepingCapacity: true)
            partial.keys.append(local, to: &key)
            let group = group(ofKey: key)
            groups[local] = group
            rows[group] += partial.rows[local]
            for place in states.indices { join(partial, local, place, group) }
        }
        for (place, found) in partial.distinct.enumerated() { join(found, place, groups) }
        let texts = interner.texts.bytes.count + distinct.reduce(0) { $0 + $1.texts.bytes.count + $1.count * 16 }
        guard texts + rows.count * (32 + states.count * 24) < Self.byteLimit else { throw NativeRefusal("many groups") }
    }

    private func join(_ partial: GroupPartial, _ local: Int, _ place: Int, _ group: Int) {
        let found = partial.aggregates[place]
        let count = found.counts.map { $0[local] } ?? partial.rows[local]
        guard count > 0 else { return }
        let function = plan.aggregates[place].function
        let isFirst = states[place].counts[group] == 0
        states[place].counts[group] += count
        switch found.mode {
        case .counted: break
        case .text: join(text: found, partial, local, place, group, isFirst)
        case .integer where types[place] == .integer:
            let value = found.integers[local]
            join(&states[place].integers[group], value, function, isFirst) { $0 &+ $1 }
        case .integer where types[place] == .text:
            guard case .column(let column, _) = found.aggregate.input else { return }
            let values = partial.values[column]
            let text = ISOText.bytes(found.integers[local], type: values.type, isZoned: false)
            join(text: text, function, place, group)
        case .integer:
            join(&states[place].reals[group], Double(found.integers[local]), function, isFirst) { $0 + $1 }
        case .fixed(let scale):
            let value = Double(found.integers[local]) / powersOfTen[scale]
            join(&states[place].reals[group], value, function, isFirst) { $0 + $1 }
        case .real: join(&states[place].reals[group], found.reals[local], function, isFirst) { $0 + $1 }
        }
    }

    @inline(__always)
    private func join<T: Comparable>(
        _ state: inout T, _ value: T, _ function: GroupPlan.Function, _ isFirst: Bool, _ add: (T, T) -> T
    ) {
        if isFirst { return state = value }
        switch function {
        case .least: state = min(state, value)
        case .greatest: state = max(state, value)
        default: state = add(state, value)
        }
    }

    private func join(
        text found: PartialAggregate, _ partial: GroupPartial, _ local: Int, _ place: Int, _ group: Int,
        _ isFirst: Bool
    ) {
        guard case .column(let column, _) = found.aggregate.input else { return }
        let row = Int(found.integers[local]) - 1
        join(text: [UInt8](partial.values[column].text(ofRow: row)), plan.aggregates[place].function, place, group)
    }

    private func join(text: [UInt8], _ function: GroupPlan.Function, _ place: Int, _ group: Int) {
        guard let known = states[place].texts[group] else { return states[place].texts[group] = text }
        let order = ByteOrder.compare(text, known)
        if function == .least ? order < 0 : order > 0 { states[place].texts[group] = text }
    }

    private func join(_ found: (pairs: LocalKeyTable, values: GroupKeys), _ place: Int, _ groups: [Int]) {
        var bytes: [UInt8] = []
        for pair in 0..<found.pairs.count {
            let group = groups[Int(found.pairs.codes[pair * 2])]
            bytes.removeAll(keepingCapacity: true)
            found.values.append(Int(found.pairs.codes[pair * 2 + 1]), to: &bytes)
            // A null alone has one byte of 0.
            if bytes == [0] { continue }
            withUnsafeBytes(of: Int64(group).littleEndian) { bytes.append(contentsOf: $0) }
            let known = distinct[place].count
            if bytes.withUnsafeBytes({ distinct[place].code($0) }) == known { distinctCounts[place][group] += 1 }
        }
    }

    /// The values of a group's keys.
    func keys(_ group: Int) -> [SQLCell] { interner.texts.withText(group) { KeyBytes.cells($0) } }

    /// The results of a group's aggregates.
    func results(_ group: Int) -> [SQLCell] {
        var distinctPlace = 0
        return plan.aggregates.enumerated().map { place, aggregate in
            let state = states[place]
            switch aggregate.function {
            case .rows: return .integer(rows[group])
            case .count: return .integer(state.counts[group])
            case .countDistinct:
                defer { distinctPlace += 1 }
                return .integer(distinctCounts[distinctPlace][group])
            case .total:
                if state.counts[group] == 0 { return .real(0) }
                return .number(types[place] == .real ? state.reals[group] : Double(state.integers[group]))
            case .average:
                if state.counts[group] == 0 { return .null }
                let sum = types[place] == .real ? state.reals[group] : Double(state.integers[group])
                return .number(sum / Double(state.counts[group]))
            case .sum, .least, .greatest:
                if state.counts[group] == 0 { return .null }
                switch types[place] {
                case .integer: return .integer(state.integers[group])
                case .real: return .number(state.reals[group])
                case .text: return state.texts[group].map { .text($0) } ?? .null
                }
            }
        }
    }
}

/// What kind of values an expression has, nulls aside.
enum SQLCellKind: Hashable { case integer, real, text }
