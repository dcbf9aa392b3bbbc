import Shared

/// The text of an error on standard error: what, where, and what to do.
enum ErrorText {
    /// Lines with an end of line each.
    static func rendered(_ error: CsvctlError) -> String {
        switch error {
        case .refused(let problem): text(problem)
        case .unexpectedAnswer(let status, let body):
            lines("the daemon answered \(status)\(body.isEmpty ? "" : ": " + shortened(body))", remedy: nil)
        case .unreadableAnswer(let what, let detail):
            lines(
                "the answer about \(what) cannot be read: \(detail)",
                remedy: "check with `csvctl version` that csvctl and csvand are the same version")
        case .unreachable(let socket, let detail):
            lines(
                "csvand does not answer on \(socket): \(detail)",
                remedy: "start it or look why it stopped with `systemctl status csvand`; "
                    + "another socket is chosen with --socket or CSVAND_SOCKET")
        case .socketForbidden(let socket):
            lines(
                "no permission to use \(socket)",
                remedy: "run it as a member of the group that owns the socket, or with sudo")
        case .interrupted(let detail):
            lines("the connection broke off: \(detail)", remedy: "look for the reason with `journalctl -u csvand -e`")
        case .usage(let detail, let remedy): lines(detail, remedy: remedy)
        case .file(let path, let detail): lines("\(path): \(detail)", remedy: nil)
        case .jobEnded(let id, let state, let problem):
            if let problem { text(problem) } else { lines("job \(id) is \(state.rawValue)", remedy: nil) }
        case .answeredNo: lines("nothing was changed", remedy: nil)
        case .drillFailed(let hop):
            lines(
                "the drill did not get as far as \(hop?.name ?? "its first hop"): \(hop?.text ?? "no reason")",
                remedy: "mend it and drill again: an error would not be told either")
        case .failureNotKept(let detail):
            lines(detail, remedy: "look at the unit with `systemctl status` and `journalctl -u`")
        }
    }

    private static func text(_ problem: Problem) -> String {
        var places: [String] = []
        for place in problem.places ?? [] {
            var words: [String] = []
            if let line = place.line { words.append("line \(line)") }
            if let byte = place.byte { words.append("byte \(byte)") }
            if let row = place.row { words.append("row \(row)") }
            if let column = place.column { words.append("column \(column)") }
            if !words.isEmpty { places.append("at " + words.joined(separator: ", ")) }
        }
        return lines(problem.detail, places: places, remedy: problem.remedy.isEmpty ? nil : problem.remedy)
            + (problem.requestId.map { "  request: " + PrintableText.line($0) + "\n" } ?? "")
    }

    private static func lines(_ detail: String, places: [String] = [], remedy: String?) -> String {
        var text = "csvctl: " + PrintableText.line(detail) + "\n"
        for place in places { text += "  " + PrintableText.line(place) + "\n" }
        if let remedy { text += "  remedy: " + PrintableText.line(remedy) + "\n" }
        return text
    }

    private static func shortened(_ text: String) -> String {
        text.count > 200 ? text.prefix(200) + "…" : text
    }
}
