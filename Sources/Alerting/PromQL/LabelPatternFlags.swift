/// The flags in force at a place of a pattern, and the sets of scalars that patterns name.
///
/// Source: RE2's syntax; Go's regexp/syntax.
struct LabelPatternFlags {
    var ignoresCase = false
    var dotMatchesNewline = false

    typealias Ranges = [ClosedRange<UInt32>]

    static func perlClass(_ scalar: Unicode.Scalar) -> LabelPattern.ScalarSet? {
        let ranges: Ranges
        switch scalar {
        case "d", "D": ranges = [48...57]
        case "w", "W": ranges = [48...57, 65...90, 95...95, 97...122]
        case "s", "S": ranges = [9...10, 12...13, 32...32]
        default: return nil
        }
        return LabelPattern.ScalarSet(ranges: ranges, isNegated: scalar.properties.isUppercase)
    }

    static let namedClasses: [String: Ranges] = [
        "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "ascii": [0...127],
        "blank": [9...9, 32...32], "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126],
        "lower": [97...122], "print": [32...126], "punct": [33...47, 58...64, 91...96, 123...126],
        "space": [9...13, 32...32], "upper": [65...90], "word": [48...57, 65...90, 95...95, 97...122],
        "xdigit": [48...57, 65...70, 97...102],
    ]

    /// All scalars that ranges leave out.
    static func complement(_ ranges: Ranges) -> Ranges {
        var result: Ranges = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10_ffff { result.append(next...0x10_ffff) }
        return result
    }

    /// Most scalars of a range beyond ASCII whose other cases are looked up.
    private static let foldedLimit: UInt32 = 2_000

    /// The ranges with the other cases of their scalars.
    static func folded(_ ranges: Ranges) -> Ranges {
        var result = ranges
        for range in ranges {
            // Letters as a block: shifting them by 32 changes their case.
            for (letters, shift) in [(UInt32(65)...UInt32(90), Int64(32)), (97...122, -32)]
            where range.overlaps(letters) {
                let common = range.clamped(to: letters)
                result.append(
                    UInt32(Int64(common.lowerBound) + shift)...UInt32(Int64(common.upperBound) + shift))
            }
            // The Kelvin sign and the long s are cases of k and s.
            for (letter, alien) in [(UInt32(0x6b), UInt32(0x212a)), (0x73, 0x17f)] {
                if range.contains(letter) || range.contains(letter - 32) { result.append(alien...alien) }
                if range.contains(alien) { result += [letter...letter, letter - 32...letter - 32] }
            }
            guard range.upperBound > 127, range.upperBound - range.lowerBound <= foldedLimit else { continue }
            for value in max(128, range.lowerBound)...range.upperBound {
                guard let properties = Unicode.Scalar(value)?.properties else { continue }
                for other in [properties.lowercaseMapping, properties.uppercaseMapping]
                where other.unicodeScalars.count == 1 {
                    if let scalar = other.unicodeScalars.first, scalar.value != value {
                        result.append(scalar.value...scalar.value)
                    }
                }
            }
        }
        return result
    }
}
