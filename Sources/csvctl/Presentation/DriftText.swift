import Shared

/// Drift of a model as a table.
enum DriftText {
    static func drift(_ reply: DriftReply, width: Int?, style: TextStyle = .plain) -> String {
        let title =
            style.bold("\(PrintableText.line(reply.model)) version \(reply.version)")
            + ", \(Quantities.count(reply.rows)) recent rows"
        guard let verdict = reply.verdict else {
            return title + "\nnothing is said below \(Quantities.count(reply.minimumRows)) rows"
        }
        var table = TextTable([.text("FEATURE"), .number("PSI"), .text("VERDICT"), .text("MOST MOVED"), .text("")])
        let features = reply.features.sorted { ($1.psi, $0.feature) < ($0.psi, $1.feature) }
        for shift in [reply.prediction].compactMap(\.self) + features {
            let moved = shift.bins.max { abs($0.after - $0.before) < abs($1.after - $1.before) }
            table.add([
                shift.feature, StudyText.fixed(shift.psi), shift.verdict.rawValue,
                moved.map {
                    "\($0.label): \(Quantities.percent($0.before)) to \(Quantities.percent($0.after))"
                } ?? "", Bar.text(min(1, shift.psi), width: 20),
            ])
        }
        let line = "verdict: \(verdict.rawValue)"
        return [
            title, table.rendered(width: width, style: style), verdict == .stable ? line : style.yellow(line),
        ].joined(separator: "\n")
    }
}
