/// Candidates for the most frequent texts of a stream, in a fixed table.
///
/// Each slot keeps one text by majority vote (Boyer and Moore 1981): a text that makes up more than half of what falls in its
/// slot is kept for certain.
struct FrequentTexts: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64 = 0
        var votes = 0
        var count = 0
        var text = ""
    }

    private var slots = [Slot](repeating: Slot(), count: 4096)

    mutating func add(_ hash: UInt64, _ text: UnsafeRawBufferPointer, _ weight: Int) {
        let index = Int(hash >> 52)
        if slots[index].hash == hash, slots[index].count > 0 {
            slots[index].votes += weight
            slots[index].count += weight
        } else if slots[index].votes >= weight {
            slots[index].votes -= weight
        } else {
            slots[index] = Slot(hash: hash, votes: weight, count: weight, text: String(decoding: text, as: UTF8.self))
        }
    }

    func text(of hash: UInt64) -> String? {
        let slot = slots[Int(hash >> 52)]
        return slot.count > 0 && slot.hash == hash ? slot.text : nil
    }

    /// The largest counts; a text may have come more often than its count.
    func top(_ limit: Int) -> [(text: String, count: Int)] {
        slots.filter { $0.count > 0 }.sorted { ($1.count, $0.text) < ($0.count, $1.text) }.prefix(limit).map {
            ($0.text, $0.count)
        }
    }
}
