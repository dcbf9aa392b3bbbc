import Tabular

/// A point of time taken apart in the Gregorian calendar, UTC.
package struct CalendarParts: Sendable, Equatable {
    package var year: Int
    package var month: Int
    package var day: Int
    /// 1 for Monday to 7 for Sunday.
    package var weekday: Int
    package var dayOfYear: Int
    /// Minutes since midnight.
    package var minuteOfDay: Int

    /// Seconds since 1970-01-01; nil for what is not finite or lies more than 100,000 years away.
    package init?(seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 3.2e12 else { return nil }
        let days = Int64((seconds / 86_400).rounded(.down))
        let date = CivilDate(daysSince1970: days)
        year = Int(date.year)
        month = Int(date.month)
        day = Int(date.day)
        // 1970-01-01 was a Thursday.
        weekday = Int(((days + 3) % 7 + 7) % 7) + 1
        dayOfYear = Int(days - CivilDate(year: date.year, month: 1, day: 1).daysSince1970) + 1
        minuteOfDay = Int((seconds - Double(days) * 86_400) / 60)
    }
}
