import Foundation
import Shared
import Testing

/// Who gets in, and what a browser can be made to do. Each defence has a test that fails without it.
@Suite(.serialized) struct AccessTests {
    private func token(_ role: String, _ daemon: DaemonProcess, _ more: String = "") async throws -> [(String, String)]
    {
        let made = try await daemon.post(
            "/admin/v1/tokens", json: #"{"name":"\#(role)","role":"\#(role)"\#(more)}"#, by: .control)
        return [("Authorization", "Bearer \(try #require(try made.decoded(TokenReply.self).token))")]
    }

    @Test func rolesReachAsFarAsTheySay() async throws {
        try await withDaemon { daemon in
            let (viewer, editor) = (try await token("viewer", daemon), try await token("editor", daemon))
            let admin = try await token("admin", daemon)
            func status(_ method: String, _ path: String, _ body: String?, _ headers: [(String, String)]) async throws
                -> Int
            {
                try await daemon.call(
                    method == "GET" ? .get : .post, path, type: body == nil ? nil : "application/json",
                    body: body.map { Array($0.utf8) }, headers: headers
                ).status
            }
            #expect(try await status("GET", "/simulate-error/", nil, []) == 401)
            #expect(try await status("GET", "/simulate-error/", nil, viewer) == 403)
            #expect(try await status("GET", "/simulate-error/", nil, editor) == 500)
            #expect(try await status("POST", "/api/v1/sql", #"{"sql":"SELECT 1"}"#, viewer) == 200)
            #expect(try await status("POST", "/api/v1/incidents/1/ack", "{}", viewer) == 403)
            // What may compute for a minute is not for those who only read.
            for path in ["/api/v1/rules/test", "/api/v1/rules/replay"] {
                #expect(try await status("POST", path, "{}", viewer) == 403)
            }
            #expect(try await status("POST", "/api/v1/rules/check", "groups: []", viewer) == 200)
            #expect(try await status("POST", "/api/v1/drills", "{}", editor) == 403)
            #expect(try await status("POST", "/api/v1/drills", #"{"timeout_seconds":0}"#, admin) == 400)
            #expect(try await status("GET", "/admin/v1/tokens", nil, admin) == 404)
            #expect(try await status("POST", "/api/v2/alerts", "[]", []) == 401)
            #expect(try await status("GET", "/metrics", nil, []) == 401)
            #expect(try await status("GET", "/metrics", nil, viewer) == 200)
            let used = try await daemon.csvctl("tokens", "--output", "json")
            let tokens = try WireJSON.decode(Page<TokenReply>.self, from: Data(used.output.utf8)).items
            #expect(tokens.first { $0.name == "viewer" }?.lastUsedAt != nil)
        }
    }

    @Test func aTokenEndsWithItsTimeAndWithItsRevocation() async throws {
        try await withDaemon { daemon in
            let short = try await token("editor", daemon, #","expires_in_seconds":1.5"#)
            let long = try await token("viewer", daemon)
            #expect(try await daemon.call(.get, "/api/v1/datasets", headers: short).status == 200)
            #expect(try await daemon.csvctl("tokens", "revoke", "viewer").status == 0)
            #expect(try await daemon.call(.get, "/api/v1/datasets", headers: long).status == 401)
            try await Task.sleep(for: .seconds(1.6))
            #expect(try await daemon.call(.get, "/api/v1/datasets", headers: short).status == 401)
        }
    }

    @Test func aBrowserSignsInWithATokenAndOutAgain() async throws {
        try await withDaemon { daemon in
            let secret = try await token("editor", daemon)[0].1.dropFirst("Bearer ".count)
            let page = [("Accept", "text/html")]
            let sent = try await daemon.call(.get, "/incidents?after=3", headers: page)
            #expect(sent.status == 303)
            #expect(sent.headers["Location"] == "/login?next=%2Fincidents%3Fafter%3D3")
            #expect(try await daemon.call(.get, "/login?next=%2Fincidents", headers: page).status == 200)
            func post(_ path: String, _ body: String, _ headers: [(String, String)] = []) async throws
                -> (status: Int, place: String?, cookie: String?)
            {
                let reply = try await daemon.call(
                    .post, path, type: "application/x-www-form-urlencoded", body: Array(body.utf8), headers: headers)
                return (reply.status, reply.headers["Location"], reply.headers["Set-Cookie"])
            }
            let wrong = try await post("/login", "token=csvand_wrong&next=%2F")
            #expect(wrong.status == 401 && wrong.cookie == nil)
            let right = try await post("/login", "token=\(secret)&next=%2Fincidents")
            #expect(right.status == 303 && right.place == "/incidents")
            let cookie = try #require(right.cookie)
            #expect(cookie.hasPrefix("csvand_session=") && !cookie.contains(secret))
            #expect(cookie.hasSuffix("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"))
            let session = [("Cookie", String(cookie.prefix { $0 != ";" }))]
            #expect(try await daemon.call(.get, "/incidents", headers: session + page).status == 200)
            #expect(try await daemon.call(.get, "/api/v1/incidents", headers: session).status == 200)
            // Where it leads to is this server, whatever the form says.
            for place in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2F%5Cevil.example"] {
                #expect(try await post("/login", "token=\(secret)&next=\(place)").place == "/")
            }
            // A write with the cookie from another site.
            let crossed = try await daemon.call(
                .post, "/api/v1/incidents/1/ack", type: "application/json", body: Array("{}".utf8),
                headers: session + [("Sec-Fetch-Site", "cross-site")])
            #expect(crossed.status == 400)
            #expect(try await post("/logout", "", session).status == 303)
            #expect(try await daemon.call(.get, "/api/v1/incidents", headers: session).status == 401)
            // A session ends with its token.
            let again = try #require(try await post("/login", "token=\(secret)").cookie)
            #expect(try await daemon.csvctl("tokens", "revoke", "editor").status == 0)
            let held = [("Cookie", String(again.prefix { $0 != ";" }))]
            #expect(try await daemon.call(.get, "/api/v1/incidents", headers: held).status == 401)
            // Nor does revoking the last one open the door, now or after a restart.
            #expect(try await daemon.get("/api/v1/incidents").status == 401)
            try await daemon.restart()
            #expect(try await daemon.get("/api/v1/incidents").status == 401)
        }
    }

    @Test func guessingTokensAtTheLoginIsSlow() async throws {
        try await withDaemon { daemon in
            _ = try await token("viewer", daemon)
            var statuses: [Int] = []
            for number in 0..<35 {
                statuses.append(
                    try await daemon.call(
                        .post, "/login", type: "application/x-www-form-urlencoded", body: Array("token=x\(number)".utf8)
                    ).status)
            }
            #expect(statuses.first == 401 && statuses.last == 429)
        }
    }

    @Test func anotherOriginIsRefusedByItsPortToo() async throws {
        try await withDaemon { daemon in
            func ack(_ headers: [(String, String)]) async throws -> Int {
                try await daemon.call(
                    .post, "/api/v1/incidents/1/ack", type: "application/json", body: Array("{}".utf8),
                    headers: headers
                ).status
            }
            #expect(try await ack([("Origin", "http://127.0.0.1:\(daemon.port)")]) == 404)
            #expect(try await ack([("Origin", "http://127.0.0.1:1")]) == 400)
            #expect(try await ack([("Origin", "null")]) == 400)
            #expect(try await ack([("Sec-Fetch-Site", "same-site")]) == 400)
            #expect(try await ack([("Sec-Fetch-Site", "same-origin")]) == 404)
            // A picture on another page would call it.
            let picture = try await daemon.call(.get, "/simulate-error/", headers: [("Sec-Fetch-Site", "cross-site")])
            #expect(picture.status == 400)
            #expect(try await daemon.metric("app_errors_total{type=\"simulated\"}") == 0)
        }
    }

    @Test func everyAnswerForbidsFramesForeignScriptsAndGuessingTypes() async throws {
        try await withDaemon { daemon in
            for path in ["/", "/login", "/api/v1/datasets", "/nothing"] {
                let headers = try await daemon.get(path).headers
                let policy = try #require(headers["Content-Security-Policy"])
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(policy.contains("script-src 'self';") && !policy.contains("unsafe-inline"))
                #expect(headers["X-Content-Type-Options"] == "nosniff")
                #expect(headers["Access-Control-Allow-Origin"] == nil)
            }
        }
    }

    @Test func withoutTokensItDoesNotListenBeyondLoopback() async throws {
        let daemon = try DaemonProcess()
        defer { daemon.kill9() }
        let arguments = ["--state-dir", daemon.stateDirectory, "--listen", "0.0.0.0:0", "--socket", daemon.socketPath]
        let refused = try await ProgramRun.run(DaemonProcess.program("csvand"), arguments)
        #expect(refused.status == 78)
        #expect(refused.error.contains("does not listen on 0.0.0.0:"))
    }

    /// Slow on purpose: a head that never ends, and a body that trickles.
    @Test func clientsThatAreSlowOnPurposeAreCutOffAndOthersAreNot() async throws {
        let settings = "http:\n  header_timeout_seconds: 1\n  body_timeout_seconds: 1\n"
        try await withDaemon(configuration: settings) { daemon in
            let head = try RawConnection(port: daemon.port)
            try head.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            let start = ContinuousClock.now
            let trickle = Task {
                for number in 0..<40 {
                    try head.send("X-\(number): 1\r\n")
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            #expect(try await head.receive(within: 10) == "")
            #expect(ContinuousClock.now - start < .seconds(4))
            trickle.cancel()

            let body = try RawConnection(port: daemon.port)
            try body.send(
                "POST /api/v1/datasets?name=slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\nContent-Length: 100000\r\n\r\na,b\n"
            )
            let bodyStart = ContinuousClock.now
            let drops = Task {
                for _ in 0..<60 {
                    try body.send("1")
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            _ = try await body.receive(within: 10)
            #expect(ContinuousClock.now - bodyStart < .seconds(5))
            drops.cancel()
            #expect(try await daemon.get("/api/v1/datasets/slow").status == 404)

            // Slow, but not too slow: a KiB earns a second.
            let steady = try RawConnection(port: daemon.port)
            let row = String(repeating: "x", count: 1023) + "\n"
            try steady.send(
                "POST /api/v1/datasets?name=steady HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\nConnection: close\r\nContent-Length: \(12 * 1024)\r\n\r\n"
            )
            for _ in 0..<12 {
                try steady.send(row)
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(try await steady.receive(within: 10).hasPrefix("HTTP/1.1 201"))
        }
    }

    @Test func noMoreConnectionsAreOpenThanAllowed() async throws {
        try await withDaemon(configuration: "http:\n  max_connections: 4\n") { daemon in
            var held: [RawConnection] = []
            for _ in 0..<4 {
                let connection = try RawConnection(port: daemon.port)
                try connection.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                held.append(connection)
            }
            try await Task.sleep(for: .milliseconds(300))
            let fifth = try RawConnection(port: daemon.port)
            try fifth.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            #expect(try await fifth.receive(within: 1) == "", "it waits")
            held.removeAll()
            #expect(try await fifth.receive(within: 10).hasPrefix("HTTP/1.1 200"), "and is served when there is room")
        }
    }
}
