/// What a fire drill writes into its incident. The post-mortem knows these sentences and gives them in its language.
package enum DrillAccount {
    /// The label whose value `true` sets the incident of a drill apart.
    package static let label = "drill"
    /// The name under which a drill acts.
    package static let actor = "drill"
    package static let titlePrefix = "Fire drill: "
    package static let cause = "A fire drill."
    package static let impact = "None: nothing was broken."
    package static let actions = "The whole chain was exercised: error, rule, incident and messages."
    package static let prevention = "Regular drills find a broken alarm before a real error does."
}
