import Foundation
import Shared
import Testing

@testable import Alerting

@Suite struct ReceiverTests {
    private func detail(_ work: () throws(IncidentError) -> Void) -> String? {
        do throws(IncidentError) {
            try work()
            return nil
        } catch { return error.problem.detail }
    }

    @Test func readsWhatPrometheusPosts() throws {
        let body = """
            [{"labels":{"alertname":"R","severity":"critical","job":"web"},"annotations":{"summary":"s"},
              "startsAt":"2026-11-23T15:04:05.123456789Z","endsAt":"2026-11-23T15:08:05.5Z",
              "generatorURL":"http://p:9090/graph"},
             {"labels":{"alertname":"S"},"endsAt":"0001-01-01T00:00:00Z"}]
            """
        let alerts = try ReceivedAlerts.prometheus(Array(body.utf8), at: noon)
        #expect(alerts.map(\.rule) == ["R", "S"])
        #expect(alerts[0].labels == ["severity": "critical", "job": "web"])
        #expect(alerts[0].severity == .critical)
        #expect(abs(alerts[0].startsAt.timeIntervalSince(noon) - 0.123) < 0.001)
        #expect(abs((alerts[0].endsAt?.timeIntervalSince(noon) ?? 0) - 240.5) < 0.001)
        #expect(alerts[0].generatorURL == "http://p:9090/graph")
        #expect(alerts[0].source == .prometheus)
        #expect(alerts[1].startsAt == noon)
        #expect(alerts[1].endsAt == after(300))
    }

    @Test func readsTheWebhookOfAlertmanager() throws {
        let body = """
            {"version":"4","status":"firing","receiver":"csvand","groupLabels":{},"commonLabels":{},"externalURL":"x",
             "truncatedAlerts":0,"alerts":[
              {"status":"firing","labels":{"alertname":"R"},"annotations":{},"startsAt":"2026-11-23T16:04:05+01:00",
               "endsAt":"0001-01-01T00:00:00Z","fingerprint":"f1"},
              {"status":"resolved","labels":{"alertname":"S"},"annotations":{},"startsAt":"2026-11-23T15:00:00Z",
               "endsAt":"2026-11-23T15:01:00Z","fingerprint":"f2"}]}
            """
        let alerts = try ReceivedAlerts.alertmanager(Array(body.utf8), at: noon)
        #expect(alerts.map { $0.isQuiet(at: noon) } == [false, true])
        #expect(alerts[0].startsAt == noon)
        #expect(alerts[0].endsAt == nil)
        #expect(alerts[0].fingerprint == "f1")
    }

    @Test func readsTheWebhookOfGrafana() throws {
        let body = """
            {"receiver":"csvand","status":"firing","orgId":1,"version":"1","title":"t","state":"alerting","alerts":[
              {"status":"firing","labels":{"alertname":"R","grafana_folder":"F"},
               "annotations":{"summary":"s","__dashboardUid__":"u"},"startsAt":"2026-11-23T15:04:05Z",
               "endsAt":"0001-01-01T00:00:00Z","values":{"B":22,"C":1},"dashboardURL":"https://g/d/u","panelURL":"",
               "fingerprint":"f"}]}
            """
        let alert = try #require(try ReceivedAlerts.grafana(Array(body.utf8), at: noon).first)
        #expect(alert.value == 22)
        #expect(alert.annotations == ["summary": "s", "dashboard": "https://g/d/u"])
        #expect(alert.title == "s")
        #expect(alert.source == .grafana)
    }

    @Test(arguments: [
        ("", "The list of alerts is not valid at the body: it is empty."),
        ("{", "The list of alerts is not valid at the body: it is not JSON."),
        ("{}", "The list of alerts is not valid at the body: a list is expected."),
        ("[1]", "The list of alerts is not valid at [0]: an object is expected."),
        ("[{}]", "The list of alerts is not valid at [0]: \"labels\" is missing."),
        (
            #"[{"labels":{"a":"b"}}]"#,
            "The list of alerts is not valid at [0].labels: the label \"alertname\" is missing."
        ),
        (
            #"[{"labels":{"alertname":1}}]"#,
            "The list of alerts is not valid at [0].labels.alertname: a text is expected."
        ),
        (
            #"[{"labels":{"alertname":"R"},"startsAt":"noon"}]"#,
            "The list of alerts is not valid at [0].startsAt: \"noon\" is not an RFC 3339 time."
        ),
    ])
    func namesThePlaceOfWhatIsWrong(body: String, text: String) {
        #expect(
            detail { () throws(IncidentError) in _ = try ReceivedAlerts.prometheus(Array(body.utf8), at: noon) } == text
        )
    }

    @Test func refusesOtherVersionsAndTooMuch() {
        #expect(
            detail { () throws(IncidentError) in
                _ = try ReceivedAlerts.alertmanager(Array(#"{"version":"3","alerts":[]}"#.utf8), at: noon)
            } == "The webhook of Alertmanager is not valid at version: version \"3\" is not known, only \"4\".")
        #expect(
            detail { () throws(IncidentError) in
                _ = try ReceivedAlerts.grafana(Array(#"{"ruleName":"x","state":"alerting"}"#.utf8), at: noon)
            }
                == "The webhook of Grafana is not valid at the body: this is the webhook of Grafana's legacy alerting, which Grafana 11 no longer has."
        )
        let many = "[" + Array(repeating: #"{"labels":{"alertname":"R"}}"#, count: 1_001).joined(separator: ",") + "]"
        #expect(
            detail { () throws(IncidentError) in _ = try ReceivedAlerts.prometheus(Array(many.utf8), at: noon) }
                == "The body holds 1001 alerts; at most 1000 are taken at once.")
    }
}
