import Shared

/// Remarks that a column's profile gives rise to.
package enum ProfileWarnings {
    /// From this share of nulls on, a column is remarked on.
    package static let nullShare = 0.2
    /// From this share of one value on, a column of few values counts as imbalanced.
    package static let majorityShare = 0.9
    /// From this share of zeros on, a column of numbers is remarked on.
    package static let zeroShare = 0.5
    /// From this size of the skewness on, a column is remarked on; an exponential distribution has 2.
    package static let skewness = 2.0

    /// At most one warning of a kind, in the order constant, high_null_share, near_unique, imbalance, many_zeros, skewed, outliers,
    /// mixed_date_orders.
    package static func of(_ profile: ColumnProfileReply) -> [ProfileWarningReply] {
        var warnings: [ProfileWarningReply] = []
        func warn(_ kind: String, _ text: String) {
            warnings.append(ProfileWarningReply(kind: kind, column: profile.name, text: text))
        }
        let name = "\u{201C}\(profile.name)\u{201D}"
        let rows = profile.count + profile.nulls
        guard rows > 0 else { return [] }
        if profile.count == 0 {
            warn("constant", "\(name) has no value in any row.")
        } else if profile.distinct == 1 {
            let value = shortened(profile.min ?? "")
            let rest = profile.nulls > 0 ? " wherever it is not empty" : " in every row"
            warn("constant", "\(name) is \(value)\(rest).")
        }
        if Double(profile.nulls) >= nullShare * Double(rows) {
            warn("high_null_share", "\(name) is empty in \(percent(profile.nulls, of: rows)) of the rows.")
        }
        let canIdentify = profile.type == .text || profile.type == .integer
        if canIdentify, profile.count >= 50, Double(profile.distinct) >= 0.95 * Double(profile.count) {
            warn(
                "near_unique",
                "\(name) has \(profile.distinct) different values in \(profile.count) rows: it looks like an identifier."
            )
        }
        if profile.count >= 20, (2...20).contains(profile.distinct), let top = profile.top.first,
            Double(top.count) >= majorityShare * Double(profile.count)
        {
            warn(
                "imbalance",
                "\(percent(top.count, of: profile.count)) of the values of \(name) are \(shortened(top.value)).")
        }
        if let zeros = zeros(profile), profile.distinct > 2, Double(zeros) >= zeroShare * Double(profile.count) {
            warn("many_zeros", "\(percent(zeros, of: profile.count)) of the values of \(name) are 0.")
        }
        if let skewness = profile.skewness, abs(skewness) >= Self.skewness, isNumber(profile), profile.distinct > 10 {
            let tail = skewness > 0 ? "large" : "small"
            warn(
                "skewed",
                "\(name) is skewed towards \(tail) values: its skewness is \((skewness * 10).rounded() / 10).")
        }
        if let outliers = profile.outliers, outliers > 0, profile.distinct > 10 {
            warn(
                "outliers",
                "\(outliers) values of \(name) lie more than 1.5 interquartile ranges outside the quartiles.")
        }
        if let orders = profile.dateOrders, orders.dayFirst > 0, orders.monthFirst > 0,
            2 * (orders.dayFirst + orders.monthFirst + orders.either) >= profile.count
        {
            warn(
                "mixed_date_orders",
                "\(name) mixes two orders of dates: \(orders.dayFirst) values can only be day first, \(orders.monthFirst) only month first."
            )
        }
        return warnings
    }

    private static func isNumber(_ profile: ColumnProfileReply) -> Bool {
        profile.type == .integer || profile.type == .decimal
    }

    /// Values that are 0. As many as are of interest are always among the most frequent.
    private static func zeros(_ profile: ColumnProfileReply) -> Int? {
        guard isNumber(profile) else { return nil }
        return profile.top.first { Double($0.value) == 0 }?.count
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        let tenths = (Double(part) / Double(whole) * 1000).rounded(.down) / 10
        return tenths == tenths.rounded() ? "\(Int(tenths)) %" : "\(tenths) %"
    }

    private static func shortened(_ value: String) -> String {
        let shown = value.count > 40 ? value.prefix(40) + "…" : value[...]
        return "\u{201C}\(shown)\u{201D}"
    }
}

extension ProfileWarnings {
    /// The warnings of all columns, in their order.
    package static func of(_ profiles: [ColumnProfileReply]) -> [ProfileWarningReply] { profiles.flatMap { of($0) } }
}
