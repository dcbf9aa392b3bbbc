import Shared
import Tabular

/// One aggregate over the groups of one row group.
///
/// Decimals are added as the integers they are stored as, so a sum within a row group is exact.
struct PartialAggregate {
    let aggregate: GroupPlan.Aggregate
    let mode: AggregateMode
    /// Values that are not null, by group; nil where every row of the group has one.
    var counts: [Int64]?
    var integers: [Int64] = []
    var reals: [Double] = []

    init(_ aggregate: GroupPlan.Aggregate, _ values: RowGroupValues, _ types: QueryScope) throws(NativeRefusal) {
        self.aggregate = aggregate
        switch aggregate.function {
        case .rows, .count, .countDistinct:
            mode = .counted
            if aggregate.function == .count { counts = [] }
            return
        default: break
        }
        switch aggregate.input {
        case .none: mode = .counted
        case .number(_, let isReal):
            mode = isReal ? .real : .integer
            counts = []
        case .column(let column, _):
            let source = values[column]
            mode = try Self.mode(of: source, aggregate.function)
            if source.nullCount > 0 { counts = [] }
        }
    }

    private static func mode(
        of column: ScanColumn, _ function: GroupPlan.Function
    ) throws(NativeRefusal) -> AggregateMode {
        let isExtreme = function == .least || function == .greatest
        switch column.layout {
        case .integers:
            if column.type == .date || column.type == .timestamp {
                guard column.isInTextOrder else { throw NativeRefusal("times whose texts are in another order") }
            }
            return .integer
        case .reals: return .real
        case .texts, .dictionary: return .text
        case .fixed(let scale):
            if isExtreme { return .fixed(scale: scale) }
            let most = max(column.least.magnitude, column.greatest.magnitude)
            let fits =
                !most.multipliedReportingOverflow(by: UInt64(max(column.rows, 1))).overflow
                && most * UInt64(max(column.rows, 1)) >> 62 == 0
            return fits ? .fixed(scale: scale) : .real
        }
    }

    /// The value from which the groups start.
    private var startInteger: Int64 {
        switch (mode, aggregate.function) {
        case (.text, _): 0
        case (_, .least): .max
        case (_, .greatest): .min
        default: 0
        }
    }

    private var startReal: Double {
        switch aggregate.function {
        case .least: .infinity
        case .greatest: -.infinity
        default: 0
        }
    }

    /// Makes room for groups below `count`.
    mutating func grow(to count: Int) {
        func fill<T>(_ values: inout [T], with value: T) {
            if values.count < count { values.append(contentsOf: repeatElement(value, count: count - values.count)) }
        }
        if var known = counts {
            counts = nil
            fill(&known, with: 0)
            counts = known
        }
        switch mode {
        case .counted: break
        case .integer, .fixed, .text: fill(&integers, with: startInteger)
        case .real: fill(&reals, with: startReal)
        }
    }

    /// Adds a block. `groups` has each row's group; nil if there is one only.
    mutating func add(
        _ rows: BlockRows, groups: UnsafePointer<UInt32>?, _ evaluator: BlockEvaluator, _ values: RowGroupValues
    ) {
        let register: Int
        switch aggregate.input {
        case .none: return
        case .column(_, let number), .number(let number, _): register = number
        }
        let nulls = evaluator.nulls(register)
        let count = rows.count
        if var known = counts {
            counts = nil
            known.withUnsafeMutableBufferPointer { Self.count(count, groups, nulls, $0) }
            counts = known
        }
        switch mode {
        case .counted: return
        case .integer, .fixed:
            integers.withUnsafeMutableBufferPointer {
                Self.add(evaluator.integers(register), count, groups, nulls, aggregate.function, to: $0)
            }
        case .real:
            if case .column(let column, _) = aggregate.input, case .fixed(let scale) = values[column].layout {
                // Numerators too large to be added as integers.
                let (numbers, power) = (evaluator.integers(register), powersOfTen[scale])
                for index in 0..<count where nulls?[index] != 1 {
                    reals[groups.map { Int($0[index]) } ?? 0] += Double(numbers[index]) / power
                }
                return
            }
            reals.withUnsafeMutableBufferPointer {
                Self.add(evaluator.reals(register), count, groups, nulls, aggregate.function, to: $0)
            }
        case .text:
            guard case .column(let column, _) = aggregate.input else { return }
            addTexts(values[column], rows, side: column.side, groups, nulls)
        }
    }

