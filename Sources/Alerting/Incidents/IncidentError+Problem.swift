import Shared

extension IncidentError {
    /// The error as a client reads it.
    package var problem: Problem {
        switch self {
        case .unknownNumber(let number):
            Problem(
                .incidentNotFound, "There is no incident \(number).",
                remedy: "List the incidents: csvctl incidents list, or GET /api/v1/incidents.")
        case .alreadyResolved(let number):
            Problem(
                .incidentState, "Incident \(number) is already resolved.",
                remedy: "A resolved incident takes notes only; a new alert on its key opens a new incident.")
        case .emptyNote(let number):
            Problem(
                .requestBadParameter, "The note on incident \(number) has no text.",
                remedy: "Give the text of the note.", places: [.init(column: "text")])
        case .badDuration(let seconds):
            Problem(
                .requestBadParameter, "\(seconds) is not a duration: it must lie between 1 second and 90 days.",
                remedy: "Give duration_seconds between 1 and 7776000.", places: [.init(column: "duration_seconds")])
        case .textTooLong(let field, let limit):
            Problem(
                .requestBadParameter, "The text of \(field) is longer than \(limit) bytes.",
                remedy: "Shorten it, or link to a longer document.", places: [.init(column: field)])
        case .unknownSilence(let id):
            Problem(
                .silenceNotFound, "There is no silence \(id.quotedForMessage).",
                remedy: "List the silences: csvctl silences list, or GET /api/v1/silences.")
        case .silenceWithoutMatcher:
            Problem(
                .silenceInvalid, "A silence needs at least one matcher.",
                remedy: "Give one, such as rule=\"SimulatedError\".", places: [.init(column: "matchers")])
        case .silenceOfEverything:
            Problem(
                .silenceInvalid,
                "Every matcher of this silence also fits an absent label: it would hold back every alert.",
                remedy: "Give at least one matcher that fits a value, such as severity=\"warning\".",
                places: [.init(column: "matchers")])
        case .badMatcher(let name, let reason):
            Problem(
                .silenceInvalid, "The matcher on \(name.quotedForMessage) is not valid: \(reason).",
                remedy: "Give a label name, one of = != =~ !~, and a value; patterns are of RE2's syntax.",
                places: [.init(column: "matchers")])
        case .badBody(let sender, let at, let reason):
            Problem(
                .alertInvalid, "\(sender.bodyName) is not valid at \(at): \(reason).",
                remedy: "Send what \(sender.documentation) describes.", places: [.init(column: at)])
        case .tooManyAlerts(let count, let limit):
            Problem(
                .alertInvalid, "The body holds \(count) alerts; at most \(limit) are taken at once.",
                remedy: "Send them in several requests.")
        }
    }
}

extension AlertSource {
    fileprivate var bodyName: String {
        switch self {
        case .prometheus: "The list of alerts"
        case .alertmanager: "The webhook of Alertmanager"
        case .grafana: "The webhook of Grafana"
        case .rules, .failure, .drill, .data: "The alert"
        }
    }

    fileprivate var documentation: String {
        switch self {
        case .prometheus: "the Alertmanager API v2 (POST /api/v2/alerts)"
        case .alertmanager: "Alertmanager's webhook_config (version 4)"
        case .grafana: "Grafana's webhook contact point"
        case .rules, .failure, .drill, .data: "docs/incidents.md"
        }
    }
}
