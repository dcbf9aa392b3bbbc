import Foundation
import Shared
import Testing

@testable import Tabular

/// Columns made to break a profile, against what exact counting says of them.
@Suite struct ProfileAdversaryTests {
    private func integers(_ values: [Int64], exactBytes: Int = 64 << 20, chunk: Int = 1000) -> ColumnProfileReply {
        var profiler = ColumnProfiler(name: "x", type: .integer, exactBytes: exactBytes)
        for start in stride(from: 0, to: values.count, by: chunk) {
            let part = Array(values[start..<min(start + chunk, values.count)])
            profiler.add(ColumnChunk(type: .integer, values: .integers(part)))
        }
        return profiler.finish()
    }

    private func decimals(_ values: [Double]) -> ColumnProfileReply {
        var profiler = ColumnProfiler(name: "x", type: .decimal)
        profiler.add(ColumnChunk(type: .decimal, values: .doubles(values)))
        return profiler.finish()
    }

    private func isClose(_ one: Double?, _ two: Double, within: Double = 1e-12) -> Bool {
        one.map { abs($0 - two) <= within * max(abs(two), .leastNonzeroMagnitude) } ?? false
    }

    // MARK: Counted exactly

    @Test func extremesOfInt64AreCountedAsTheyAre() {
        let values: [Int64] = [.min, .max, .min + 1, .max - 1, 0, -1, 1, .max]
        let profile = integers(values, chunk: 3)
        #expect(profile.exact)
        #expect(profile.distinct == 7)
        #expect(profile.min == "-9223372036854775808")
        #expect(profile.max == "9223372036854775807")
        #expect(profile.top.first == .init(value: "9223372036854775807", count: 2))
        #expect(profile.quantiles?.map(\.q) == [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
        #expect(profile.histogram?.map(\.count).reduce(0, +) == 8)
    }

    @Test func decimalsNearTheLimitOfTheirMantissaKeepTheirDigits() {
        var profiler = ColumnProfiler(name: "x", type: .decimal)
        profiler.add(ColumnChunk(type: .decimal, values: .decimals([.max, .max - 1, .min], scale: 2)))
        let profile = profiler.finish()
        #expect(profile.min == "-92233720368547758.08")
        #expect(profile.max == "92233720368547758.07")
        #expect(profile.distinct == 3)
        // More decimals than 64 bits hold beside these: all become Doubles, and nothing is lost or trapped.
        profiler = ColumnProfiler(name: "x", type: .decimal)
        profiler.add(ColumnChunk(type: .decimal, values: .decimals([.max], scale: 2)))
        profiler.add(ColumnChunk(type: .decimal, values: .decimals([15, 25], scale: 18)))
        let mixed = profiler.finish()
        #expect(mixed.count == 3)
        #expect(mixed.distinct == 3)
        #expect(mixed.max.flatMap(Double.init) == 92_233_720_368_547_760)
    }

    @Test(arguments: [0, 1_000_000_000_000_000, 9_007_199_254_000_000, -4_503_599_627_000_000] as [Int64])
    func momentsDoNotDependOnWhereTheNumbersLie(offset: Int64) throws {
        var random = SeededRandom(state: 7)
        var small: [Int64] = []
        for _ in 0..<30_000 { small.append(.random(in: 0...9, using: &random) * .random(in: 0...9, using: &random)) }
        // Exact: integers of at most two digits have sums of fourth powers far below 2^63.
        let count = Int64(small.count)
        let sum = small.reduce(0, +)
        // Around the mean times `count`, in 128 bits.
        func central(_ power: Int) -> Double {
            let total = small.reduce(into: 0 as Int128) { total, value in
                let difference = Int128(value * count - sum)
                total += (0..<power).reduce(1 as Int128) { product, _ in product * difference }
            }
            return Double(total) / (0...power).reduce(1) { product, _ in product * Double(count) }
        }
        let variance = central(2)
        for exactBytes in [64 << 20, 50_000] {
            let profile = integers(small.map { $0 + offset }, exactBytes: exactBytes)
            let sd = try #require(profile.standardDeviation)
            #expect(isClose(sd, (variance * Double(count) / Double(count - 1)).squareRoot(), within: 1e-9))
            #expect(isClose(profile.skewness, central(3) / (variance * variance.squareRoot()), within: 1e-7))
            #expect(isClose(profile.kurtosis, central(4) / (variance * variance) - 3, within: 1e-7))
            let mean = try #require(profile.mean)
            #expect(abs(mean - Double(offset) - Double(sum) / Double(count)) <= max(1e-9, mean.ulp))
        }
    }

