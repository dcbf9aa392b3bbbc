import Shared

/// What is known of how the texts of a column are to be read. Whatever is absent is found out from the texts.
package struct CellFormat: Sendable, Hashable {
    /// Before the decimals.
    package var decimalSeparator: UInt8
    /// Between groups of three digits.
    package var grouping: UInt8?
    package var date: DateFormat?
    package var timestamp: TimestampFormat?
    /// The words of false and of true, compared without case; absent means all usual pairs.
    package var words: BooleanWords?
    /// Texts that stand for "no value", beside the empty text.
    package var nullTexts: [String]

    package init(
        decimalSeparator: UInt8 = UInt8(ascii: "."), grouping: UInt8? = nil, date: DateFormat? = nil,
        timestamp: TimestampFormat? = nil, words: BooleanWords? = nil, nullTexts: [String] = []
    ) {
        self.decimalSeparator = decimalSeparator
        self.grouping = grouping
        self.date = date
        self.timestamp = timestamp
        self.words = words
        self.nullTexts = nullTexts
    }
}

/// The two words of a boolean column.
package struct BooleanWords: Sendable, Hashable {
    package var no: String
    package var yes: String

    package init(no: String, yes: String) {
        self.no = no
        self.yes = yes
    }

    /// Pairs that are read as booleans, lower case.
    package static let usual: [BooleanWords] = [
        BooleanWords(no: "false", yes: "true"), BooleanWords(no: "no", yes: "yes"), BooleanWords(no: "n", yes: "y"),
        BooleanWords(no: "f", yes: "t"), BooleanWords(no: "off", yes: "on"), BooleanWords(no: "non", yes: "oui"),
        BooleanWords(no: "faux", yes: "vrai"), BooleanWords(no: "0", yes: "1"),
    ]
}

extension CellFormat {
    /// Fills what is absent and `type` needs from the style that values were written in.
    package func filled(from style: TextStyle) -> CellFormat {
        var result = self
        switch style {
        case .fixed(let separator, let grouping):
            result.decimalSeparator = separator
            result.grouping = self.grouping ?? grouping
        case .trimmed(let separator, _): result.decimalSeparator = separator
        case .grouped(let grouping):
            result.grouping = self.grouping ?? grouping
            if grouping == result.decimalSeparator { result.decimalSeparator = style.decimalLayout.separator }
        case .words(let no, let yes): result.words = words ?? BooleanWords(no: no, yes: yes)
        case .date(let format): result.date = date ?? format
        case .timestamp(let format):
            result.timestamp = timestamp ?? format
            result.date = date ?? format.date
        case .plain, .zeroPadded: break
        }
        return result
    }

    /// Fills the date and timestamp format that `type` needs and that is absent, from the texts.
    func filled(for type: ColumnType, from texts: TextArray) -> CellFormat {
        guard type == .date && date == nil || type == .timestamp && timestamp == nil else { return self }
        var result = self
        let sample = texts.sample(4096).filter { !$0.isEmpty && !nullTexts.contains($0) }
        result.date = date ?? DateFormat.detect(sample)
        result.timestamp = timestamp ?? TimestampFormat.detect(sample)
        return result
    }
}

extension DateFormat {
    /// The format that reads most of `texts`, or nil when none reads any. Between equals the year comes first, then the day.
    ///
    /// - Parameter order: the only one that is tried, when it is known
    package static func detect(_ texts: [String], order: Order? = nil) -> DateFormat? {
        best(of: candidates.filter { order == nil || $0.order == order }, over: texts) { format, text in
            format.parse(text) != nil
        }.map { format in
            var format = format
            format.padded = texts.allSatisfy { text in
                format.parse(text).map { format.text(daysSince1970: $0) == text } ?? true
            }
            return format
        }
    }

    fileprivate static let candidates: [DateFormat] = Order.allCases.flatMap { order in
        [45, 47, 46, 32, 0].map { DateFormat(order: order, separator: $0) }
    }
}

extension TimestampFormat {
    /// The format that reads most of `texts`, or nil when none reads any.
    ///
    /// - Parameter order: the only one of the date that is tried, when it is known
    package static func detect(_ texts: [String], order: DateFormat.Order? = nil) -> TimestampFormat? {
        var formats: [TimestampFormat] = []
        for date in DateFormat.candidates where order == nil || date.order == order {
            for between in [UInt8(ascii: "T"), 32] {
                formats.append(TimestampFormat(date: date, between: between))
                formats.append(TimestampFormat(date: date, between: between, zone: .offset))
            }
        }
        guard var format = best(of: formats, over: texts, reads: { $0.parse($1) != nil }),
            let first = texts.first(where: { format.parse($0) != nil })
        else { return nil }
        // The details of writing are those of the first text; others become exceptions.
        let time = first.utf8.drop { $0 != UInt8(ascii: ":") }
        format.hasSeconds =
            time.filter { $0 == UInt8(ascii: ":") }.count - (format.zone == .none || !hasOffset(first) ? 0 : 1) >= 2
        if let point = time.firstIndex(of: UInt8(ascii: ".")) {
            format.fractionDigits = min(6, time[time.index(after: point)...].prefix { $0 >= 48 && $0 <= 57 }.count)
        }
        if format.zone == .offset {
            if first.hasSuffix("Z") {
                format.zone = .z
            } else {
                format.offsetMinutes = offsetMinutes(first)
            }
        }
        return format
    }

    private static func hasOffset(_ text: String) -> Bool {
        text.utf8.count >= 6 && text.utf8.suffix(3).first == UInt8(ascii: ":")
    }

    private static func offsetMinutes(_ text: String) -> Int {
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return 0 }
        let digits = text[text.index(after: sign)...].filter(\.isNumber)
        let minutes = (Int(digits.prefix(2)) ?? 0) * 60 + (Int(digits.dropFirst(2)) ?? 0)
        return text[sign] == "-" ? -minutes : minutes
    }
}

/// The first of `formats` that reads most of `texts`; nil when none reads any.
private func best<F>(of formats: [F], over texts: [String], reads: (F, String) -> Bool) -> F? {
    var best: F?
    var most = 0
    for format in formats {
        let count = texts.count { reads(format, $0) }
        if count > most {
            most = count
            best = format
        }
    }
    return best
}

extension TextArray {
    /// At most `limit` texts, evenly spread.
    func sample(_ limit: Int) -> [String] {
        stride(from: 0, to: count, by: max(1, count / limit)).map { self[$0] }
    }
}
