import Foundation
import Shared
import Testing

@Suite struct TrainingJobTests {
    @Test(.timeLimit(.minutes(2))) func trainingJobsAreCountedInEveryState() async throws {
        try await withDaemon(configuration: "training:\n  workers: 1\n") { daemon in
            /// Queued, running, done, failed, cancelled.
            func counts() async throws -> [Double?] {
                var counts: [Double?] = []
                for state in JobState.allCases {
                    counts.append(try await daemon.metric(#"csvand_training_jobs{state="\#(state.rawValue)"}"#))
                }
                return counts
            }
            func train(_ dataset: String, seconds: Int) async throws -> String {
                let body =
                    #"{"dataset":"\#(dataset)","target":"good","budget_seconds":\#(seconds),"algorithms":["linear"]}"#
                return try await daemon.post("/api/v1/models", json: body).decoded(JobAccepted.self).job
            }
            let csv =
                "age,good\n" + (0..<200).map { "\($0 * 37 % 101),\($0 * 37 % 101 > 50 ? "yes" : "no")\n" }.joined()
            for name in ["people", "gone"] { #expect(try await daemon.upload(name, csv).status == 201) }
            let long = try await train("people", seconds: 60)
            let lost = try await train("gone", seconds: 1)
            let unwanted = try await train("people", seconds: 1)
            let wanted = try await train("people", seconds: 1)
            #expect(try await daemon.call(.delete, "/api/v1/datasets/gone").status == 204)
            #expect(try await counts() == [3, 1, 0, 0, 0])
            #expect(try await daemon.call(.delete, "/api/v1/jobs/\(unwanted)").status == 200)
            #expect(try await counts() == [2, 1, 0, 0, 1])
            #expect(try await daemon.call(.delete, "/api/v1/jobs/\(long)").status == 200)
            _ = try await eventually("the end of the last job", within: 60) {
                try await daemon.get("/api/v1/jobs/\(wanted)").decoded(JobReply.self).state == .done ? true : nil
            }
            #expect(try await daemon.get("/api/v1/jobs/\(lost)").decoded(JobReply.self).state == .failed)
            let ended: [Double?] = [0, 0, 1, 1, 2]
            _ = try await eventually("the counts", within: 20) { try await counts() == ended ? true : nil }
            try await daemon.restart()
            #expect(try await counts() == ended, "counted from what is stored")
        }
    }
}
