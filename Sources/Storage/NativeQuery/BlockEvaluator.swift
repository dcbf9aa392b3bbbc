import Tabular

/// Computes a program's registers for blocks of rows. One for each thread.
final class BlockEvaluator {
    private let program: NumericProgram
    private let memory: BlockBuffer<Int64>
    private let nullMemory: BlockBuffer<UInt8>
    /// Whether a register of the current block has nulls at all.
    private var hasNulls: [Bool]

    init(_ program: NumericProgram) {
        self.program = program
        memory = BlockBuffer(blocks: program.steps.count)
        nullMemory = BlockBuffer(blocks: program.steps.count)
        hasNulls = Array(repeating: false, count: program.steps.count)
    }

    // Safety: registers are places of the program, each with `capacity` values; all value types have 8 bytes.
    func integers(_ register: Int) -> UnsafeMutablePointer<Int64> { memory[register] }

    func reals(_ register: Int) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer(integers(register)).assumingMemoryBound(to: Double.self)
    }

    /// One byte a row, 1 for null; nil without nulls.
    func nulls(_ register: Int) -> UnsafeMutablePointer<UInt8>? {
        hasNulls[register] ? nullMemory[register] : nil
    }

    /// Computes all registers for at most `BlockRows.capacity` rows.
    func run(_ rows: BlockRows, _ values: RowGroupValues) {
        for (register, step) in program.steps.enumerated() { run(step, into: register, rows, values) }
    }

    private func run(_ step: NumericStep, into register: Int, _ rows: BlockRows, _ values: RowGroupValues) {
        let target = integers(register)
        let count = rows.count
        switch step {
        case .integers(let column):
            values[column].loadNumbers(rows, side: column.side, to: target)
            hasNulls[register] = values[column].loadNulls(rows, side: column.side, to: nullBytes(register))
        case .reals(let column):
            values[column].loadReals(rows, side: column.side, to: reals(register))
            hasNulls[register] = values[column].loadNulls(rows, side: column.side, to: nullBytes(register))
        case .raw(let column):
            let source = values[column]
            if source.layout == .reals {
                source.loadReals(rows, side: column.side, to: reals(register))
            } else if source.width > 0 {
                source.loadNumbers(rows, side: column.side, to: target)
            }
            hasNulls[register] = source.loadNulls(rows, side: column.side, to: nullBytes(register))
        case .rowNumber(let side):
            for index in 0..<count { target[index] = Int64(values.firstRow + rows.row(index, side: side) + 1) }
        case .constantInteger(let value): target.update(repeating: value, count: count)
        case .constantReal(let value): reals(register).update(repeating: value, count: count)
        case .toReal(let a):
            let (from, to) = (integers(a), reals(register))
            for index in 0..<count { to[index] = Double(from[index]) }
            joinNulls(of: a, and: a, into: register, count)
        case .negateInteger(let a):
            let from = integers(a)
            for index in 0..<count { target[index] = 0 &- from[index] }
            joinNulls(of: a, and: a, into: register, count)
        case .negateReal(let a):
            let (from, to) = (reals(a), reals(register))
            for index in 0..<count { to[index] = -from[index] }
            joinNulls(of: a, and: a, into: register, count)
        case .integer(let operation, let a, let b):
            joinNulls(of: a, and: b, into: register, count)
            integer(operation, integers(a), integers(b), into: register, count)
        case .real(let operation, let a, let b):
            joinNulls(of: a, and: b, into: register, count)
            real(operation, reals(a), reals(b), into: register, count)
        }
    }

    private func nullBytes(_ register: Int) -> UnsafeMutablePointer<UInt8> { nullMemory[register] }

    private func joinNulls(of a: Int, and b: Int, into register: Int, _ count: Int) {
        let target = nullBytes(register)
        hasNulls[register] = true
        switch (nulls(a), nulls(b)) {
        case (nil, nil): hasNulls[register] = false
        case (let one?, nil), (nil, let one?): target.update(from: one, count: count)
        case (let one?, let other?): for index in 0..<count { target[index] = one[index] | other[index] }
        }
    }

    /// Makes the register's null bytes ready for single nulls.
    private func openNulls(_ register: Int, _ count: Int) -> UnsafeMutablePointer<UInt8> {
        let bytes = nullBytes(register)
        if !hasNulls[register] {
            bytes.update(repeating: 0, count: count)
            hasNulls[register] = true
        }
        return bytes
    }

    /// The compiler has proved that nothing overflows; values under nulls may wrap, which no one sees.
    private func integer(
        _ operation: QueryExpression.Arithmetic, _ a: UnsafeMutablePointer<Int64>, _ b: UnsafeMutablePointer<Int64>,
        into register: Int, _ count: Int
    ) {
        let target = integers(register)
        switch operation {
        case .add: for index in 0..<count { target[index] = a[index] &+ b[index] }
        case .subtract: for index in 0..<count { target[index] = a[index] &- b[index] }
        case .multiply: for index in 0..<count { target[index] = a[index] &* b[index] }
        case .divide, .remainder:
            let nulls = openNulls(register, count)
            for index in 0..<count {
                let divisor = b[index]
                if divisor == 0 {
                    nulls[index] = 1
                } else if divisor == -1 {
                    // The quotient of the least integer would trap.
                    target[index] = operation == .divide ? 0 &- a[index] : 0
                } else {
                    target[index] = operation == .divide ? a[index] / divisor : a[index] % divisor
                }
            }
        }
    }

    private func real(
        _ operation: QueryExpression.Arithmetic, _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>,
        into register: Int, _ count: Int
    ) {
        let target = reals(register)
        var bad = false
        switch operation {
        case .add: for index in 0..<count { target[index] = a[index] + b[index] }
        case .subtract: for index in 0..<count { target[index] = a[index] - b[index] }
        case .multiply: for index in 0..<count { target[index] = a[index] * b[index] }
        case .divide, .remainder:
            // A zero divisor gives null, not infinity.
            for index in 0..<count { target[index] = b[index] == 0 ? .nan : a[index] / b[index] }
        }
        for index in 0..<count where target[index].isNaN { bad = true }
        guard bad else { return }
        let nulls = openNulls(register, count)
        for index in 0..<count where target[index].isNaN { nulls[index] = 1 }
    }
}

