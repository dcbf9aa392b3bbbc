/// Replaces every place of a text that a pattern matches.
///
/// Source: Go's regexp, `ReplaceAllString`: from left to right; an empty match right after another one is none.
struct PatternReplacing: Sendable {
    /// Finds the first place of a whole text; group 1 is the place.
    let first: LabelPattern
    /// Finds the first place after the first character, which is there for `^` and `\b` to look at.
    let later: LabelPattern
    let replacement: PatternReplacement

    /// Complexity: quadratic in the text at worst, times the length of the pattern.
    func applied(to text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        // What is before `done` is in the result; a match may begin at `from`.
        var (done, from) = (0, 0)
        while from <= scalars.count {
            let context = from == 0 ? 0 : from - 1
            let rest = String(String.UnicodeScalarView(scalars[context...]))
            guard let groups = (from == 0 ? first : later).captures(in: rest), let place = groups.places[1] else {
                break
            }
            let (start, end) = (place.lowerBound + context, place.upperBound + context)
            if start == end, start == done, done > 0, from == done {
                from += 1
                continue
            }
            result.append(contentsOf: scalars[done..<start])
            result.append(contentsOf: replacement.filled(groups.withoutFirst).unicodeScalars)
            done = end
            from = start == end ? end + 1 : end
        }
        result.append(contentsOf: scalars[min(done, scalars.count)...])
        return String(result)
    }
}
