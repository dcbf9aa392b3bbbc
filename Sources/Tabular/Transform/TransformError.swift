/// Why a step cannot be done.
package enum TransformError: Error, Sendable, Equatable {
    /// Not an object with a text `op`.
    case notAStep(String)
    case unknownOperation(String, nearest: String?)
    case unknownKey(op: String, key: String, nearest: String?)
    case unknownColumn(op: String, name: String, nearest: String?)
    case missing(op: String, key: String)
    case badValue(op: String, key: String, value: String, expected: String)
    /// The operation does not apply to columns of this type.
    case wrongType(op: String, column: String, type: String, expected: String)
    /// The column has no value that could be filled in.
    case noValue(op: String, column: String)
    /// The texts of one column exceed 4 GB.
    case tooLarge(op: String, column: String)
}

/// Finds what a misspelt name was meant to be.
enum Spelling {
    /// The candidate that needs the fewest changes, if that is at most a third of the name.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        let folded = Array(name.lowercased().prefix(100))
        var best: String?
        var least = max(1, folded.count / 3) + 1
        for candidate in candidates {
            let distance = distance(folded, Array(candidate.lowercased().prefix(100)))
            if distance < least { (best, least) = (candidate, distance) }
        }
        return best
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ one: [Character], _ two: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...two.count)
        for (index, character) in one.enumerated() {
            var row = [index + 1]
            for (place, other) in two.enumerated() {
                var least = min(last[place] + (character == other ? 0 : 1), last[place + 1] + 1, row[place] + 1)
                if index > 0, place > 0, character == two[place - 1], other == one[index - 1] {
                    least = min(least, beforeLast[place - 1] + 1)
                }
                row.append(least)
            }
            (beforeLast, last) = (last, row)
        }
        return last[two.count]
    }
}
