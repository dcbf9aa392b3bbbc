import Shared
import Testing

@testable import Tabular

@Suite struct ProfileTests {
    /// What the definitions say, computed in the plainest way.
    private func check(_ profile: ColumnProfileReply, _ values: [Double]) throws {
        let sorted = values.sorted()
        let count = Double(values.count)
        let mean = sorted.reduce(0, +) / count
        func moment(_ power: Int) -> Double {
            sorted.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * (value - mean) } }
                / count
        }
        func isClose(_ one: Double?, _ two: Double) -> Bool {
            one.map { abs($0 - two) <= 1e-9 * max(1, abs(two)) } ?? false
        }
        #expect(profile.exact)
        #expect(profile.count == values.count)
        #expect(profile.distinct == Set(values).count)
        #expect(profile.min.flatMap(Double.init) == sorted.first)
        #expect(profile.max.flatMap(Double.init) == sorted.last)
        #expect(isClose(profile.mean, mean))
        #expect(isClose(profile.standardDeviation, (moment(2) * count / (count - 1)).squareRoot()))
        if moment(2) > 0 {
            #expect(isClose(profile.skewness, moment(3) / (moment(2) * moment(2).squareRoot())))
            #expect(isClose(profile.kurtosis, moment(4) / (moment(2) * moment(2)) - 3))
        }
        for quantile in try #require(profile.quantiles) {
            let position = quantile.q * (count - 1)
            let low = sorted[Int(position)]
            let high = sorted[min(Int(position) + 1, sorted.count - 1)]
            #expect(isClose(quantile.value, low + (high - low) * (position - Double(Int(position)))))
        }
        let histogram = try #require(profile.histogram)
        #expect(histogram.reduce(0) { $0 + $1.count } == values.count)
        for (place, bin) in histogram.enumerated() {
            let isLast = place == histogram.count - 1
            #expect(bin.count == values.count { $0 >= bin.from && (isLast ? $0 <= bin.to : $0 < bin.to) })
        }
        var counts: [Double: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        #expect(profile.top.map(\.count) == Array(counts.values.sorted(by: >).prefix(10)))
        for top in profile.top { #expect(Double(top.value).flatMap { counts[$0] } == top.count) }
    }

    @Test(arguments: 0..<12)
    func numbersAgreeWithThePlainDefinitions(seed: UInt64) throws {
        var random = SeededRandom(state: seed)
        var profiler = ColumnProfiler(name: "x", type: .decimal)
        var all: [Double] = []
        var nulls = 0
        for part in 0..<Int.random(in: 1...4, using: &random) {
            let rows = Int.random(in: 2...400, using: &random)
            let spread = Int64(10) << Int64.random(in: 0...40, using: &random)
            var integers: [Int64] = []
            for _ in 0..<rows { integers.append(.random(in: -spread...spread, using: &random)) }
            var chunk = ColumnChunk(type: .decimal, values: .decimals(integers, scale: Int(seed) % 4 + part % 2))
            if seed % 3 == 0, part == 1 { chunk.values = .doubles(integers.map { Double($0) / 7 }) }
            if seed % 2 == 0 {
                var bitmap = NullBitmap(rows: rows)
                for row in 0..<rows where Int.random(in: 0..<5, using: &random) == 0 { bitmap.setNull(row) }
                chunk.nulls = bitmap
                nulls += bitmap.nullCount
            }
            all.append(contentsOf: chunk.numbers().filter { !$0.isNaN })
            profiler.add(chunk)
        }
        let profile = profiler.finish()
        #expect(profile.nulls == nulls)
        try check(profile, all)
    }

    @Test func smallRangesAreCountedAndWideOnesSorted() throws {
        var random = SeededRandom(state: 1)
        for limit in [5, 300_000, Int64(1) << 40] {
            var values: [Int64] = []
            for _ in 0..<20_000 { values.append(.random(in: 0...limit, using: &random)) }
            let profile = ColumnProfiler.profile(
                TableColumn(
                    name: "x", type: .integer, chunks: [ColumnChunk(type: .integer, values: .integers(values))]))
            try check(profile, values.map { Double($0) })
        }
    }

    @Test func tooManyNumbersAreSketchedWithinTheStatedError() throws {
        var random = SeededRandom(state: 2)
        var profiler = ColumnProfiler(name: "x", type: .decimal, exactBytes: 100_000)
        var all: [Double] = []
        for _ in 0..<10 {
            var values: [Double] = []
            for _ in 0..<10_000 { values.append(.random(in: 0...1, using: &random)) }
            profiler.add(ColumnChunk(type: .decimal, values: .doubles(values)))
            all += values
        }
        let profile = profiler.finish()
        #expect(!profile.exact)
        let error = try #require(profile.error)
        #expect(abs(Double(profile.distinct) / Double(Set(all).count) - 1) < error)
        for quantile in try #require(profile.quantiles) { #expect(abs(quantile.value - quantile.q) < error) }
        #expect(abs((profile.standardDeviation ?? 0) - 0.2887) < 0.003)
        #expect(abs((profile.kurtosis ?? 0) + 1.2) < 0.03)
        #expect(profile.min.flatMap(Double.init) == all.min())
    }

    @Test func textsAreCountedExactlyWhetherFewOrMany() {
        var random = SeededRandom(state: 3)
        for distinct in [10, 100_000] {
            var texts: [String] = []
            for _ in 0..<150_000 {
                let isCommon = Int.random(in: 0..<10, using: &random) == 0
                texts.append(isCommon ? "common é" : "t\(Int.random(in: 0..<distinct, using: &random))")
            }
            var profiler = ColumnProfiler(name: "x", type: .text)
            for start in stride(from: 0, to: texts.count, by: 50_000) {
                profiler.add(ColumnChunk(type: .text, values: .texts(TextArray(texts[start..<(start + 50_000)]))))
            }
            let profile = profiler.finish()
            var counts: [String: Int] = [:]
            for text in texts { counts[text, default: 0] += 1 }
            #expect(profile.distinct == counts.count)
            #expect(profile.exact || distinct > 10)
            #expect(profile.top.first?.value == "common é")
            #expect(profile.top.first?.count == counts["common é"])
            #expect(profile.min == texts.min { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(profile.max == texts.max { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(profile.textLength?.max == texts.map(\.unicodeScalars.count).max())
        }
    }

    @Test func datesTimestampsAndBooleansSayTheirBoundsAsText() {
        func profile(_ texts: [String], _ type: ColumnType) -> ColumnProfileReply {
            ColumnProfiler.profile(
                TableColumn(
                    name: "x", type: type, chunks: [ColumnChunk.parse(texts: TextArray(texts), as: type).chunk]))
        }
        let dates = profile(["31/12/2020", "", "01/02/2021"], .date)
        #expect(dates.min == "2020-12-31")
        #expect(dates.max == "2021-02-01")
        #expect(dates.nulls == 1)
        let moments = profile(["2020-01-01 10:00:00", "2020-01-01 10:00:00.5"], .timestamp)
        #expect(moments.max == "2020-01-01T10:00:00.5")
        #expect(moments.mean == 1_577_872_800.25)
        let flags = profile(["yes", "no", "yes"], .boolean)
        #expect(flags.top == [.init(value: "true", count: 2), .init(value: "false", count: 1)])
        #expect(flags.histogram == nil)
        let empty = profile(["", ""], .integer)
        #expect(empty.count == 0)
        #expect(empty.min == nil)
    }

    @Test func histogramEdgesAreRound() {
        #expect(HistogramEdges.cover(least: 0, greatest: 9, whole: true) == (0...9).map { Double($0) })
        #expect(HistogramEdges.cover(least: 3, greatest: 97, whole: true) == (0...20).map { Double($0) * 5 })
        #expect(HistogramEdges.cover(least: 5, greatest: 5, whole: true) == [5, 5])
        #expect(HistogramEdges.cover(least: 1e300, greatest: 1.0000001e300, whole: false).count > 2)
    }

    @Test func zerosAndSkewAndMixedOrdersOfDatesAreRemarkedOn() {
        func profile(_ texts: [String], _ type: ColumnType) -> ColumnProfileReply {
            var profiler = ColumnProfiler(name: "c", type: type)
            profiler.add(ColumnChunk.parse(texts: texts, as: type).chunk)
            return profiler.finish()
        }
        func warnings(_ texts: [String], _ type: ColumnType) -> [String] {
            ProfileWarnings.of(profile(texts, type)).map { "\($0.kind): \($0.text)" }
        }
        // 1, 2, 4 ... 16384 once each, and 18 zeros.
        let powers = (0..<15).map { String(1 << $0) }
        #expect(
            warnings(Array(repeating: "0", count: 18) + powers, .integer).prefix(2) == [
                "many_zeros: 54.5 % of the values of “c” are 0.",
                "skewed: “c” is skewed towards large values: its skewness is 3.9.",
            ])
        #expect(warnings((0..<40).map { String($0) }, .integer) == [])
        #expect(
            warnings(Array(repeating: "0.00", count: 30) + ["1.5", "2.5", "-3"], .decimal).contains(
                "many_zeros: 90.9 % of the values of “c” are 0."))
        #expect(
            warnings(powers.map { "-" + $0 }, .decimal).contains(
                "skewed: “c” is skewed towards small values: its skewness is -2.4."))
        let mixed = ["25/12/2020", "25/12/2020", "12/25/2020", "01/02/2020", "3/4/2020", "x", "99/99/2020"]
        #expect(profile(mixed, .text).dateOrders == .init(dayFirst: 2, monthFirst: 1, either: 2))
        #expect(
            warnings(mixed, .text) == [
                "mixed_date_orders: “c” mixes two orders of dates: 2 values can only be day first, 1 only month first."
            ])
        #expect(warnings(["25/12/2020", "01/02/2020", "x"], .text) == [])
        #expect(profile(["25/12-2020", "2020-12-25", "12345678", "a/b/cccc"], .text).dateOrders == nil)
    }

    @Test func warningsSayWhatIsOdd() {
        var profile = ColumnProfileReply(name: "age", type: .integer, count: 70, nulls: 30, distinct: 69, exact: true)
        profile.outliers = 3
        #expect(
            ProfileWarnings.of(profile).map(\.text) == [
                "“age” is empty in 30 % of the rows.",
                "“age” has 69 different values in 70 rows: it looks like an identifier.",
                "3 values of “age” lie more than 1.5 interquartile ranges outside the quartiles.",
            ])
        var flag = ColumnProfileReply(name: "ok", type: .boolean, count: 1000, nulls: 0, distinct: 2, exact: true)
        flag.top = [.init(value: "true", count: 955)]
        #expect(ProfileWarnings.of(flag).map(\.text) == ["95.5 % of the values of “ok” are “true”."])
        var constant = ColumnProfileReply(name: "c", type: .text, count: 5, nulls: 0, distinct: 1, exact: true)
        constant.min = "x"
        #expect(ProfileWarnings.of(constant).map(\.text) == ["“c” is “x” in every row."])
    }
}
