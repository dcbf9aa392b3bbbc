/// A set of Unicode scalars.
struct ScalarSet: Sendable, Equatable {
    typealias Ranges = [ClosedRange<UInt32>]

    /// Ascending, with gaps between them.
    private(set) var ranges: Ranges = []
    /// The scalars below 64 and from 64 to 127, a bit each.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ ranges: Ranges) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound + 1 {
                self.ranges[self.ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
        for range in self.ranges where range.lowerBound < 128 {
            for value in range.lowerBound...min(range.upperBound, 127) {
                if value < 64 { low |= 1 << UInt64(value) } else { high |= 1 << UInt64(value - 64) }
            }
        }
    }

    func contains(_ value: UInt32) -> Bool {
        if value < 128 { return (value < 64 ? low : high) & 1 << UInt64(value & 63) != 0 }
        return ranges.contains { $0.contains(value) }
    }

    var reachesBeyondASCII: Bool { ranges.last.map { $0.upperBound > 127 } ?? false }

    /// All other scalars.
    var complement: ScalarSet {
        var result: Ranges = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= 0x10_ffff { result.append(next...0x10_ffff) }
        return ScalarSet(result)
    }

    /// With the other cases of each scalar.
    var foldingCase: ScalarSet {
        ScalarSet(ranges + Self.cases.filter { contains($0.key) }.flatMap(\.value).map { $0...$0 })
    }

    /// For each scalar that has other cases all of them, itself included: k, K and the Kelvin sign.
    ///
    /// Source: simple case folding of Unicode's CaseFolding.txt (C and S), which leaves out the dotless i of Turkish.
    static let cases: [UInt32: [UInt32]] = {
        var groups: [Unicode.Scalar: [UInt32]] = [:]
        for scalar in (UInt32(0)...0x1ffff).lazy.compactMap(Unicode.Scalar.init) where scalar.value != 0x131 {
            guard scalar.properties.changesWhenCaseMapped else { continue }
            let upper = only(scalar.properties.uppercaseMapping) ?? scalar
            groups[only(upper.properties.lowercaseMapping) ?? upper, default: []].append(scalar.value)
        }
        var cases: [UInt32: [UInt32]] = [:]
        for group in groups.values where group.count > 1 { for value in group { cases[value] = group } }
        return cases
    }()

    private static func only(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }

    // MARK: Sets with a name

    static let all = ScalarSet([0...0x10_ffff])
    static let noLineFeed = ScalarSet([10...10]).complement
    static let word = ScalarSet([48...57, 65...90, 95...95, 97...122])

    /// What `\d` and its like stand for; the capital letters are the opposites.
    static let perlClasses: [Unicode.Scalar: ScalarSet] = [
        "d": ScalarSet([48...57]), "w": word, "s": ScalarSet([9...10, 12...13, 32...32]),
    ]

    static let posixClasses: [String: Ranges] = [
        "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "ascii": [0...127],
        "blank": [9...9, 32...32], "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126],
        "lower": [97...122], "print": [32...126], "punct": [33...47, 58...64, 91...96, 123...126],
        "space": [9...13, 32...32], "upper": [65...90], "word": word.ranges,
        "xdigit": [48...57, 65...70, 97...102],
    ]
}