    @Test func numbersAtTheEndsOfADoubleHaveAProfile() throws {
        let columns: [[Double]] = [
            [0, .leastNonzeroMagnitude], [.leastNonzeroMagnitude, 3 * .leastNonzeroMagnitude],
            [-.greatestFiniteMagnitude, .greatestFiniteMagnitude],
            [.greatestFiniteMagnitude, .greatestFiniteMagnitude, .greatestFiniteMagnitude], [1e300, 1.0000001e300],
            [1, 1.0.nextUp], [-3 * .leastNonzeroMagnitude, 0, 1e308], [0.0, -0.0, 5],
        ]
        for values in columns {
            let profile = decimals(values)
            // What JSON cannot say would have made the whole profile unreadable.
            #expect(throws: Never.self) { try WireJSON.encode(profile) }
            #expect(profile.distinct == Set(values).count)
            #expect(profile.min.flatMap(Double.init) == values.min())
            #expect(profile.max.flatMap(Double.init) == values.max())
            let histogram = try #require(profile.histogram)
            #expect(histogram.map(\.count).reduce(0, +) == values.count)
            #expect(histogram.allSatisfy { $0.from <= $0.to })
            let quantiles = try #require(profile.quantiles).map(\.value)
            #expect(zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 <= $1 })
        }
        #expect(decimals([.greatestFiniteMagnitude, .greatestFiniteMagnitude]).mean == .greatestFiniteMagnitude)
        #expect(decimals([-.greatestFiniteMagnitude, .greatestFiniteMagnitude]).mean == 0)
    }

    @Test(arguments: [4096 * Double.leastNonzeroMagnitude, 1e-200, 1e-80, 1e80, 1e200, 1e300])
    func momentsDoNotDependOnTheUnit(unit: Double) {
        // Subnormal numbers are few: whole ones of them keep their proportions.
        let whole = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
        let (plain, scaled) = (decimals(whole), decimals(whole.map { $0 * unit }))
        let within = unit < 1e-300 ? 1e-3 : 1e-12
        #expect(isClose(scaled.mean, (plain.mean ?? 0) * unit, within: within))
        #expect(isClose(scaled.standardDeviation, (plain.standardDeviation ?? 0) * unit, within: within))
        #expect(isClose(scaled.skewness, plain.skewness ?? 0, within: within * 10))
        #expect(isClose(scaled.kurtosis, plain.kurtosis ?? 0, within: within * 10))
    }

    // MARK: Sketched

    static let shapes: [(name: String, values: [Int64])] = {
        var random = SeededRandom(state: 11)
        let count = 60_000
        let ascending: [Int64] = (0..<Int64(count)).map { $0 * 1_000_003 }
        var extremes: [Int64] = []
        var skewed: [Int64] = []
        for index in 0..<count {
            extremes.append(index % 3 == 0 ? .min : index % 3 == 1 ? .max : Int64(index) << 40)
            let power: Int64 = 1 << Int64.random(in: 0...61, using: &random)
            skewed.append(power + Int64.random(in: 0...9, using: &random))
        }
        var result: [(name: String, values: [Int64])] = []
        result.append(("all equal but one", [Int64](repeating: 77, count: count) + [1 << 40]))
        result.append(("ascending", ascending))
        result.append(("descending", ascending.reversed()))
        result.append(
            ("from both ends", ascending.indices.map { ascending[$0 % 2 == 0 ? $0 : count - $0] }))
        result.append(("one value half of the time", ascending.map { $0 % 2 == 0 ? $0 : 1 << 50 }))
        result.append(("extremes", extremes))
        result.append(("identifiers above 2^53", (0..<Int64(count)).map { 1_600_000_000_000_000_000 + $0 * 17 }))
        result.append(("few large, many small", skewed))
        return result
    }()

