import Foundation
import Shared

enum JobText {
    static func list(_ jobs: [JobReply], now: Date, width: Int?, style: TextStyle = .plain) -> String {
        guard !jobs.isEmpty else { return "no jobs" }
        var table = TextTable([
            .text("ID"), .text("KIND"), .text("STATE"), .number("DONE"), .number("TRIALS"), .text("BEST"),
            .number("ELAPSED"), .text("CREATED"),
        ])
        for job in jobs {
            table.add([
                job.id, job.kind, job.state.rawValue, percent(job), String(job.trials),
                job.best.map(best) ?? "-", Quantities.duration(seconds: job.elapsedSeconds),
                Quantities.relative(job.createdAt, now: now),
            ])
        }
        return table.rendered(width: width, style: style)
    }

    static func detail(_ job: JobReply, now: Date, style: TextStyle = .plain) -> String {
        var fields = FieldList()
        fields.add("job", job.id)
        fields.add("kind", job.kind)
        fields.add("state", job.state.rawValue) { job.state == .failed ? style.red($0) : $0 }
        fields.add("done", percent(job))
        fields.add("step", job.step)
        fields.add("trials", String(job.trials))
        fields.add("best", job.best.map(best))
        fields.add("created", Quantities.relative(job.createdAt, now: now))
        fields.add("elapsed", Quantities.duration(seconds: job.elapsedSeconds))
        if job.state == .running || job.state == .queued {
            fields.add("left", Quantities.duration(seconds: job.remainingSeconds))
        }
        fields.add("model", job.model)
        fields.add("error", job.error?.detail) { style.red($0) }
        fields.add("remedy", job.error?.remedy)
        return fields.rendered(style: style)
    }

    /// The line that a follower shows: bar, trials, best so far, time left.
    static func progress(_ job: JobReply, barWidth: Int) -> String {
        if job.state == .queued { return "waiting for a worker" }
        let share = min(1, max(0, job.progress.isFinite ? job.progress : 0))
        var parts: [String] = []
        if barWidth > 0 {
            parts.append(DisplayWidth.padded(Bar.text(share, width: barWidth), to: barWidth, .left) + "▕")
        }
        parts.append(percent(job))
        parts.append("\(job.trials) trial" + (job.trials == 1 ? "" : "s"))
        if let best = job.best { parts.append("best \(self.best(best))") }
        if job.state == .running {
            parts.append(Quantities.duration(seconds: max(0, job.remainingSeconds)) + " left")
        }
        if let step = job.step { parts.append(PrintableText.line(step)) }
        return parts.joined(separator: "  ")
    }

    private static func best(_ best: JobReply.Best) -> String {
        let metric = best.metric.map { PrintableText.line($0) + " " } ?? ""
        return "\(PrintableText.line(best.learner)) \(metric)\(Quantities.number(best.score))"
    }

    private static func percent(_ job: JobReply) -> String {
        let share = min(1, max(0, job.progress.isFinite ? job.progress : 0))
        return "\(Int(share * 100)) %"
    }
}
