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

    private var slots: [Slot] = []
    /// Slots whose text is still in the chunk it came with: place there + 1, else 0.
    private var open: [UInt32] = []

    /// Counts one text; `place` is where `keep` finds it.
    @inline(__always)
    mutating func add(_ hash: UInt64, place: Int, _ weight: Int) {
        if slots.isEmpty { start() }
        let index = Int(hash >> 52)
        if slots[index].hash == hash, slots[index].count > 0 {
            slots[index].votes += weight
            slots[index].count += weight
        } else if slots[index].votes >= weight {
            slots[index].votes -= weight
        } else {
            slots[index].hash = hash
            slots[index].votes = weight
            slots[index].count = weight
            open[index] = UInt32(place + 1)
        }
    }

    private mutating func start() {
        slots = [Slot](repeating: Slot(), count: 4096)
        open = [UInt32](repeating: 0, count: 4096)
    }

    /// Takes over the texts of what was added since the last time: a string for each slot, not for each change of one.
    mutating func keep(_ texts: TextArray) {
        for index in open.indices where open[index] > 0 {
            slots[index].text = texts[Int(open[index]) - 1]
            open[index] = 0
        }
    }

    func text(of hash: UInt64) -> String? {
        guard !slots.isEmpty else { return nil }
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