extension ScanColumn {
    /// The numbers of rows, nulls included.
    func loadNumbers(_ rows: BlockRows, side: Int, to target: UnsafeMutablePointer<Int64>) {
        let base = self.base
        guard let places = side == 0 ? rows.places.0 : rows.places.1 else {
            let (start, count) = (rows.start, rows.count)
            return withNumbers(
                { numbers in for index in 0..<count { target[index] = base &+ Int64(numbers[start + index]) } },
                { numbers in for index in 0..<count { target[index] = base &+ Int64(numbers[start + index]) } },
                { numbers in for index in 0..<count { target[index] = base &+ Int64(numbers[start + index]) } },
                { numbers in for index in 0..<count { target[index] = numbers[start + index] } })
        }
        let count = rows.count
        withNumbers(
            { numbers in for index in 0..<count { target[index] = base &+ Int64(numbers[Int(places[index])]) } },
            { numbers in for index in 0..<count { target[index] = base &+ Int64(numbers[Int(places[index])]) } },
            { numbers in for index in 0..<count { target[index] = base &+ Int64(numbers[Int(places[index])]) } },
            { numbers in for index in 0..<count { target[index] = numbers[Int(places[index])] } })
    }

    /// The numbers of rows as Doubles, nulls included.
    func loadReals(_ rows: BlockRows, side: Int, to target: UnsafeMutablePointer<Double>) {
        let count = rows.count
        if layout == .reals {
            for index in 0..<count { target[index] = reals[rows.row(index, side: side)] }
            return
        }
        let integers = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Int64.self)
        loadNumbers(rows, side: side, to: integers)
        guard case .fixed(let scale) = layout, scale > 0 else {
            for index in 0..<count { target[index] = Double(integers[index]) }
            return
        }
        let power = powersOfTen[scale]
        // Safety: each element is read as an integer before it is written as a Double in the same place.
        for index in 0..<count { target[index] = Double(integers[index]) / power }
    }

    /// One byte a row, 1 for null; false, and nothing written, where the column has no nulls.
    func loadNulls(_ rows: BlockRows, side: Int, to target: UnsafeMutablePointer<UInt8>) -> Bool {
        guard let nulls else { return false }
        for index in 0..<rows.count {
            let row = rows.row(index, side: side)
            target[index] = UInt8(truncatingIfNeeded: nulls[row >> 6] >> UInt64(row & 63) & 1)
        }
        return true
    }
}
