import Foundation

/// Memory that is written once from end to end: in pages of 2 MiB it takes one fault
/// where small ones take 512.
enum LargeMemory {
    /// Smaller blocks may share a page with others.
    private static let smallest = 4 << 20

    /// Asks for large pages; memory without them works as well.
    static func advise<Element>(_ array: inout [Element]) {
        #if os(Linux)
            let capacity = array.capacity
            array.withUnsafeMutableBufferPointer { buffer in
                let bytes = capacity * MemoryLayout<Element>.stride
                guard bytes >= smallest, let start = buffer.baseAddress else { return }
                let page = 4096
                let first = (UInt(bitPattern: start) + UInt(page) - 1) & ~UInt(page - 1)
                let end = (UInt(bitPattern: start) + UInt(bytes)) & ~UInt(page - 1)
                // Advice that a system without large pages refuses is not missed.
                _ = madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE)
            }
        #endif
    }
}