    @Test(arguments: shapes.indices)
    func sketchesKeepTheErrorTheyState(shape: Int) throws {
        let (name, values) = Self.shapes[shape]
        let profile = integers(values, exactBytes: 100_000)
        let exact = integers(values)
        #expect(exact.exact, "\(name)")
        #expect(!profile.exact, "\(name)")
        let error = try #require(profile.error)
        #expect(profile.count == values.count)
        #expect(profile.min == exact.min, "\(name)")
        #expect(profile.max == exact.max, "\(name)")
        let spread = Double(exact.distinct)
        #expect(abs(Double(profile.distinct) - spread) <= max(1, error * spread), "\(name): \(profile.distinct)")
        #expect(isClose(profile.mean, exact.mean ?? 0, within: 1e-9), "\(name)")
        #expect(isClose(profile.standardDeviation, exact.standardDeviation ?? 0, within: 1e-9), "\(name)")
        let sorted = values.sorted().map { Double($0) }
        let slack = error * Double(values.count)
        for quantile in try #require(profile.quantiles) {
            let rank = quantile.q * Double(values.count - 1)
            let low = Double(sorted.count { $0 < quantile.value })
            let high = Double(sorted.count { $0 <= quantile.value })
            #expect(low - slack <= rank && rank <= high + slack, "\(name) q\(quantile.q)")
        }
        let bins = try #require(profile.histogram)
        #expect(bins.map(\.count).reduce(0, +) == values.count)
        for (place, bin) in bins.enumerated() {
            let isLast = place == bins.count - 1
            let count = sorted.count { $0 >= bin.from && (isLast ? $0 <= bin.to : $0 < bin.to) }
            #expect(abs(Double(bin.count - count)) <= 2 * slack, "\(name) bin \(place)")
        }
    }

    @Test(arguments: shapes.indices)
    func sketchesNameOnlyValuesThatAreFrequent(shape: Int) throws {
        let (name, values) = Self.shapes[shape]
        var counts: [String: Int] = [:]
        for value in values { counts[String(value), default: 0] += 1 }
        let slack = 2 * 1.7 / 1024 * Double(values.count)
        let profile = integers(values, exactBytes: 100_000)
        for top in profile.top {
            let count = try #require(counts[top.value], "\(name): \(top.value)")
            #expect(abs(Double(count - top.count)) <= slack, "\(name): \(top.value)")
        }
        // Whatever makes up a twentieth is found, unless ten others are as frequent.
        for (value, count) in counts where count * 20 >= values.count {
            #expect(profile.top.contains { $0.value == value } || profile.top.count == 10, "\(name): \(value)")
        }
    }

    @Test func sketchesCountANumberOnceHoweverManyDecimalsItHas() {
        var profiler = ColumnProfiler(name: "x", type: .decimal, exactBytes: 50_000)
        let whole = (0..<20_000).map { Int64($0) * 1000 }
        profiler.add(ColumnChunk(type: .decimal, values: .decimals(whole, scale: 0)))
        profiler.add(ColumnChunk(type: .decimal, values: .decimals(whole.map { $0 * 100 }, scale: 2)))
        profiler.add(ColumnChunk(type: .decimal, values: .doubles(whole.map { Double($0) })))
        let profile = profiler.finish()
        #expect(profile.count == 60_000)
        #expect(abs(profile.distinct - 20_000) < 325)
        #expect(profile.min == "0")
        #expect(profile.max.flatMap(Double.init) == 19_999_000)
    }

    @Test func sketchedDatesAndTimestampsSayTheirBoundsAsText() {
        var dates = ColumnProfiler(name: "x", type: .date, exactBytes: 1000)
        dates.add(ColumnChunk(type: .date, values: .integers((0..<2000).map { Int64($0) * 1_000 - 700_000 })))
        let profile = dates.finish()
        #expect(!profile.exact)
        #expect(profile.min == "0053-06-18" || profile.min?.hasPrefix("00") == true)
        var moments = ColumnProfiler(name: "x", type: .timestamp, exactBytes: 1000)
        moments.add(
            ColumnChunk(type: .timestamp, values: .integers((0..<2000).map { 1_577_872_800_000_000 + Int64($0) })))
        #expect(moments.finish().max == "2020-01-01T10:00:00.001999")
    }

    // MARK: Texts

    @Test(arguments: [64 << 20, 4096])
    func textsOfManyScriptsAreToldApartByTheirBytes(exactBytes: Int) throws {
        // Composed and decomposed, look-alikes, joined emoji, a NUL, controls, right to left.
        let odd = ["é", "e\u{301}", "А", "A", "👩‍👩‍👧", "👩", "a\u{0}b", "a", "\u{202E}abc", "ﬁ", "fi", " ", "  "]
        var texts: [String] = []
        for index in 0..<4000 { texts.append(odd[index % odd.count]) }
        var profiler = ColumnProfiler(name: "x", type: .text, exactBytes: exactBytes)
        for start in stride(from: 0, to: texts.count, by: 1000) {
            profiler.add(ColumnChunk(type: .text, values: .texts(TextArray(texts[start..<start + 1000]))))
        }
        let profile = profiler.finish()
        #expect(profile.distinct == odd.count)
        #expect(profile.exact)
        #expect(profile.top.count == 10)
        #expect(profile.top.allSatisfy { (307...308).contains($0.count) })
        #expect(profile.min?.utf8.elementsEqual(" ".utf8) == true)
        #expect(profile.max?.utf8.elementsEqual("👩‍👩‍👧".utf8) == true)
        #expect(profile.textLength == .init(min: 1, max: 5, mean: try #require(profile.textLength).mean))
    }

    @Test func textsTooManyToKeepAreEstimatedWithinTheStatedError() throws {
        // Alike but for a few bits, as adversaries of hashes are.
        var profiler = ColumnProfiler(name: "x", type: .text, exactBytes: 100_000)
        let distinct = 90_000
        for start in stride(from: 0, to: distinct, by: 10_000) {
            let part = (start..<start + 10_000).map { String(repeating: "0", count: 40) + String($0, radix: 2) }
            for _ in 0..<2 { profiler.add(ColumnChunk(type: .text, values: .texts(TextArray(part)))) }
        }
        let profile = profiler.finish()
        #expect(!profile.exact)
        let error = try #require(profile.error)
        #expect(abs(Double(profile.distinct) / Double(distinct) - 1) <= error)
        #expect(profile.textLength?.max == 40 + 17)
    }
}
