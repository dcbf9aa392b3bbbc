/// Memory for the values of a block, or of several one after the other.
// Safety of the pointer: it lives as long as the object, and its users stay below `blocks * BlockRows.capacity`.
final class BlockBuffer<Element: FixedWidthInteger> {
    let start: UnsafeMutablePointer<Element>

    init(blocks: Int = 1) {
        let count = max(blocks, 1) * BlockRows.capacity
        start = .allocate(capacity: count)
        start.initialize(repeating: 0, count: count)
    }

    deinit { start.deallocate() }

    /// Block `index`.
    @inline(__always)
    subscript(index: Int) -> UnsafeMutablePointer<Element> { start + index * BlockRows.capacity }
}
