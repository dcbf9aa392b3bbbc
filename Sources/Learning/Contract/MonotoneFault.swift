import Shared

/// Why predictions cannot be made to follow a column one way.
package enum MonotoneFault: Sendable, Equatable {
    case target, group, excluded, notAmongFeatures
    /// Anything but a number or a boolean.
    case type(ColumnType)
    case leftOut(TrainingPlan.LeftOutColumn.Reason)

    /// Goes on after "cannot be kept, because".
    var reason: String {
        switch self {
        case .target: "it is the target"
        case .group: "it is the group, which is not learnt from"
        case .excluded: "it is excluded"
        case .notAmongFeatures: "it is not among the features"
        case .type(.date), .type(.timestamp): "it is a date, which is learnt from as year, month, day and more"
        case .type(let type): "it is \(type.rawValue), which has no order"
        case .leftOut(.constant): "it is left out: all its values are the same"
        case .leftOut(.identifier): "it is left out: it identifies rows"
        case .leftOut(.leak): "it is left out: it gives the target away"
        }
    }

    var remedy: String {
        switch self {
        case .target, .group: "Take it out of monotone."
        case .excluded: "Take it out of exclude, or out of monotone."
        case .notAmongFeatures: "Add it to features, or take it out of monotone."
        case .type: "Convert the column to numbers, or take it out of monotone."
        case .leftOut: "Name it in features to learn from it all the same, or take it out of monotone."
        }
    }
}
