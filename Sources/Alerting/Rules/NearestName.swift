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

    /// Least number of insertions, deletions and replacements.
    ///
    /// Complexity: product of the lengths.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = a == b ? diagonal : min(diagonal, above, row[j]) + 1
                diagonal = above
            }
        }
        return row[right.count]
    }
}
