/// The finished cells of one column of a row group, one behind the other.
///
/// Safety: owns its memory; written by the initializer only. Behind the last cell are `slack` more bytes, so that a word read at a cell
/// stays inside.
final class CellColumn {
    static let slack = 16

    private(set) var bytes: UnsafeMutablePointer<UInt8>
    /// Where each cell begins, and the end.
    let offsets: UnsafeMutablePointer<UInt32>
    let rows: Int

    deinit {
        bytes.deallocate()
        offsets.deallocate()
    }

    /// - Parameters:
    ///   - longest: bytes that `write` touches at most.
    ///   - write: writes the cell of a row and returns its length.
    init(rows: Int, longest: Int, write: (Int, UnsafeMutablePointer<UInt8>) -> Int) {
        self.rows = rows
        bytes = .allocate(capacity: rows * longest + Self.slack)
        offsets = .allocate(capacity: rows + 1)
        offsets[0] = 0
        var used = 0
        for row in 0..<rows {
            used &+= write(row, bytes + used)
            offsets[row &+ 1] = UInt32(truncatingIfNeeded: used)
        }
        (bytes + used).initialize(repeating: 0, count: Self.slack)
    }

    init(_ texts: TextArray) {
        rows = texts.count
        bytes = .allocate(capacity: texts.bytes.count + Self.slack)
        offsets = .allocate(capacity: rows + 1)
        texts.bytes.withUnsafeBufferPointer { source in
            source.baseAddress.map { bytes.update(from: $0, count: source.count) }
        }
        (bytes + texts.bytes.count).initialize(repeating: 0, count: Self.slack)
        texts.offsets.withUnsafeBufferPointer { source in
            source.baseAddress.map { offsets.update(from: $0, count: source.count) }
        }
    }

    /// Bytes of all cells.
    var length: Int { Int(offsets[rows]) }
}
