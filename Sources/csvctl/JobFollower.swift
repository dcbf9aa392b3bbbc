import Foundation
import Shared

/// Follows a job to its end: a live line on a terminal, a line at each change of weight otherwise.
struct JobFollower {
    var session: Session
    var id: String

    private static let pollSeconds = 0.5
    /// Between plain lines when nothing but time passes.
    private static let plainSeconds = 10.0

    /// Follows, then prints the leaderboard of the model; for `--output json` the last state of the job.
    ///
    /// - Throws: `.jobEnded` for a job that failed or was cancelled.
    func followToModel() throws {
        guard let job = try follow(), session.output == .table else { return }
        guard let model = job.model else { return }
        let style = session.terminal.style
        let reply = try session.fetch(.get(ControlPath.api("models", model)), as: ModelReply.self)
        let board = try session.fetch(
            .get(ControlPath.api("models", model, "leaderboard")), as: LeaderboardReply.self)
        session.printText(ModelText.leaderboard(board, width: session.terminal.width, style: style))
        session.printText(
            PrintableText.line(
                "model \(reply.name) version \(reply.version): \(reply.learner), \(reply.metric) "
                    + "\(Quantities.number(reply.score)), trained in "
                    + Quantities.duration(seconds: reply.trainingSeconds)))
    }

    /// The job when it is done; nil when Ctrl-C left it.
    ///
    /// - Throws: `.jobEnded` for a job that failed or was cancelled.
    func follow() throws -> JobReply? {
        let request = ControlRequest.get(ControlPath.api("jobs", id))
        var line = LiveLine()
        var plain = PlainProgress(intervalSeconds: Self.plainSeconds)
        Interrupt.begin()
        while true {
            let answer: Data
            let job: JobReply
            do {
                answer = try session.connection.answer(to: request)
                job = try session.decode(JobReply.self, from: answer, about: request)
            } catch {
                line.finish()
                throw error
            }
            if session.terminal.errorIsTerminal {
                line.show(JobText.progress(job, barWidth: 20))
            } else if let text = plain.text(for: job, at: Date()) {
                Terminal.writeError(text + "\n")
            }
            if job.state != .queued, job.state != .running {
                line.finish()
                if session.output == .json { session.printJSON(answer) }
                if job.state == .done { return job }
                throw CsvctlError.jobEnded(id: id, state: job.state, problem: job.error)
            }
            if !Interrupt.happened { Interrupt.sleep(seconds: Self.pollSeconds) }
            if Interrupt.happened {
                line.finish()
                Terminal.writeError(
                    PrintableText.line("job \(id) goes on: `csvctl jobs watch \(id)` follows it, ")
                        + PrintableText.line("`csvctl jobs cancel \(id)` stops it") + "\n")
                return nil
            }
        }
    }
}

/// Which states of a job are worth a line in a log: a new best score, another step, or a long time.
struct PlainProgress {
    var intervalSeconds: Double
    private var lastAt: Date?
    private var lastBest: JobReply.Best?
    private var lastStep: String?
    private var lastState: JobState?

    init(intervalSeconds: Double) { self.intervalSeconds = intervalSeconds }

    mutating func text(for job: JobReply, at now: Date) -> String? {
        let isLong = lastAt.map { now.timeIntervalSince($0) >= intervalSeconds } ?? true
        guard isLong || job.best != lastBest || job.step != lastStep || job.state != lastState else { return nil }
        lastAt = now
        lastBest = job.best
        lastStep = job.step
        lastState = job.state
        return JobText.progress(job, barWidth: 0)
    }
}
