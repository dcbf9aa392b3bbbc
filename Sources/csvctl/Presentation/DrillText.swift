import Shared

/// How a fire drill went, as people read it.
enum DrillText {
    static func rendered(_ reply: DrillReply, width: Int?, style: TextStyle = .plain) -> String {
        var table = TextTable([.text("HOP"), .number("DELAY"), .number("AFTER"), .text("WHAT")])
        for hop in reply.hops {
            let after = hop.at.map { max(0, $0.timeIntervalSince(reply.startedAt)) }
            table.add([
                hop.name, hop.seconds.map(milliseconds) ?? "-", after.map(milliseconds) ?? "-", hop.text,
            ])
        }
        let verdict = reply.passed ? style.green("passed") : style.red("failed")
        let incident = reply.incident.map { ", incident \($0)" } ?? ""
        return table.rendered(width: width, style: style)
            + "\nfire drill \(verdict) in \(milliseconds(reply.totalSeconds))\(incident)"
    }

    /// `34 ms`, `1.25 s`
    private static func milliseconds(_ seconds: Double) -> String {
        let whole = Int((seconds * 1000).rounded())
        if whole < 1000 { return "\(whole) ms" }
        let hundredths = (whole + 5) / 10
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }
}
