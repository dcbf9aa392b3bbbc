import Foundation
import Shared
import Testing

/// The units as they are installed, under the real systemd and journald.
@Suite(.serialized) struct SystemdTests {
    /// Ids of docs/journal.md.
    private enum MessageID {
        static let started = "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1001"
        static let stopping = "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1002"
        static let reloaded = "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1003"
        static let reloadRefused = "6f0d3c0a5b5e4c8d9a4c2a7f1f0e1004"
        static let errorCounted = "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4001"
        static let incidentOpened = "6f0d3c0a5b5e4c8d9a4c2a7f1f0e4004"
    }

    private static let units = [
        "csvand.service", "csvand.socket", "csvand-control.socket", "csvand-failure@.service", "csvand-drill.service",
        "csvand-drill.timer",
    ]
    private static let curl = "curl -sS --noproxy '*' --max-time 30"
    private static let url = "http://127.0.0.1:8000"

    @Test(.timeLimit(.minutes(5)))
    func theUnitsServeReloadRestartAndStop() async throws {
        if let objection = try await SystemdLab.objection() {
            print("SystemdTests: left out, no systemd can be booted on this machine: \(objection)")
            return
        }
        let lab = SystemdLab()
        do {
            try await lab.up()
            try await install(lab)
            try await checkUnits(lab)
            try await checkActivation(lab)
            try await checkReload(lab)
            try await checkRestart(lab)
            try await checkWatchdog(lab)
            try await checkJournal(lab)
            try await checkDrill(lab)
            try await checkFailure(lab)
            try await checkCredential(lab)
            try await checkStop(lab)
        } catch {
            let journal = try? await lab.run("journalctl", "-u", "csvand*", "-n", "60", "--no-pager")
            await lab.down()
            throw TestFailure("\(error)\n\(journal?.output ?? "")")
        }
        await lab.down()
    }

    private func install(_ lab: SystemdLab) async throws {
        try await lab.copy([DaemonProcess.program("csvand"), DaemonProcess.program("csvctl")], to: "/usr/bin/")
        try await lab.copy(Self.units.map { Checkout.path("systemd/\($0)") }, to: "/usr/lib/systemd/system/")
        try await lab.copy([Checkout.path("systemd/csvand.sysusers")], to: "/usr/lib/sysusers.d/csvand.conf")
        try await lab.copy([Checkout.path("systemd/csvand.tmpfiles")], to: "/usr/lib/tmpfiles.d/csvand.conf")
        try await lab.shell("systemd-sysusers csvand.conf && systemd-tmpfiles --create csvand.conf")
        try await lab.copy(
            [Checkout.path("etc/csvand.yaml"), Checkout.path("etc/alerts.yaml")], to: "/etc/csvand/")
        try await lab.shell("systemctl daemon-reload")
    }

    private func checkUnits(_ lab: SystemdLab) async throws {
        let verify = try await lab.run(
            "sh", "-c", "systemd-analyze verify --man=no \(Self.units.joined(separator: " ")) 2>&1")
        #expect(verify.status == 0 && verify.output.isEmpty, "\(verify.output)")
        // The threshold is in tenths.
        let security = try await lab.run("systemd-analyze", "security", "csvand", "--no-pager", "--threshold=12")
        #expect(security.status == 0, "\(security.output.suffix(200))")
    }

    /// The first client starts the service and is answered by it.
    private func checkActivation(_ lab: SystemdLab) async throws {
        try await lab.shell("systemctl enable --now csvand.socket csvand-control.socket")
        #expect(try await lab.run("systemctl", "is-active", "csvand").output == "inactive\n")
        #expect(try await lab.shell("stat -c '%a %U %G' /run/csvand/csvand.sock") == "660 root csvand\n")
        #expect(try await lab.shell("\(Self.curl) \(Self.url)/readyz").contains("\"state\":\"ready\""))
        #expect(try await lab.shell("systemctl is-active csvand") == "active\n")
        #expect(
            try await lab.shell("systemctl status csvand --no-pager").contains("Status: \"Ready on 127.0.0.1:8000\""))
        #expect(try await lab.shell("csvctl status").contains("/var/lib/csvand"))
        #expect(try await lab.shell("stat -c '%a %U' /var/lib/csvand") == "700 csvand\n")

