/// Distinct texts of a chunk and the code of each row.
///
/// Open addressing over folded products of eight bytes at a time.
///
/// Safety: owns its memory; one thread.
final class TextDictionary {
    @exclusivity(unchecked) var codes: [UInt32]
    @exclusivity(unchecked) private(set) var count = 0
    @exclusivity(unchecked) private var bytes: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var bytesCapacity = 1 << 12
    @exclusivity(unchecked) private var offsets: UnsafeMutablePointer<UInt32>
    @exclusivity(unchecked) private var hashes: UnsafeMutablePointer<UInt32>
    @exclusivity(unchecked) private var entryCapacity = 256
    /// Code + 1; 0 is free.
    @exclusivity(unchecked) private var slots: UnsafeMutablePointer<UInt32>
    @exclusivity(unchecked) private var slotMask = 255

    init(rows: Int) {
        codes = .uninitialized(rows)
        bytes = .allocate(capacity: bytesCapacity)
        slots = .allocate(capacity: slotMask + 1)
        slots.initialize(repeating: 0, count: slotMask + 1)
        offsets = .allocate(capacity: entryCapacity + 1)
        offsets[0] = 0
        hashes = .allocate(capacity: entryCapacity)
    }

    deinit {
        offsets.deallocate()
        hashes.deallocate()
        bytes.deallocate()
        slots.deallocate()
    }

    /// Distinct texts are no use where most rows have their own.
    func pays(afterRows rows: Int) -> Bool { count <= 1024 || count * 10 <= rows * 6 }

    /// The code of a text, new if it was not seen.
    @inline(__always)
    func code(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
        let hash = Self.hash(text, length)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while true {
            let entry = slots[slot]
            if entry == 0 { return insert(text, length, hash, slot) }
            if hashes[Int(entry) - 1] == UInt32(truncatingIfNeeded: hash >> 32), equals(Int(entry) - 1, text, length) {
                return entry - 1
            }
            slot = (slot + 1) & slotMask
        }
    }

    @inline(__always)
    private func equals(_ code: Int, _ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        let start = Int(offsets[code])
        if Int(offsets[code + 1]) - start != length { return false }
        let own = bytes + start
        var position = 0
        while position &+ 8 <= length {
            let first = UnsafeRawPointer(own + position).loadUnaligned(as: UInt64.self)
            let second = UnsafeRawPointer(text + position).loadUnaligned(as: UInt64.self)
            if first != second { return false }
            position &+= 8
        }
        while position < length {
            if own[position] != text[position] { return false }
            position &+= 1
        }
        return true
    }

    private func insert(_ text: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64, _ slot: Int) -> UInt32 {
        let end = Int(offsets[count])
        if end + length > bytesCapacity {
            bytesCapacity = max(end + length, bytesCapacity * 2)
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: bytesCapacity)
            larger.update(from: bytes, count: end)
            bytes.deallocate()
            bytes = larger
        }
        (bytes + end).update(from: text, count: length)
        if count == entryCapacity { growEntries() }
        offsets[count + 1] = UInt32(end + length)
        hashes[count] = UInt32(truncatingIfNeeded: hash >> 32)
        count += 1
        slots[slot] = UInt32(count)
        let code = UInt32(count - 1)
        if count * 2 > slotMask { grow() }
        return code
    }

    private func growEntries() {
        let larger = (
            offsets: UnsafeMutablePointer<UInt32>.allocate(capacity: entryCapacity * 2 + 1),
            hashes: UnsafeMutablePointer<UInt32>.allocate(capacity: entryCapacity * 2)
        )
        larger.offsets.update(from: offsets, count: entryCapacity + 1)
        larger.hashes.update(from: hashes, count: entryCapacity)
        offsets.deallocate()
        hashes.deallocate()
        (offsets, hashes) = larger
        entryCapacity *= 2
    }

    private func grow() {
        slots.deallocate()
        slotMask = (slotMask + 1) * 4 - 1
        slots = .allocate(capacity: slotMask + 1)
        slots.initialize(repeating: 0, count: slotMask + 1)
        for code in 0..<count {
            let start = Int(offsets[code])
            var slot =
                Int(truncatingIfNeeded: Self.hash(bytes + start, Int(offsets[code + 1]) - start)) & slotMask
            while slots[slot] != 0 { slot = (slot + 1) & slotMask }
            slots[slot] = UInt32(code + 1)
        }
    }

    /// Reads only the text's own bytes.
    @inline(__always)
    private static func hash(_ text: UnsafePointer<UInt8>, _ length: Int) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: length) ^ 0xA076_1D64_78BD_642F
        var position = 0
        while position &+ 8 <= length {
            hash = fold(
                hash ^ UnsafeRawPointer(text + position).loadUnaligned(as: UInt64.self), 0xE703_7ED1_A0B4_28DB)
            position &+= 8
        }
        var tail: UInt64 = 0
        while position < length {
            tail = tail &<< 8 | UInt64(text[position])
            position &+= 1
        }
        return fold(hash ^ tail, 0x8EBC_6AF0_9C88_C6E3)
    }

    @inline(__always)
    private static func fold(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }

    /// The distinct texts by code; one empty text where there is none.
    var entries: TextArray {
        var result = TextArray()
        if count == 0 {
            result.append("")
            return result
        }
        result.bytes = Array(UnsafeBufferPointer(start: bytes, count: Int(offsets[count])))
        result.offsets = Array(UnsafeBufferPointer(start: offsets, count: count + 1))
        return result
    }

    /// Bytes of entry `code`, valid until the next is added.
    func entry(_ code: UInt32) -> UnsafeBufferPointer<UInt8> {
        let start = Int(offsets[Int(code)])
        return UnsafeBufferPointer(start: bytes + start, count: Int(offsets[Int(code) + 1]) - start)
    }
}
