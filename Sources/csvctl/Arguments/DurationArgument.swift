import ArgumentParser

/// A span of time: `20` and `20s` are seconds, then `5m`, `2h`, `7d`; fractions such as `1.5h` too.
struct DurationArgument: ExpressibleByArgument, Equatable {
    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let factors: [String: Double] = ["": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let value = Double(digits), let factor = factors[String(argument.dropFirst(digits.count))],
            value > 0, value * factor <= 10 * 365 * 86400
        else { return nil }
        seconds = value * factor
    }

    var defaultValueDescription: String { "\(Int(seconds))s" }
}