        // READY means serving: right after `start` returns, both sockets answer.
        try await lab.shell("systemctl stop csvand && systemctl start csvand && \(Self.curl) -f \(Self.url)/readyz")
        let table = GeneratedTable("kept")
        try await lab.write(table.csv, to: "/root/kept.csv")
        try await lab.shell("csvctl datasets import /root/kept.csv --name kept")
    }

    private func checkReload(_ lab: SystemdLab) async throws {
        try await lab.shell(
            "sed -i 's/^  level: .*/  level: debug/' /etc/csvand/csvand.yaml && systemctl reload csvand")
        #expect(try await lab.journal("MESSAGE_ID=\(MessageID.reloaded)").count == 1)
        let before = try await lab.shell("csvctl --output json status | grep -o '\"config_hash\"[^,]*'")

        try await lab.shell("cp /etc/csvand/csvand.yaml /root/good.yaml")
        try await lab.shell("sed -i 's/^  level: debug/  levle: info/' /etc/csvand/csvand.yaml")
        #expect(try await lab.run("systemctl", "reload", "csvand").status != 0)
        #expect(try await lab.shell("systemctl is-active csvand") == "active\n")
        let status = try await lab.shell("systemctl status csvand --no-pager")
        #expect(status.contains("Reload refused, the old configuration is in force"), "\(status)")
        let refused = try await lab.journal("MESSAGE_ID=\(MessageID.reloadRefused)")
        #expect(refused.count == 1 && refused[0]["MESSAGE"]?.plain.contains("levle") == true)
        #expect(try await lab.shell("csvctl --output json status | grep -o '\"config_hash\"[^,]*'") == before)
        try await lab.shell("cp /root/good.yaml /etc/csvand/csvand.yaml && systemctl reload csvand")
    }

    /// A client that calls without pause sees no refused connection while the daemon is killed and started again.
    private func checkRestart(_ lab: SystemdLab) async throws {
        try await lab.shell("csvctl simulate --count 4")
        try await Task.sleep(for: .milliseconds(1200))
        let script = """
            systemctl kill --kill-who=main -s KILL csvand
            end=$(($(date +%s) + 3)); done=0
            while [ "$(date +%s)" -lt $end ]; do
              # 7 is a refused connection. One that the kill met in the middle may break off.
              \(Self.curl) -o /dev/null \(Self.url)/version 2>/dev/null; status=$?
              [ $status = 7 ] && { echo refused; exit 1; }
              [ $status = 0 ] && done=$((done + 1))
            done
            echo $done
            """
        try await lab.write(script, to: "/root/clients.sh")
        let answered = try await lab.shell("sh /root/clients.sh").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(Int(answered) ?? 0 > 5, "\(answered)")
        #expect(try await lab.shell("systemctl show csvand -p NRestarts") == "NRestarts=1\n")
        let metrics = try await lab.shell("\(Self.curl) \(Self.url)/metrics")
        #expect(metrics.contains("app_errors_total{type=\"simulated\"} 4\n"))
        let rows = try await lab.shell("\(Self.curl) '\(Self.url)/api/v1/datasets/kept/rows?values=text&limit=1000'")
        let reply = try WireJSON.decode(RowsReply.self, from: Data(rows.utf8))
        #expect(GeneratedTable("kept").difference(from: reply) == nil)
    }

    /// A daemon that hangs is ended and started again.
    private func checkWatchdog(_ lab: SystemdLab) async throws {
        #expect(try await lab.shell("systemctl show csvand -p WatchdogUSec") == "WatchdogUSec=20s\n")
        // The same unit with less patience, stopped in the middle of its work. A stopped process does not see the abort that
        // a hanging one ends by, so that is not waited for long.
        try await lab.shell("mkdir -p /run/systemd/system/csvand.service.d")
        try await lab.write(
            "[Service]\nWatchdogSec=2\nTimeoutAbortSec=1\n", to: "/run/systemd/system/csvand.service.d/watchdog.conf")
        try await lab.shell("systemctl daemon-reload && systemctl restart csvand")
        // As long as it works, it lives longer than the watchdog waits.
        try await Task.sleep(for: .seconds(3))
        #expect(try await lab.shell("systemctl show csvand -p NRestarts") == "NRestarts=0\n")
        try await lab.shell("systemctl kill --kill-who=main -s STOP csvand")
        _ = try await eventually("the watchdog starts the daemon again", within: 20, every: .milliseconds(300)) {
            let state = try await lab.shell("systemctl show csvand -p NRestarts -p ActiveState")
            return state.contains("ActiveState=active\n") && state.contains("NRestarts=1\n") ? true : nil
        }
        #expect(try await lab.shell("\(Self.curl) \(Self.url)/readyz").contains("ready"))
        try await lab.shell(
            "rm -r /run/systemd/system/csvand.service.d && systemctl daemon-reload && systemctl restart csvand")
    }

    private func checkJournal(_ lab: SystemdLab) async throws {
        let answer = try await lab.shell("\(Self.curl) -i \(Self.url)/simulate-error/")
        let request = try #require(answer.firstMatch(of: /(?i)x-request-id: (\w+)/)).1
        let counted = try await eventually("the error's record") {
            try await lab.journal("MESSAGE_ID=\(MessageID.errorCounted)", "REQUEST_ID=\(request)").first
        }
        #expect(
            counted["ERROR_TYPE"] == .string("simulated")
                && counted["ROUTE"]?.plain.hasPrefix("/simulate-error") == true)
        #expect(counted["PRIORITY"] == .string("4") && counted["SYSLOG_IDENTIFIER"] == .string("csvand"))
        let opened = try await eventually("the incident's record") {
            try await lab.journal("MESSAGE_ID=\(MessageID.incidentOpened)").first
        }
        let number = try #require(opened["INCIDENT"]?.plain)
        #expect(opened["RULE"] == .string("SimulatedError"))
        #expect(try await lab.journal("INCIDENT=\(number)").count >= 1)
        #expect(try await lab.shell("csvctl incidents show \(number)").contains("SimulatedError"))
        let starts = try await lab.journal("MESSAGE_ID=\(MessageID.started)")
        #expect(starts.last?["MESSAGE"]?.plain.contains("/run/csvand/csvand.sock") == true, "\(starts.last ?? [:])")
    }

    /// The whole story under the hardened unit, with the fields of the journal and what the journal gives as evidence.
    private func checkDrill(_ lab: SystemdLab) async throws {
        try await lab.copy([Checkout.path("scripts/discord-receiver.py")], to: "/root/")
        try await lab.shell(
            "touch /root/calls; setsid python3 /root/discord-receiver.py /root/calls >/root/port 2>/dev/null &")
        let port = try await eventually("the receiver's port") {
            Int(try await lab.shell("cat /root/port").trimmingCharacters(in: .whitespacesAndNewlines))
        }
        try await lab.write("http://127.0.0.1:\(port)/api/webhooks/1/labtoken\n", to: "/etc/csvand/discord_webhook_url")
        try await lab.shell("chmod 600 /etc/csvand/discord_webhook_url; cp /etc/csvand/csvand.yaml /root/good.yaml")
        try await lab.shell(
            "sed -i 's/allow_insecure_loopback: false/allow_insecure_loopback: true/' /etc/csvand/csvand.yaml")
        // The real error of the journal's test goes on firing; without its samples the drill can be told from it.
        try await lab.shell("systemctl stop csvand && rm -rf /var/lib/csvand/* && systemctl start csvand")
        let run = try await lab.run("csvctl", "drill", "--output", "json")
        #expect(run.status == 0, "\(run.output)\(run.error)")
        let drill = try WireJSON.decode(DrillReply.self, from: Data(run.output.utf8))
        #expect(drill.passed && drill.hops.count == 9, "\(drill.hops)")
        let number = try #require(drill.incident)
        for (id, kind) in [("4004", "opened"), ("4005", "acknowledged"), ("4006", "resolved"), ("4007", "told")] {
            let records = try await lab.journal("MESSAGE_ID=6f0d3c0a5b5e4c8d9a4c2a7f1f0e\(id)", "INCIDENT=\(number)")
            #expect(!records.isEmpty, "the journal does not say that the incident was \(kind)")
        }
        #expect(
            try await lab.shell("csvctl logs --incident \(number)").contains("Incident \(number) resolved by drill"))
        let shown = try await lab.shell("csvctl incidents show \(number) --output json")
        let incident = try WireJSON.decode(IncidentReply.self, from: Data(shown.utf8))
        #expect(incident.evidence.journalFrom?.hasPrefix("s=") == true && incident.evidence.journalTo != nil)
        #expect(incident.evidence.journal?.contains { $0.text.contains("is ready on") } == true)
        #expect(try await lab.shell("csvctl logs --evidence \(number)").contains("is ready on"))
        let records = try await lab.journal("INCIDENT=\(number)")
        #expect(records.count >= 4 && records.allSatisfy { $0["INCIDENT"] == .string("\(number)") })
        #expect(records.contains { $0["RULE"] == .string("SimulatedError") && $0["SEVERITY"] == .string("warning") })
        for (language, sentence) in [
            ("en", "This was a fire drill and counts towards none of MTTD, MTTA and MTTR."),
            ("fr", "Il s’agissait d’un exercice, qui ne compte ni dans le MTTD, ni dans le MTTA, ni dans le MTTR."),
        ] {
            let report = try await lab.shell("csvctl incidents postmortem \(number) --lang \(language)")
            #expect(report.contains(sentence) && report.contains("is ready on"), "\(report)")
            // The command that it names shows what was there.
            let command = try #require(report.firstMatch(of: /`(journalctl -u csvand --cursor='[^'`]+')`/)).1
            #expect(try await lab.shell("\(command) --no-pager").contains("is ready on"))
        }
        // The unit that the timer starts, as its own user.
        try await lab.shell("systemctl start csvand-drill.service")
        #expect(
            try await lab.shell("systemctl list-timers --all --no-pager; systemctl cat csvand-drill.timer").contains(
                "Mon *-*-1..7"))
        #expect(try await lab.shell("journalctl -u csvand-drill --no-pager").contains("fire drill passed"))
        try await lab.shell(
            "cp /root/good.yaml /etc/csvand/csvand.yaml; rm /etc/csvand/discord_webhook_url; systemctl restart csvand")
    }

    /// Refused settings are not tried again, the failure is reported, and becomes an incident at the next start.
    private func checkFailure(_ lab: SystemdLab) async throws {
        try await lab.shell("cp /etc/csvand/csvand.yaml /root/good.yaml && echo 'htp: {}' >> /etc/csvand/csvand.yaml")
        #expect(try await lab.run("systemctl", "restart", "csvand").status != 0)
        let state = try await lab.shell(
            "systemctl show csvand -p ActiveState -p NRestarts -p ExecMainStatus --value | tr '\\n' ' '")
        #expect(state.contains("78") && state.contains("failed") && state.contains("0 "), "\(state)")
        _ = try await eventually("the report of the failure") {
            try await lab.shell("ls /var/lib/csvand/failures 2>/dev/null || true").contains(".json") ? true : nil
        }
        try await lab.shell(
            "cp /root/good.yaml /etc/csvand/csvand.yaml && systemctl reset-failed csvand && systemctl start csvand")
        let incidents = try await lab.shell("csvctl incidents --output json")
        let failure = try WireJSON.decode(Page<IncidentReply>.self, from: Data(incidents.utf8)).items.first {
            $0.rule == "DaemonFailed"
        }
        #expect(
            failure?.evidence.facts?.contains { $0.text == "exit-code, exited 78" } == true, "\(incidents.prefix(600))")
        #expect(failure?.evidence.journal?.contains { $0.text.contains("unknown setting") } == true)
        #expect(try await lab.shell("ls /var/lib/csvand/failures") == "")
    }

    /// The webhook's URL reaches the daemon as a credential and nowhere else.
    private func checkCredential(_ lab: SystemdLab) async throws {
        let secret = "https://discord.com/api/webhooks/1/verysecrettoken"
        try await lab.write(secret + "\n", to: "/etc/csvand/discord_webhook_url")
        try await lab.shell("chmod 600 /etc/csvand/discord_webhook_url && systemctl restart csvand")
        try await lab.shell("csvctl simulate --type training_failure")
        // There is no network here: what counts is that it is tried.
        _ = try await eventually("an incident that discord is told of") {
            let listed = try await lab.shell("csvctl incidents --output json")
            let incidents = try WireJSON.decode(Page<IncidentReply>.self, from: Data(listed.utf8)).items
            return incidents.first { $0.rule == "TrainingFailures" }?.notifications?.isEmpty == false ? true : nil
        }
        #expect(try await lab.run("sh", "-c", "journalctl --no-pager | grep -c verysecrettoken").output == "0\n")
        #expect(
            try await lab.run("sh", "-c", "tr '\\0' '\\n' < /proc/$(systemctl show -P MainPID csvand)/environ").output
                .contains("verysecrettoken") == false)
    }

    private func checkStop(_ lab: SystemdLab) async throws {
        let before = try await simulatedErrors(lab)
        try await lab.shell("csvctl simulate --count 2 && systemctl stop csvand")
        #expect(
            try await lab.shell("systemctl show csvand -p ExecMainStatus -p Result --value | sort | tr '\\n' ' '")
                == "0 success ")
        #expect(try await lab.journal("MESSAGE_ID=\(MessageID.stopping)").isEmpty == false)
        // The sockets are still there; the next client starts it again, with exact counters.
        #expect(try await simulatedErrors(lab) == before + 2)
    }

    private func simulatedErrors(_ lab: SystemdLab) async throws -> Int {
        let metrics = try await lab.shell("\(Self.curl) \(Self.url)/metrics")
        let found = metrics.firstMatch(of: /app_errors_total{type="simulated"} (\d+)/)?.1
        return try #require(found.flatMap { Int($0) })
    }
}

extension JSONValue {
    /// The text of a string; nothing for others.
    fileprivate var plain: String {
        if case .string(let text) = self { return text }
        return ""
    }
}
