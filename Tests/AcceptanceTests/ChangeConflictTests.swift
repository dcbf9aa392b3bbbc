import Foundation
import Shared
import Testing

/// Two changes of the same version at once: one is made, the other is told so, and neither is lost unseen.
@Suite(.serialized) struct ChangeConflictTests {
    @Test(.timeLimit(.minutes(2)))
    func theLoserIsToldAndNothingIsLost() async throws {
        try await withDaemon { daemon in
            let rows = (1...60_000).map { "\($0),\($0 % 97)\n" }.joined()
            #expect(try await daemon.upload("d", "id,v\n" + rows).status == 201)
            let conflicts = Counted()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 1...6 {
                    group.addTask {
                        let step = #"{"steps":[{"op":"derive","column":"c\#(client)","expression":"v + \#(client)"}]}"#
                        // A client that is refused sends its change again.
                        for _ in 0..<50 {
                            let reply = try await daemon.post("/api/v1/datasets/d/transform", json: step)
                            if reply.status == 200 { return }
                            let problem = try reply.decoded(Problem.self)
                            #expect(problem.status == 409 && problem.code == "dataset.conflict")
                            #expect(
                                problem.detail.wholeMatch(
                                    of:
                                        /Dataset "d" is at version \d+ by now, but this change was made from version \d+\./
                                ) != nil, "\(problem.detail)")
                            #expect(
                                problem.remedy.wholeMatch(
                                    of: /Nothing of it was kept: look at version \d+, then send the change again\./)
                                    != nil, "\(problem.remedy)")
                            await conflicts.note()
                        }
                        Issue.record("client \(client) never came through")
                    }
                }
                try await group.waitForAll()
            }
            #expect(await conflicts.count > 0, "six at once must meet")
            let dataset = try await daemon.get("/api/v1/datasets/d").decoded(DatasetReply.self)
            #expect(dataset.version == 7)
            #expect(
                Set(dataset.columns.map(\.name)) == ["id", "v", "c1", "c2", "c3", "c4", "c5", "c6"],
                "each version has the changes of all before it")
            let sums = try await daemon.post(
                "/api/v1/sql", json: #"{"sql":"SELECT sum(c1 - v), sum(c6 - v) FROM d"}"#
            ).decoded(SQLReply.self)
            #expect(sums.rows == [[.integer(60_000), .integer(360_000)]])
            // Losers leave no segment file behind: one of the upload, one of each change.
            #expect(daemon.files(in: "segments").count == 7)
        }
    }

    @Test func readmittingARowMeetsTheSameRefusal() async throws {
        try await withDaemon { daemon in
            #expect(try await daemon.upload("d", "a,b\n1,2\n3\n4\n5,6\n").status == 201)
            let replies = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...2 {
                    group.addTask {
                        try await daemon.post("/api/v1/datasets/d/rejects/\(number)", json: #"{"cells":["9","9"]}"#)
                            .status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let admitted = replies.count { $0 == 200 }
            #expect(admitted >= 1 && replies.allSatisfy { $0 == 200 || $0 == 409 }, "\(replies)")
            let dataset = try await daemon.get("/api/v1/datasets/d").decoded(DatasetReply.self)
            #expect(dataset.rows == 2 + admitted && dataset.rejected == 2 - admitted)
        }
    }
}

private actor Counted {
    private(set) var count = 0
    func note() { count += 1 }
}
