extension RandomStream {
    /// Roughly normal with mean 0 and deviation 1: the sum of twelve uniform numbers, which needs no logarithm.
    mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += unit() }
        return sum
    }

    /// Fisher-Yates.
    mutating func shuffle<T>(_ values: inout [T]) {
        guard values.count > 1 else { return }
        for place in stride(from: values.count - 1, to: 0, by: -1) { values.swapAt(place, index(below: place + 1)) }
    }
}
