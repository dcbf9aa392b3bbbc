/// The memory of texts that were delivered, for the next group: what is new to the process is mapped and cleared page by page, which took a
/// twentieth of an upload of long texts.
///
/// Safety: one thread.
final class TextSpares {
    /// Bytes that are kept at most, whatever the columns.
    private static let most = 32 << 20

    @exclusivity(unchecked) private var spares: [Int: [UInt8]] = [:]
    @exclusivity(unchecked) private var kept = 0

    /// `count` bytes that will all be written before they are read.
    func bytes(_ count: Int, column: Int) -> [UInt8] {
        guard var bytes = spares.removeValue(forKey: column) else { return .uninitialized(count) }
        kept -= bytes.capacity
        guard bytes.capacity >= count else { return .uninitialized(count) }
        bytes.append(addingCapacity: count) { output in
            output.withUnsafeMutableBufferPointer { _, initialized in initialized = count }
        }
        return bytes
    }

    /// Takes the memory of the texts in `chunks`, but of those that somebody still holds.
    func take(_ chunks: inout [ColumnChunk]) {
        for column in chunks.indices {
            guard case .texts(var texts) = chunks[column].values else { continue }
            // From here on `texts` is the only reference, unless somebody holds the chunk.
            chunks[column].values = .integers([])
            // Memory that is shared is left alone by this, and no copy of it is made.
            texts.bytes.removeAll(keepingCapacity: true)
            guard texts.bytes.capacity > 0, kept + texts.bytes.capacity <= Self.most else { continue }
            kept += texts.bytes.capacity
            spares[column] = texts.bytes
        }
    }
}
