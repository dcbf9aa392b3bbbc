import Shared

/// Between which values the leaves below a node must stay, so that the splits above it keep their order.
///
/// Source: the `basic` method of LightGBM and the one of XGBoost: a split on a feature with a direction ends the values on each side
/// half way to those on the other.
struct LeafBounds: Sendable, Equatable {
    var low = -Double.infinity
    var high = Double.infinity

    /// Whether there is a bound.
    var areSet: Bool { low > -.infinity || high < .infinity }

    /// The nearest value within the bounds.
    func clamped(_ value: Double) -> Double { value < low ? low : (value > high ? high : value) }

    /// Bounds of the two sides of a split.
    ///
    /// - Parameters:
    ///   - left: what the left side would answer as a leaf, within these bounds; `right` likewise.
    ///   - direction: nil for a split without order, whose sides have the bounds of the node.
    func split(
        left: Double, right: Double, direction: MonotoneDirection?
    ) -> (left: LeafBounds, right: LeafBounds) {
        let middle = left / 2 + right / 2
        return switch direction {
        case .increasing?: (LeafBounds(low: low, high: middle), LeafBounds(low: middle, high: high))
        case .decreasing?: (LeafBounds(low: middle, high: high), LeafBounds(low: low, high: middle))
        case nil: (self, self)
        }
    }
}

extension MonotoneDirection {
    /// Whether the values of smaller and of larger numbers are in order.
    @inline(__always)
    func allows(_ left: Double, _ right: Double) -> Bool {
        switch self {
        case .increasing: left <= right
        case .decreasing: left >= right
        }
    }
}
