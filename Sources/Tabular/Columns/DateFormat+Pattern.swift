extension DateFormat {
    /// Reads what `pattern` writes; nil for anything else.
    package init?(pattern: String) {
        for order in Order.allCases {
            for separator in [45, 47, 46, 32, 0] as [UInt8] {
                for padded in [true, false] where padded || separator != 0 {
                    self.init(order: order, separator: separator, padded: padded)
                    if self.pattern == pattern.lowercased() { return }
                }
            }
        }
        return nil
    }
}

extension TimestampFormat {
    /// Reads what `pattern` writes; nil for anything else.
    package init?(pattern: String) {
        guard let hour = pattern.range(of: "HH:MM"), hour.lowerBound > pattern.startIndex else { return nil }
        let between = pattern[pattern.index(before: hour.lowerBound)]
        guard between == "T" || between == " ", let sign = between.asciiValue,
            let date = DateFormat(pattern: String(pattern[..<hour.lowerBound].dropLast()))
        else { return nil }
        let end = pattern[hour.upperBound...]
        self.init(date: date, between: sign, hasSeconds: end.hasPrefix(":SS"))
        fractionDigits = end.filter { $0 == "s" }.count
        zone = end.hasSuffix("Z") ? .z : end.hasSuffix("+hh:mm") ? .offset : .none
        guard self.pattern == pattern else { return nil }
    }
}
