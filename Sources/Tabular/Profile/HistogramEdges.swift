/// The edges of a histogram's bins.
enum HistogramEdges {
    /// About twenty bins with round edges that cover `least ... greatest`; whole numbers never get bins narrower than 1.
    static func cover(least: Double, greatest: Double, whole: Bool) -> [Double] {
        guard greatest > least else { return [least, greatest] }
        let range = greatest - least
        let rough = range / 20
        // The range of numbers may be more than a Double holds, or too little to be divided.
        guard range.isFinite, rough > 0 else { return even(least: least, greatest: greatest) }
        let power = tenToThe(Int(floorOfLog10(rough)))
        var step = power * 10
        for factor in [1.0, 2, 2.5, 5] where factor * power >= rough {
            step = factor * power
            break
        }
        if whole { step = max(1, step.rounded(.up)) }
        let first = (least / step).rounded(.down)
        let last = (greatest / step).rounded(.up)
        // Where doubles are too coarse for the step, plain division has to do.
        guard last - first < 64, last > first, step > 0, (last * step).isFinite, (first * step).isFinite else {
            return even(least: least, greatest: greatest)
        }
        let bins = Int(last - first)
        return (0...bins).map { (first + Double($0)) * step }
    }

    /// Twenty bins of one width, or one where Doubles are too coarse for that.
    private static func even(least: Double, greatest: Double) -> [Double] {
        let edges = (0...20).map { index in
            let share = Double(index) / 20
            return index == 20 ? greatest : least * (1 - share) + greatest * share
        }
        // Rounding may put neighbours of a narrow range into each other's place.
        let isAscending = edges[0] == least && zip(edges, edges.dropFirst()).allSatisfy { $0 <= $1 }
        return isAscending ? edges : [least, greatest]
    }

    private static func floorOfLog10(_ value: Double) -> Double {
        var exponent = (Double(value.exponent) * 0.301_029_995_663_981_2).rounded(.down)
        while tenToThe(Int(exponent)) > value { exponent -= 1 }
        while tenToThe(Int(exponent) + 1) <= value { exponent += 1 }
        return exponent
    }

    private static func tenToThe(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}
