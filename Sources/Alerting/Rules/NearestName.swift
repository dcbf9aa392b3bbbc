/// Finds the name that somebody probably meant.
enum NearestName {
    /// The candidate with the least edits from `name`, if they are at most a third of its length, and one at least.
    static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
        let limit = max(1, min(name.count, 64) / 3)
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let found = distance(Array(name.prefix(64)), Array(candidate.prefix(64)))
            if found <= limit, found < best?.distance ?? .max { best = (found, candidate) }
        }
        return best?.name
    }

    /// Least number of insertions, deletions, replacements and swaps of neighbours.
    ///
    /// Complexity: product of the lengths.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var least = a == b ? last[j] : min(last[j], last[j + 1], row[j]) + 1
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { least = min(least, beforeLast[j - 1] + 1) }
                row.append(least)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
