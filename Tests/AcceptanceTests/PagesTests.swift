import Foundation
import Shared
import Testing

/// The pages as a real browser shows them, and what their forms do.
@Suite(.serialized) struct PagesTests {
    private static let titanic = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("etc/samples/titanic.csv")

    @Test func aPersonGoesFromACSVToAPredictionWithoutLeavingThePages() async throws {
        try await withDaemon { daemon in
            try await PagesBrowser.with { browser in
                let address = "http://127.0.0.1:\(daemon.port)"
                try await browser.open(address + "/")
                #expect(try await browser.title() == "Overview · csvand")
                #expect(try await browser.document().contains("No dataset yet: upload a CSV above."))
                try await upload(browser)
                try await readRows(browser, address)
                try await readProfile(browser, address)
                try await readStudies(browser, daemon, address)
                try await changeAndUndo(browser, daemon, address)
                try await train(browser, address)
                try await predict(browser, address)
                for path in ["/", "/models", "/incidents", "/alerts"] {
                    try await browser.open(address + path)
                    #expect(try await browser.title().hasSuffix(" · csvand"))
                }
                #expect(try await browser.complaints() == [])
            }
        }
    }

    private func upload(_ browser: PagesBrowser) async throws {
        let csv = try Data(contentsOf: Self.titanic).base64EncodedString()
        try await browser.run(
            """
            const files = new DataTransfer();
            files.items.add(new File([atob("\(csv)")], "titanic.csv", { type: "text/csv" }));
            const form = document.querySelector("[data-form=upload]");
            form.elements.file.files = files.files;
            form.requestSubmit();
            """)
        _ = try await eventually("the dataset's page opens") {
            try await browser.title() == "titanic · csvand" ? true : nil
        }
    }

    private func readRows(_ browser: PagesBrowser, _ address: String) async throws {
        let page = try await browser.document()
        #expect(page.contains("<td>Southampton</td>"))
        #expect(page.contains("Rows 1 to 50"))
        #expect(page.contains("Delimiter"))
        #expect(try await browser.run("return document.querySelectorAll('.cells tbody tr').length") == .integer(50))
        try await browser.open(address + "/datasets/titanic?offset=2200")
        #expect(try await browser.document().contains("Rows 2,201 to 2,207"))
    }

