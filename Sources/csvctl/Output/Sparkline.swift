/// A series of numbers as one line of eighth blocks.
enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The series from its smallest to its largest value; a gap (NaN, infinity) is a space.
    ///
    /// A longer series than `width` keeps the largest value of each bucket, so that a short peak stays visible.
    static func text(_ values: [Double], width: Int = 60) -> String {
        let shown = buckets(values, count: width)
        let finite = shown.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else {
            return String(repeating: " ", count: shown.count)
        }
        return String(
            shown.map { value in
                guard value.isFinite else { return " " }
                guard high > low else { return high == 0 ? "▁" : "▄" }
                // Halved before the difference, which could overflow.
                let share = (value / 2 - low / 2) / (high / 2 - low / 2)
                return blocks[min(7, max(0, Int((share * 7).rounded())))]
            })
    }

    /// Counts as bars from zero, for histograms: nothing is a space, anything at least the lowest block.
    static func counts(_ values: [Int], width: Int = 24) -> String {
        let shown = buckets(values.map(Double.init), count: width)
        let high = shown.max() ?? 0
        return String(
            shown.map { value in
                guard value > 0, high > 0 else { return " " }
                return blocks[min(7, Int(value / high * 7.999))]
            })
    }

    private static func buckets(_ values: [Double], count: Int) -> [Double] {
        guard count > 0, values.count > count else { return values }
        return (0..<count).map { bucket in
            let slice = values[(bucket * values.count / count)..<((bucket + 1) * values.count / count)]
            return slice.filter(\.isFinite).max() ?? .nan
        }
    }
}
