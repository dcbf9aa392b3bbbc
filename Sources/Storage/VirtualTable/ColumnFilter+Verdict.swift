import Shared
import Tabular

extension ColumnFilter {
    /// Whether a text is within the bounds of `texts`.
    func keeps(_ text: UnsafeRawBufferPointer) -> Bool {
        guard case .texts(let lower, let includesLower, let upper, let includesUpper) = self else { return true }
        if let lower {
            let order = lower.withUnsafeBytes { ByteOrder.compare(text, $0) }
            if order < 0 || (order == 0 && !includesLower) { return false }
        }
        if let upper {
            let order = upper.withUnsafeBytes { ByteOrder.compare(text, $0) }
            if order > 0 || (order == 0 && !includesUpper) { return false }
        }
        return true
    }

    /// What a filter does to a whole row group.
    enum Verdict { case none, some, all }

    /// What the bounds of a row group say without its values. `type` is the column's.
    func verdict(_ zone: SegmentZone, type: ColumnType) -> Verdict {
        switch self {
        case .everything: return .all
        case .nothing: return .none
        // A NaN is null to SQL without being counted.
        case .null: return zone.nulls == zone.rows ? .all : zone.nulls == 0 && type != .decimal ? .none : .some
        case .notNull: return zone.nulls == zone.rows ? .none : zone.nulls == 0 && type != .decimal ? .all : .some
        default: break
        }
        if zone.nulls == zone.rows { return .none }
        switch (self, zone.zone) {
        case (.integers(let low, let high), .integers(let least, let greatest)):
            if greatest < low || least > high { return .none }
            return zone.nulls == 0 && least >= low && greatest <= high ? .all : .some
        case (.reals(let low, let high), .reals(let least, let greatest)):
            return greatest < low || least > high ? .none : .some
        case (.texts(let lower, _, let upper, _), .texts(let least, let greatest)):
            if let lower, ByteOrder.compare(greatest, lower) < 0 { return .none }
            if let upper, ByteOrder.compare(least, upper) > 0 { return .none }
            return .some
        default: return .some
        }
    }
}
