import Foundation

extension IncomingAlert {
    /// What an evaluation of the daemon's own rules did to an alert; nil for what has not fired.
    package init?(_ transition: AlertTransition, at now: Date) {
        let endsAt: Date?
        switch transition {
        case .pending, .withdrawn: return nil
        case .fired, .firing: endsAt = nil
        case .resolved: endsAt = now
        }
        let state = transition.state
        let firedAt = Double(state.firedAt ?? state.activeAt) / 1_000
        self.init(
            rule: state.rule, labels: state.labels.dictionary, annotations: state.annotations, value: state.value,
            startsAt: Date(timeIntervalSince1970: firedAt), endsAt: endsAt, source: .rules,
            fingerprint: state.fingerprint)
    }
}
