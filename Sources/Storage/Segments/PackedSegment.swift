import Tabular

/// A segment as it is stored, verified once: a tenth of the memory of its values, of which a page wants a few.
final class PackedSegment: CachedValues {
    private let key: SegmentKey
    private let payload: [UInt8]
    private let version: Int
    private let rows: Int
    private let isCompressed: Bool

    init(key: SegmentKey, payload: [UInt8], version: Int, rows: Int, isCompressed: Bool) {
        self.key = key
        self.payload = payload
        self.version = version
        self.rows = rows
        self.isCompressed = isCompressed
    }

    var bytes: Int { payload.count + 256 }

    /// The values of some rows, without their exceptions; compressed texts come whole.
    ///
    /// - Complexity: O(bytes of the blocks that hold the rows)
    /// - Throws: `damaged` if the bytes do not decode to as many rows as the segment claims.
    func chunk(_ wanted: Range<Int>) throws(StorageError) -> ColumnChunk {
        guard wanted.upperBound <= rows else { throw .damaged(what: key.place, detail: "it has \(rows) rows") }
        let part = isCompressed ? nil : wanted
        let decoded: Result<ColumnChunk, CodecError> = payload.withUnsafeBytes { bytes in
            Result { () throws(CodecError) in
                let chunk = try SegmentCodec.decode(bytes, version: version, rows: rows, checksum: nil, wanted: part)
                guard chunk.rows == part?.count ?? rows else { throw .malformed("number of rows") }
                return chunk
            }
        }
        switch decoded {
        case .success(let chunk): return chunk
        case .failure(let error): throw .damaged(what: key.place, detail: error.problem.detail)
        }
    }
}
