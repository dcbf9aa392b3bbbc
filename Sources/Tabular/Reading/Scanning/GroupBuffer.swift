/// The UTF-8 text of one row group and the positions of its cells, in memory that a worker reuses for the next group.
///
/// The index has `columns + 1` entries a row: where a delimiter before the first cell would start, then where each cell ends. So cell `c`
/// of row `r` is `text[index[r * stride + c] + delimiterLength ..< index[r * stride + c + 1]]`.
///
/// Safety: one thread at a time; the pointers are owned by the object and freed with it.
final class GroupBuffer: @unchecked Sendable {
    /// Readable bytes before the text, so that eight bytes can be loaded that end at any cell's end.
    static let front = 64
    /// Readable zeros behind the text, so that a block of 64 can be loaded at any place.
    static let back = 128

    @exclusivity(unchecked) private(set) var text: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var textCapacity: Int
    /// Where the text ends; it starts at `front`.
    @exclusivity(unchecked) var end = GroupBuffer.front

    @exclusivity(unchecked) private(set) var index: UnsafeMutablePointer<UInt32>
    @exclusivity(unchecked) private(set) var indexCapacity: Int

    init() {
        textCapacity = 1 << 16
        indexCapacity = 1 << 12
        text = .allocate(capacity: textCapacity)
        text.initialize(repeating: 0, count: textCapacity)
        index = .allocate(capacity: indexCapacity)
        index.initialize(repeating: 0, count: indexCapacity)
    }

    deinit {
        text.deallocate()
        index.deallocate()
    }

    /// Makes room for `count` more bytes of text.
    func reserve(text count: Int) {
        let needed = end + count + Self.back
        if needed <= textCapacity { return }
        let capacity = max(needed, textCapacity + textCapacity / 2)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: text, count: end)
        text.deallocate()
        text = larger
        textCapacity = capacity
    }

    /// Makes room for `count` entries in all.
    func reserve(index count: Int) {
        if count <= indexCapacity { return }
        let capacity = max(count, indexCapacity * 2)
        let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        larger.update(from: index, count: indexCapacity)
        index.deallocate()
        index = larger
        indexCapacity = capacity
    }

    /// Empties the buffer; `last` is the byte before the text that follows.
    func restart(last: UInt8) {
        end = Self.front
        text[Self.front - 1] = last
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        reserve(text: bytes.count)
        if let source = bytes.baseAddress { (text + end).update(from: source, count: bytes.count) }
        end += bytes.count
    }

    /// Puts zeros behind the text.
    func seal() { (text + end).update(repeating: 0, count: Self.back) }

    /// Removes `range` from the text.
    func remove(_ range: Range<Int>) {
        (text + range.lowerBound).update(from: text + range.upperBound, count: end - range.upperBound)
        end -= range.count
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(start: text + range.lowerBound, count: range.count), as: UTF8.self)
    }
}
