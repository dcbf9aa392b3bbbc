/// Owned, cache-line aligned memory for kernels; contents start at zero.
///
/// Arrays check bounds and uniqueness at every access, which costs a histogram kernel more than half of its speed.
// Safety: the memory lives as long as the object; who writes from several threads writes disjoint elements, and the team's barrier
// orders those writes before the next reads.
package final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    /// First element.
    let start: UnsafeMutablePointer<Element>
    let count: Int

    init(count: Int, zero: Element) {
        self.count = max(0, count)
        let bytes = max(64, self.count * MemoryLayout<Element>.stride + 64)
        // Safety: freed in deinit only; the size covers count elements and one line more, so that a kernel may read past the end.
        let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        start = raw.bindMemory(to: Element.self, capacity: bytes / MemoryLayout<Element>.stride)
        start.initialize(repeating: zero, count: bytes / MemoryLayout<Element>.stride)
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }
}
