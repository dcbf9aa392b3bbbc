/// Configurations that come first: together they do well on most tables.
enum Portfolio {
    /// In the order in which they are tried; the first ones are cheap.
    static func configurations(rows: Int, isClassification: Bool) -> [TrialConfiguration] {
        [
            TrialConfiguration(.baseline), TrialConfiguration(.linear, ["l2": .number(1)]),
            TrialConfiguration(.linear, ["l2": .number(30)]),
        ]
    }

    /// Settings that a learner always has in the search.
    static func fixedParameters(_ learner: LearnerName) -> [String: LearnerParameter] { [:] }
}