    // Safety: the buffers below have room for every group that `groups` names, and the pointers for `count` rows.
    private static func count(
        _ count: Int, _ groups: UnsafePointer<UInt32>?, _ nulls: UnsafeMutablePointer<UInt8>?,
        _ counts: UnsafeMutableBufferPointer<Int64>
    ) {
        guard let target = counts.baseAddress else { return }
        switch (groups, nulls) {
        case (nil, nil): target[0] += Int64(count)
        case (nil, let nulls?):
            var present: Int64 = 0
            for index in 0..<count { present += Int64(1 &- nulls[index]) }
            target[0] += present
        case (let groups?, nil): for index in 0..<count { target[Int(groups[index])] &+= 1 }
        case (let groups?, let nulls?):
            for index in 0..<count { target[Int(groups[index])] &+= Int64(1 &- nulls[index]) }
        }
    }

    private static func add(
        _ numbers: UnsafeMutablePointer<Int64>, _ count: Int, _ groups: UnsafePointer<UInt32>?,
        _ nulls: UnsafeMutablePointer<UInt8>?, _ function: GroupPlan.Function,
        to buffer: UnsafeMutableBufferPointer<Int64>
    ) {
        guard let target = buffer.baseAddress else { return }
        switch function {
        case .least: fold(numbers, count, groups, nulls, target, neutral: .max) { min($0, $1) }
        case .greatest: fold(numbers, count, groups, nulls, target, neutral: .min) { max($0, $1) }
        default: fold(numbers, count, groups, nulls, target, neutral: 0) { $0 &+ $1 }
        }
    }

    private static func add(
        _ numbers: UnsafeMutablePointer<Double>, _ count: Int, _ groups: UnsafePointer<UInt32>?,
        _ nulls: UnsafeMutablePointer<UInt8>?, _ function: GroupPlan.Function,
        to buffer: UnsafeMutableBufferPointer<Double>
    ) {
        guard let target = buffer.baseAddress else { return }
        switch function {
        case .least: fold(numbers, count, groups, nulls, target, neutral: .infinity) { $1 < $0 ? $1 : $0 }
        case .greatest: fold(numbers, count, groups, nulls, target, neutral: -.infinity) { $1 > $0 ? $1 : $0 }
        default: fold(numbers, count, groups, nulls, target, neutral: 0) { $0 + $1 }
        }
    }

    @inline(__always)
    private static func fold<T>(
        _ numbers: UnsafeMutablePointer<T>, _ count: Int, _ groups: UnsafePointer<UInt32>?,
        _ nulls: UnsafeMutablePointer<UInt8>?, _ target: UnsafeMutablePointer<T>, neutral: T,
        _ join: (T, T) -> T
    ) {
        switch (groups, nulls) {
        case (nil, nil):
            // Four sums at once: each addition waits for the one before.
            var (a, b, c, d) = (target[0], neutral, neutral, neutral)
            var index = 0
            while index + 4 <= count {
                a = join(a, numbers[index])
                b = join(b, numbers[index + 1])
                c = join(c, numbers[index + 2])
                d = join(d, numbers[index + 3])
                index += 4
            }
            while index < count {
                a = join(a, numbers[index])
                index += 1
            }
            target[0] = join(join(a, b), join(c, d))
        case (nil, let nulls?):
            var result = target[0]
            for index in 0..<count { result = join(result, nulls[index] == 0 ? numbers[index] : neutral) }
            target[0] = result
        case (let groups?, nil):
            for index in 0..<count {
                let group = Int(groups[index])
                target[group] = join(target[group], numbers[index])
            }
        case (let groups?, let nulls?):
            for index in 0..<count {
                let group = Int(groups[index])
                target[group] = join(target[group], nulls[index] == 0 ? numbers[index] : neutral)
            }
        }
    }

    private mutating func addTexts(
        _ column: ScanColumn, _ rows: BlockRows, side: Int, _ groups: UnsafePointer<UInt32>?,
        _ nulls: UnsafeMutablePointer<UInt8>?
    ) {
        for index in 0..<rows.count where nulls?[index] != 1 {
            let group = groups.map { Int($0[index]) } ?? 0
            let row = rows.row(index, side: side)
            let best = Int(integers[group]) - 1
            if best >= 0 {
                if column.layout == .dictionary, column.number(row) == column.number(best) { continue }
                let order = ByteOrder.compare(column.text(ofRow: row), column.text(ofRow: best))
                guard aggregate.function == .least ? order < 0 : order > 0 else { continue }
            }
            integers[group] = Int64(row) + 1
        }
    }
}