    private func readProfile(_ browser: PagesBrowser, _ address: String) async throws {
        try await browser.open(address + "/datasets/titanic/profile")
        #expect(try await browser.title() == "Profile of titanic · csvand")
        #expect(try await browser.document().contains("Most frequent values"))
        // The bars have the room that the style sheet gives them: it was loaded and allowed.
        let height = try await browser.run(
            "return Math.round(document.querySelector('.chart rect.bar').getBoundingClientRect().width)")
        guard case .integer(let width) = height else {
            Issue.record("no bar: \(height)")
            return
        }
        #expect(width > 5)
        #expect(
            try await browser.run("return document.querySelectorAll('.box .median').length > 0") == .bool(true))
    }

    private func readStudies(_ browser: PagesBrowser, _ daemon: DaemonProcess, _ address: String) async throws {
        try await browser.open(address + "/datasets/titanic/correlations?target=survived")
        #expect(try await browser.title() == "Correlations of titanic · csvand")
        #expect(try await browser.run("return document.querySelectorAll('rect.cell').length > 20") == .bool(true))
        #expect(try await browser.run("return document.querySelector('select').value") == .string("survived"))
        try await browser.open(address + "/datasets/titanic/compare")
        #expect(try await browser.document().contains("This is the first version"))
        // The page has no script of its own: the form is sent as it stands.
        _ = try await daemon.upload("half", "class,fare\n3rd,1\n3rd,200\nmaybe,300\n")
        try await browser.run(
            "document.querySelector('input[name=with]').value = 'half'; document.querySelector('form button').click()")
        let page = try await eventually("the comparison appears") { () -> String? in
            let text = try await browser.document()
            return text.contains("half version 1") ? text : nil
        }
        #expect(page.contains("3 → 2,207"))
        #expect(page.contains("“maybe” (1)"))
        #expect(try await browser.run("return document.querySelectorAll('rect.before').length > 0") == .bool(true))
    }

    private func changeAndUndo(_ browser: PagesBrowser, _ daemon: DaemonProcess, _ address: String) async throws {
        try await browser.open(address + "/datasets/titanic/profile")
        #expect(try await browser.document().contains("Apply all"))
        try await browser.run("document.querySelector('.suggestions [data-apply]').click()")
        _ = try await eventually("the step is applied") {
            String(decoding: try await daemon.get("/api/v1/datasets/titanic").body, as: UTF8.self).contains(
                "\"version\":2")
                ? true : nil
        }
        try await browser.open(address + "/datasets/titanic")
        #expect(try await browser.document().contains("data-verb=\"undo\""))
        #expect(try await browser.run("return document.querySelectorAll('.steps li').length") == .integer(1))
        try await browser.run("document.querySelector('[data-verb=undo]').click()")
        _ = try await eventually("the step is gone") {
            try await browser.document().contains("data-verb=\"redo\"") ? true : nil
        }
        #expect(try await browser.document().contains("As uploaded"))
        for format in ["csv", "json", "ndjson", "xlsx", "sqlite"] {
            #expect(try await browser.document().contains("/export?format=\(format)"))
        }
    }

    private func train(_ browser: PagesBrowser, _ address: String) async throws {
        try await browser.open(address + "/datasets/titanic/train")
        try await browser.run(
            """
            const form = document.querySelector("[data-form=train]");
            form.elements.budget_seconds.value = "2";
            form.elements.name.value = "survival";
            const choose = (way, name) => {
              for (const option of form.querySelector(`[data-monotone=${way}]`).options) option.selected = option.value === name;
            };
            choose("increasing", "fare");
            choose("decreasing", "fare");
            form.requestSubmit();
            """)
        _ = try await eventually("both ways are refused") {
            try await browser.document().contains("The prediction cannot go both ways with fare.") ? true : nil
        }
        try await browser.run(
            """
            const form = document.querySelector("[data-form=train]");
            for (const option of form.querySelector("[data-monotone=decreasing]").options) option.selected = false;
            form.requestSubmit();
            """)
        let board = try await eventually("the leaderboard appears", within: 60) { () -> String? in
            let text = try await browser.run("return document.querySelector('[data-leaderboard]').textContent")
                .plainText
            return text.isEmpty ? nil : text
        }
        #expect(board.contains("baseline"))
        #expect(try await browser.document().contains("href=\"/models/survival\""))
    }

    private func predict(_ browser: PagesBrowser, _ address: String) async throws {
        try await browser.open(address + "/models/survival")
        let page = try await browser.document()
        #expect(page.contains("Actual classes in rows, predicted ones in columns"))
        #expect(page.contains("<svg class=\"share\""))
        try await browser.run(
            """
            const form = document.querySelector("[data-form=predict]");
            form.querySelector("[data-feature=gender]").value = "female";
            form.querySelector("[data-feature=class]").value = "1st";
            form.requestSubmit();
            """)
        let answer = try await eventually("the prediction appears") { () -> String? in
            let text = try await browser.run("return document.querySelector('[data-answer]').textContent").plainText
            return text.isEmpty ? nil : text
        }
        #expect(answer.hasPrefix("1Probabilities"))
        #expect(answer.contains("What moved it"))
    }

    @Test func anIncidentIsReadAndResolvedOnItsPage() async throws {
        let settings = """
            metrics:
              sample_interval_seconds: 1
            alerting:
              evaluation_interval_seconds: 1
              group_wait_seconds: 0
            """
        try await withDaemon(configuration: settings) { daemon in
            // The rules look at a rise, so there must be samples from before it.
            try await Task.sleep(for: .seconds(2))
            #expect(try await daemon.get("/simulate-error/").status == 500)
            _ = try await eventually("the incident opens") {
                try await daemon.get("/api/v1/incidents/1").status == 200 ? true : nil
            }
            try await PagesBrowser.with { browser in
                let address = "http://127.0.0.1:\(daemon.port)"
                try await browser.open(address + "/incidents/1")
                let page = try await browser.document()
                #expect(try await browser.title() == "Incident 1 · csvand")
                #expect(page.contains("<polyline class=\"line\""))
                #expect(page.contains("<code>simulated</code>"))
                #expect(page.contains("/api/v1/incidents/1/postmortem?lang=fr"))
                try await browser.run(
                    """
                    const form = document.querySelector("form[action$='/ack']");
                    form.elements.by.value = "ana";
                    form.requestSubmit();
                    """)
                _ = try await eventually("it is acknowledged") {
                    try await browser.document().contains("<span class=\"badge acknowledged\">") ? true : nil
                }
                try await browser.run(
                    """
                    const form = document.querySelector("form[action$='/resolve']");
                    form.elements.by.value = "ana";
                    form.elements.cause.value = "<b>a drill</b>";
                    form.requestSubmit();
                    """)
                _ = try await eventually("it is resolved") {
                    try await browser.document().contains("&lt;b&gt;a drill&lt;/b&gt;") ? true : nil
                }
                for path in ["/", "/alerts", "/incidents"] { try await browser.open(address + path) }
                #expect(try await browser.document().contains("href=\"/incidents/1\""))
                #expect(try await browser.complaints() == [])
            }
        }
    }

    @Test func namesAndCellsCannotBecomeMarkup() async throws {
        try await withDaemon { daemon in
            let attack = "<img src=x onerror=alert(1)>"
            _ = try await daemon.upload("hostile", "\(attack),b\n\(attack),1\n\(attack),2\nplain,3\n")
            for page in ["", "/profile", "/train", "/correlations", "/compare?with=hostile"] {
                let path = "/datasets/hostile" + page
                let page = try await daemon.get(path).text
                #expect(page.contains("&lt;img src=x"))
                #expect(!page.contains("<img"))
            }
        }
    }

    @Test func whatIsNotThereIsAPageForABrowserAndAProblemForOthers() async throws {
        try await withDaemon { daemon in
            let page = try await daemon.call(.get, "/datasets/absent", headers: [("Accept", "text/html")])
            #expect(page.status == 404)
            #expect(page.text.contains("<h1>Not found</h1>"))
            let problem = try await daemon.get("/datasets/absent")
            #expect(problem.status == 404)
            #expect(try problem.decoded(Problem.self).code == "dataset.not_found")
        }
    }
}
