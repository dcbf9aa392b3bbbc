/// Parts of a date in UTC, of seconds since 1970.
///
/// Source: Go's time package, which Prometheus uses: days are counted from 1 January of a year so long ago that no time lies
/// before it, and sums wrap. What is no number, or too large, is the least time, as converting it in Go gives.
enum CalendarFigure {
    /// A year that is the first of 400 in the Gregorian calendar.
    private static let firstYear = -292_277_022_399
    private static let daysIn400Years = 146_097
    /// Days from 1 January of `firstYear` to 1970-01-01.
    private static let daysTo1970 = 730_692_556 * daysIn400Years + 719_162

    static func of(_ function: PromQLFunction, _ seconds: Double) -> Double {
        let whole = Int64(exactly: seconds.rounded(.towardZero)) ?? .min
        let elapsed = UInt64(bitPattern: whole) &+ UInt64(daysTo1970) &* 86_400
        let second = Int(elapsed % 86_400)
        let days = Int(elapsed / 86_400)
        switch function {
        case .minute: return Double(second / 60 % 60)
        case .hour: return Double(second / 3_600)
        // The first day is a Monday.
        case .dayOfWeek: return Double((days + 1) % 7)
        default: break
        }
        let (year, dayOfYear) = split(days)
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (month, day) = (0, dayOfYear)
        while day >= lengths[month] {
            day -= lengths[month]
            month += 1
        }
        switch function {
        case .year: return Double(year)
        case .month: return Double(month + 1)
        case .dayOfMonth: return Double(day + 1)
        case .dayOfYear: return Double(dayOfYear + 1)
        default: return Double(lengths[month])
        }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// The year and the day in it, from 0.
    private static func split(_ days: Int) -> (year: Int, dayOfYear: Int) {
        var rest = days % daysIn400Years
        var year = firstYear + days / daysIn400Years * 400
        // The last of the centuries, of the fours and of the years is a day longer than the others.
        let centuries = min(3, rest / 36_524)
        rest -= centuries * 36_524
        let fours = rest / 1_461
        rest -= fours * 1_461
        let ones = min(3, rest / 365)
        rest -= ones * 365
        year += centuries * 100 + fours * 4 + ones
        return (year, rest)
    }
}
