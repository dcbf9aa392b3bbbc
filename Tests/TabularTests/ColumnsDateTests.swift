import Testing

@testable import Tabular

@Suite struct ColumnsDateTests {
    @Test(
        arguments: [
            (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017), (1900, 3, 1, -25_508),
            (1600, 1, 1, -135_140), (2024, 2, 29, 19_782), (1, 1, 1, -719_162), (0, 3, 1, -719_468),
            (9999, 12, 31, 2_932_896),
        ] as [(Int64, Int64, Int64, Int64)])
    func knownDaysHaveKnownNumbers(year: Int64, month: Int64, day: Int64, number: Int64) {
        #expect(CivilDate(year: year, month: month, day: day).daysSince1970 == number)
        #expect(CivilDate(daysSince1970: number) == CivilDate(year: year, month: month, day: day))
    }

    @Test func everyDayOfTenThousandYearsRoundTripsAndFollowsTheLast() {
        var last = CivilDate(year: -1, month: 12, day: 31)
        var good = true
        for number in Int64(-719_528)...2_932_896 {
            let date = CivilDate(daysSince1970: number)
            let follows =
                date.day == last.day + 1 && date.month == last.month
                || date.day == 1 && (date.month == last.month + 1 || date.month == 1 && date.year == last.year + 1)
            if date.daysSince1970 != number || !date.exists || !follows { good = false }
            last = date
        }
        #expect(good)
    }

    @Test func extremeDaysDoNotTrap() {
        #expect(DateFormat.iso.text(daysSince1970: .max).isEmpty == false)
        #expect(DateFormat.iso.text(daysSince1970: .min).isEmpty == false)
        #expect(TimestampFormat().text(microsecondsSince1970: .min).hasPrefix("-290308"))
    }

    @Test(arguments: DateFormat.Order.allCases, [45, 47, 46, 32] as [UInt8])
    func datesRoundTripInEveryFormat(order: DateFormat.Order, separator: UInt8) {
        for padded in [true, false] {
            let format = DateFormat(order: order, separator: separator, padded: padded)
            for day in stride(from: Int64(-719_162), through: 2_932_896, by: 997) {
                let text = format.text(daysSince1970: day)
                #expect(format.parse(text) == day)
            }
        }
        let compact = DateFormat(order: order, separator: 0)
        #expect(compact.parse(compact.text(daysSince1970: 19_782)) == 19_782)
    }

    @Test(arguments: [
        "2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "24-01-01", "2024-01-01 ", "2024/01/01", "",
    ])
    func daysThatDoNotExistAreRefused(text: String) { #expect(DateFormat.iso.parse(text) == nil) }

    @Test func timestampsRoundTripInEveryFormat() {
        for zone in [TimestampFormat.Zone.none, .z, .offset] {
            for digits in 0...6 {
                let format = TimestampFormat(
                    between: 32, fractionDigits: digits, zone: zone, offsetMinutes: zone == .offset ? 345 : 0)
                for second in stride(from: Int64(-10_000_000_000), through: 10_000_000_000, by: 86_413_777) {
                    var moment = second * 1_000_000
                    if digits == 6 { moment += 123_456 }
                    #expect(format.parse(format.text(microsecondsSince1970: moment)) == moment)
                }
            }
        }
    }

    @Test func timestampsAreReadWithOtherOffsetsAndFractions() {
        let format = TimestampFormat(zone: .offset, offsetMinutes: 60)
        #expect(format.parse("1970-01-01T02:00:00+02:00") == 0)
        #expect(format.parse("1970-01-01T00:00:00Z") == 0)
        #expect(format.parse("1970-01-01T00:00:00.1234567-0100") == 3_600_123_456)
        #expect(format.parse("1970-01-01T00:00:00") == nil)
        #expect(TimestampFormat().parse("1970-01-01T24:00:00") == nil)
        #expect(TimestampFormat().parse("1970-01-01T00:00:00Z") == nil)
    }
}
