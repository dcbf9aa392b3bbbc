/// How a date is written: the order of its parts, what stands between them, and whether days and months have two digits.
package struct DateFormat: Sendable, Hashable {
    package enum Order: UInt8, Sendable, Hashable, CaseIterable { case yearMonthDay, dayMonthYear, monthDayYear }

    package var order: Order
    package var separator: UInt8
    /// `03` rather than `3`.
    package var padded: Bool

    package init(order: Order, separator: UInt8, padded: Bool = true) {
        self.order = order
        self.separator = separator
        self.padded = padded
    }

    package static let iso = DateFormat(order: .yearMonthDay, separator: UInt8(ascii: "-"))
}

/// How a timestamp is written: a date, a separator, a time of day, perhaps a zone.
package struct TimestampFormat: Sendable, Hashable {
    package enum Zone: UInt8, Sendable, Hashable { case none, z, offset }

    package var date: DateFormat
    /// Between date and time: `T` or a space.
    package var between: UInt8
    package var hasSeconds: Bool
    /// Digits after the seconds, 0 ... 6.
    package var fractionDigits: Int
    package var zone: Zone
    /// Minutes east of UTC that `offset` writes.
    package var offsetMinutes: Int

    package init(
        date: DateFormat = .iso, between: UInt8 = UInt8(ascii: "T"), hasSeconds: Bool = true, fractionDigits: Int = 0,
        zone: Zone = .none, offsetMinutes: Int = 0
    ) {
        self.date = date
        self.between = between
        self.hasSeconds = hasSeconds
        self.fractionDigits = fractionDigits
        self.zone = zone
        self.offsetMinutes = offsetMinutes
    }
}
