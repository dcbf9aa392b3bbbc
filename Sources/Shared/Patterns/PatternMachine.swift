/// Runs the program of a pattern over a text: all threads side by side, at most one in each instruction, in order of preference.
struct PatternMachine {
    /// Threads that wait for a scalar, and the places that each has noted.
    private struct Threads {
        var instructions: [Int] = []
        /// `slots` for each thread.
        var noted: [Int] = []

        mutating func removeAll() {
            instructions.removeAll(keepingCapacity: true)
            noted.removeAll(keepingCapacity: true)
        }
    }

    /// What is still to do at a place of the text.
    private enum Visit {
        case instruction(Int)
        /// A slot gets back what it held before the instructions visited since.
        case slot(Int, held: Int)
    }

    /// More than any scalar; read at the end of the text.
    private static let none = UInt32.max

    private let pattern: TextPattern
    /// UTF-8, valid since it comes from a `String`.
    private let text: [UInt8]
    private let slots: Int
    private var threads = Threads()
    private var next = Threads()
    private var visits: [Visit] = []
    /// The places that the thread at hand has noted.
    private var noted: [Int]
    /// The place of the text (as a number of its own) for which an instruction was last visited.
    private var seen: [Int]
    private var visit = 0
    private var found: [Int] = []
    /// Scalars read, times threads that read them.
    private(set) var steps = 0

    /// - Parameter notesPlaces: false if only is asked whether there is a match
    init(_ pattern: TextPattern, _ text: [UInt8], notesPlaces: Bool = true) {
        self.pattern = pattern
        self.text = text
        slots = notesPlaces ? 2 * pattern.groups : 0
        noted = [Int](repeating: -1, count: slots)
        seen = [Int](repeating: 0, count: pattern.program.count)
    }

    /// The match that was found last, by a machine that notes places.
    var match: PatternMatch { PatternMatch(text: text, places: found, names: pattern.groupNames) }

    /// The scalar at a byte and how many bytes it has: none at the end.
    func scalar(at place: Int) -> (value: UInt32, length: Int) {
        guard place < text.count else { return (Self.none, 0) }
        let lead = text[place]
        if lead < 0x80 { return (UInt32(lead), 1) }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & 0x7F >> UInt32(length)
        for byte in text[(place + 1)..<(place + length)] { value = value << 6 | UInt32(byte & 0x3F) }
        return (value, length)
    }

    /// Finds the first match that begins at `start` or behind it, or the match of all from `start` to the end.
    mutating func find(from start: Int, isWhole: Bool = false) -> Bool {
        var isFound = false
        var place = start
        next.removeAll()
        visit += 1
        while true {
            // A match may begin anywhere until one is found; what began earlier is preferred.
            if !isFound, !isWhole || place == start {
                if next.instructions.isEmpty, !isWhole, place < text.count, !pattern.canStart(text[place]) {
                    place = text[place...].firstIndex(where: pattern.canStart) ?? text.count
                    visit += 1
                }
                for slot in 0..<slots { noted[slot] = -1 }
                follow(0, place)
            }
            if next.instructions.isEmpty, isFound || isWhole { return isFound }
            swap(&threads, &next)
            next.removeAll()
            visit += 1
            steps += threads.instructions.count + 1
            let (scalar, length) = scalar(at: place)
            threads: for (index, instruction) in threads.instructions.enumerated() {
                switch pattern.program[instruction] {
                case .scalar(let wanted): if scalar != wanted { continue }
                case .set(let number): if !pattern.sets[number].contains(scalar) { continue }
                case .match:
                    if isWhole, length > 0 { continue }
                    if slots == 0 { return true }
                    found = Array(threads.noted[(index * slots)..<((index + 1) * slots)])
                    isFound = true
                    // Threads behind this one are less preferred.
                    break threads
                default: continue
                }
                for slot in 0..<slots { noted[slot] = threads.noted[index * slots + slot] }
                follow(instruction + 1, place + length)
            }
            if length == 0 { return isFound }
            place += length
        }
    }

    /// Adds to `next` what an instruction leads to without reading, most preferred first. A stack, since patterns may nest deeply.
    private mutating func follow(_ first: Int, _ place: Int) {
        var instruction = first
        while true {
            if seen[instruction] != visit {
                seen[instruction] = visit
                switch pattern.program[instruction] {
                case .jump(let by):
                    instruction += by
                    continue
                case .split(let first, let second):
                    visits.append(.instruction(instruction + second))
                    instruction += first
                    continue
                case .save(let slot):
                    if slots > 0 {
                        visits.append(.slot(slot, held: noted[slot]))
                        noted[slot] = place
                    }
                    instruction += 1
                    continue
                case .at(let border):
                    if isAt(border, place) {
                        instruction += 1
                        continue
                    }
                default:
                    next.instructions.append(instruction)
                    if slots > 0 { next.noted += noted }
                }
            }
            // On with what was put off last.
            while case .slot(let slot, let held)? = visits.last {
                noted[slot] = held
                visits.removeLast()
            }
            guard case .instruction(let other)? = visits.popLast() else { return }
            instruction = other
        }
    }

    private func isAt(_ border: TextPattern.Border, _ place: Int) -> Bool {
        switch border {
        case .start: place == 0
        case .end: place == text.count
        case .word: isWord(at: place - 1) != isWord(at: place)
        case .noWord: isWord(at: place - 1) == isWord(at: place)
        }
    }

    private func isWord(at place: Int) -> Bool {
        text.indices.contains(place) && ScalarSet.word.contains(UInt32(text[place]))
    }
}
