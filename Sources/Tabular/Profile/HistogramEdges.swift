/// The edges of a histogram's bins.
enum HistogramEdges {
    /// About twenty bins with round edges that cover `least ... greatest`; whole numbers never get bins narrower than 1.
    static func cover(least: Double, greatest: Double, whole: Bool) -> [Double] {
        let range = greatest - least
        guard range > 0, range.isFinite else { return [least, greatest] }
        let rough = range / 20
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
        guard last - first < 64, last > first, step > 0 else {
            return (0...20).map { $0 == 20 ? greatest : least + range * Double($0) / 20 }
        }
        let bins = Int(last - first)
        return (0...bins).map { (first + Double($0)) * step }
    }

    private static func floorOfLog10(_ value: Double) -> Double {
        var exponent = (Double(value.exponent) * 0.301_029_995_663_981_2).rounded(.down)
        while tenToThe(Int(exponent)) > value { exponent -= 1 }
        while tenToThe(Int(exponent) + 1) <= value { exponent += 1 }
        return exponent
    }

    private static func tenToThe(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}
