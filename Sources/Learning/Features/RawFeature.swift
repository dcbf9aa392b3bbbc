import Shared
import Tabular

/// A column that is learnt from, and how its values are written, so that raw strings can be read the same way later.
package struct RawFeature: Sendable, Equatable, Hashable {
    package var name: String
    package var type: ColumnType
    /// Order of day and month in dates that are not ISO.
    package var dateOrder: DateFormat.Order
    /// Words for false and true beside the usual ones; empty for none.
    package var falseWord: String
    package var trueWord: String

    package init(
        name: String, type: ColumnType, dateOrder: DateFormat.Order = .yearMonthDay, falseWord: String = "",
        trueWord: String = ""
    ) {
        self.name = name
        self.type = type
        self.dateOrder = dateOrder
        self.falseWord = falseWord
        self.trueWord = trueWord
    }

    package init(_ column: TableColumn) {
        self.init(name: column.name, type: column.type)
        for chunk in column.chunks {
            switch chunk.style {
            case .date(let format): dateOrder = format.order
            case .timestamp(let format): dateOrder = format.date.order
            case .words(let falseText, let trueText): (falseWord, trueWord) = (falseText, trueText)
            default: continue
            }
            break
        }
    }
}
