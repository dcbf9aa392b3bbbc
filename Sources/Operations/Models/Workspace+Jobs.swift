import Foundation
import Learning
import Shared
import Storage

/// More time for a training that has ended.
package struct JobExtension: Codable, Sendable {
    package var budgetSeconds: Double
}

extension JobState {
    package var isFinal: Bool { self == .done || self == .failed || self == .cancelled }
}

extension Workspace {
    /// Queues a training after checking what can be checked before it runs.
    ///
    /// - Returns: the id of the job.
    package func train(_ request: TrainRequest) throws -> String {
        let start = ContinuousClock.now
        try admitWork()
        let limits = settings.training
        let budget = request.budgetSeconds ?? limits.defaultBudgetSeconds
        guard budget >= 1, budget <= limits.maxBudgetSeconds else {
            throw Problem.badParameter(
                "budget_seconds", String(budget), expected: "a number from 1 to \(Int(limits.maxBudgetSeconds))")
        }
        if let most = request.maxTrials, most < 1 {
            throw Problem.badParameter("max_trials", String(most), expected: "a whole number from 1")
        }
        if let name = request.name { try Catalogue.checkName(name) }
        let table = try catalogue.table(request.dataset)
        _ = try TrainingPlan(
            table: try table.dataTable(),
            options: TrainingOptions(request, threads: limits.threads, memoryBytes: limits.memoryBytes))
        var stored = request
        stored.dataset = table.dataset.id
        stored.budgetSeconds = budget
        let job = try catalogue.createJob(
            kind: "training", request: String(decoding: try WireJSON.encode(stored), as: UTF8.self),
            budgetSeconds: budget,
            at: Date())
        // The checks of a table of thousands of columns take a good part of the smallest budgets.
        training.add(job.id, spent: ContinuousClock.now - start)
        return job.id
    }

    /// Newest first.
    package func jobs(after cursor: String?, limit: Int) throws -> Page<JobReply> {
        let records = try catalogue.jobs(before: try Cursor.number(cursor), limit: limit)
        return Page(items: records.map(live), next: Cursor.next(records.map(\.number), limit: limit))
    }

    package func job(_ id: String) throws -> JobReply { live(try catalogue.job(id)) }

    package func cancelJob(_ id: String) throws -> JobReply { try training.cancel(try catalogue.job(id).id).reply }

    /// The stored record with the figures of the moment.
    private func live(_ record: JobRecord) -> JobReply {
        var reply = record.reply
        guard let progress = training.progress(of: record.id) else { return reply }
        reply.state = .running
        reply.progress = progress.fraction
        reply.best = progress.best ?? reply.best
        // A job that goes on after a restart has its earlier trials before it says anything.
        reply.trials = max(reply.trials, progress.trials)
        reply.step = progress.step
        reply.elapsedSeconds = max(reply.elapsedSeconds, progress.elapsedSeconds)
        reply.remainingSeconds = progress.remainingSeconds
        return reply
    }
}

extension Workspace {
    /// Lets a training that has ended go on from its last trial with more time; its next model is a new version.
    package func extendJob(_ id: String, _ extra: JobExtension) throws -> JobReply {
        try admitWork()
        guard extra.budgetSeconds >= 1, extra.budgetSeconds <= settings.training.maxBudgetSeconds else {
            throw Problem.badParameter(
                "budget_seconds", String(extra.budgetSeconds),
                expected: "a number from 1 to \(Int(settings.training.maxBudgetSeconds))")
        }
        let job = try catalogue.job(id)
        guard job.state.isFinal else {
            throw Problem(
                .jobNotRunning, "The job \(id) has not ended yet (\(job.state.rawValue)).",
                remedy: "Extend it when it has ended, or cancel it first.")
        }
        let queued = try catalogue.updateJob(id) { job in
            job.state = .queued
            job.finishedAt = nil
            job.error = nil
            // Counted from what was really used: a training may end before its budget.
            job.budgetSeconds = job.elapsedSeconds + extra.budgetSeconds
        }
        training.add(id)
        return queued.reply
    }
}
