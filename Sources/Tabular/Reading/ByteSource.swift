/// Where the bytes of a CSV come from.
package struct ByteSource: Sendable {
    /// Fills part of the buffer and says how much: 0 at the end. Blocks while the bytes are still arriving.
    /// Never called by two threads at a time.
    package var read: @Sendable (UnsafeMutableRawBufferPointer) throws -> Int
    /// Starts again from the first byte.
    package var rewind: @Sendable () throws -> Void

    package init(
        read: @escaping @Sendable (UnsafeMutableRawBufferPointer) throws -> Int,
        rewind: @escaping @Sendable () throws -> Void
    ) {
        self.read = read
        self.rewind = rewind
    }
}
