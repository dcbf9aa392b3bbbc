import Shared
import Tabular

/// Evaluates predicates on blocks: one byte a row, 1 where it holds, 2 where it does not, 0 where that is not known.
///
/// AND, OR and NOT are then operations on bits, many rows at a time.
final class PredicateMask {
    private let predicate: RowPredicate
    private let evaluator: BlockEvaluator
    /// Verdicts on dictionary entries, by predicate and column.
    private var entryVerdicts: [Int: [UInt8]] = [:]
    private var group = -1
    // A stack of masks: one for each level of AND and OR.
    private var masks: [BlockBuffer<UInt8>] = []

    init(_ predicate: RowPredicate, _ program: NumericProgram) {
        self.predicate = predicate
        evaluator = BlockEvaluator(program)
    }

    /// Appends the rows of `range`, at most `BlockRows.capacity`, for which the predicate holds; returns how many.
    func select(_ range: Range<Int>, _ values: RowGroupValues, to rows: UnsafeMutablePointer<UInt32>) -> Int {
        if group != values.group {
            group = values.group
            entryVerdicts.removeAll(keepingCapacity: true)
        }
        let block = BlockRows(count: range.count, start: range.lowerBound)
        evaluator.run(block, values)
        var leaf = 0
        let mask = evaluate(predicate, block, values, level: 0, &leaf)
        var count = 0
        for index in 0..<range.count {
            rows[count] = UInt32(truncatingIfNeeded: range.lowerBound + index)
            count += Int(mask[index] & 1)
        }
        return count
    }

    private func mask(_ level: Int) -> UnsafeMutablePointer<UInt8> {
        while masks.count <= level { masks.append(BlockBuffer()) }
        return masks[level].start
    }

    /// `leaf` counts the terms, which names their verdicts on dictionaries.
    private func evaluate(
        _ predicate: RowPredicate, _ rows: BlockRows, _ values: RowGroupValues, level: Int, _ leaf: inout Int
    ) -> UnsafeMutablePointer<UInt8> {
        let result = mask(level)
        let count = rows.count
        switch predicate {
        case .and(let left, let right):
            _ = evaluate(left, rows, values, level: level, &leaf)
            let other = evaluate(right, rows, values, level: level + 1, &leaf)
            for index in 0..<count {
                let (a, b) = (result[index], other[index])
                result[index] = (a & b & 1) | ((a | b) & 2)
            }
        case .or(let left, let right):
            _ = evaluate(left, rows, values, level: level, &leaf)
            let other = evaluate(right, rows, values, level: level + 1, &leaf)
            for index in 0..<count {
                let (a, b) = (result[index], other[index])
                result[index] = ((a | b) & 1) | (a & b & 2)
            }
        case .not(let inner):
            _ = evaluate(inner, rows, values, level: level, &leaf)
            for index in 0..<count { result[index] = result[index] >> 1 | (result[index] & 1) << 1 }
        case .constant(let value): result.update(repeating: value ? 1 : 2, count: count)
        case .isNull(let column):
            let values = values[column]
            for index in 0..<count { result[index] = values.isNull(rows.start + index) ? 1 : 2 }
        case .within(let column, let filter):
            leaf += 1
            mark(values[column], filter, rows, leaf, to: result)
        case .withinTime(let column, let filter, let texts):
            leaf += 1
            let values = values[column]
            if values.isInTextOrder {
                mark(values, filter, rows, leaf, to: result)
            } else {
                withinTexts(values, texts, rows, to: result)
            }
        case .like(let column, let pattern):
            leaf += 1
            values[column].markTexts(rows, &entryVerdicts[leaf], to: result) { pattern.matches($0) }
        case .compare(let comparison, let a, let b, let isReal): compare(comparison, a, b, isReal, count, to: result)
        case .holds(let register, let isReal):
            for index in 0..<count {
                let holds =
                    isReal ? evaluator.reals(register)[index] != 0 : evaluator.integers(register)[index] != 0
                result[index] = holds ? 1 : 2
            }
            clearNulls(of: register, count, result)
        case .registerIsNull(let register):
            result.update(repeating: 2, count: count)
            if let nulls = evaluator.nulls(register) {
                for index in 0..<count { result[index] = 2 - nulls[index] }
            }
        }
        return result
    }

    private func clearNulls(of register: Int, _ count: Int, _ mask: UnsafeMutablePointer<UInt8>) {
        guard let nulls = evaluator.nulls(register) else { return }
        for index in 0..<count { mask[index] &= nulls[index] &- 1 }
    }

    private func compare(
        _ comparison: QueryExpression.Comparison, _ a: Int, _ b: Int, _ isReal: Bool, _ count: Int,
        to result: UnsafeMutablePointer<UInt8>
    ) {
        if isReal {
            Self.compare(comparison, evaluator.reals(a), evaluator.reals(b), count, to: result)
        } else {
            Self.compare(comparison, evaluator.integers(a), evaluator.integers(b), count, to: result)
        }
        clearNulls(of: a, count, result)
        clearNulls(of: b, count, result)
    }

    @inline(__always)
    private static func compare<T: Comparable>(
        _ comparison: QueryExpression.Comparison, _ a: UnsafeMutablePointer<T>, _ b: UnsafeMutablePointer<T>,
        _ count: Int, to result: UnsafeMutablePointer<UInt8>
    ) {
        switch comparison {
        case .equal: for index in 0..<count { result[index] = a[index] == b[index] ? 1 : 2 }
        case .notEqual: for index in 0..<count { result[index] = a[index] != b[index] ? 1 : 2 }
        case .less: for index in 0..<count { result[index] = a[index] < b[index] ? 1 : 2 }
        case .lessOrEqual: for index in 0..<count { result[index] = a[index] <= b[index] ? 1 : 2 }
        case .greater: for index in 0..<count { result[index] = a[index] > b[index] ? 1 : 2 }
        case .greaterOrEqual: for index in 0..<count { result[index] = a[index] >= b[index] ? 1 : 2 }
        }
    }

    private func mark(
        _ values: ScanColumn, _ filter: ColumnFilter, _ rows: BlockRows, _ leaf: Int,
        to result: UnsafeMutablePointer<UInt8>
    ) {
        values.mark(filter, rows, &entryVerdicts[leaf], to: result)
    }

    /// Days and moments by their texts.
    private func withinTexts(
        _ values: ScanColumn, _ filter: ColumnFilter, _ rows: BlockRows, to result: UnsafeMutablePointer<UInt8>
    ) {
        var text: [UInt8] = []
        for index in 0..<rows.count {
            text.removeAll(keepingCapacity: true)
            ISOText.append(
                values.number(rows.start + index), type: values.type, isZoned: values.isZoned, to: &text)
            result[index] = text.withUnsafeBytes { filter.keeps($0) } ? 1 : 2
        }
        values.clearNulls(rows, result)
    }
}
