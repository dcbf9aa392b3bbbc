import Foundation
import Operations
import Testing

@Suite struct SettingsTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func load(
        _ yaml: String, environment: [String: String] = [:], flags: [(key: String, flag: String, value: String)] = []
    ) throws -> Settings {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(yaml.utf8).write(to: file)
        return try SettingsLoader(file: file.path, environment: environment, flags: flags).load()
    }

    private func refusal(_ yaml: String, environment: [String: String] = [:]) -> String {
        do {
            _ = try load(yaml, environment: environment)
            return "accepted"
        } catch let error as SettingsError {
            let text = error.problem.detail + " | " + error.problem.remedy
            // The file's name is random: leave its path out.
            return text.replacing(/\/\S*settings-[\w-]+\.yaml/, with: "FILE")
        } catch {
            return "\(error)"
        }
    }

    @Test func aFileIsOverriddenByTheEnvironmentAndThatByFlags() throws {
        let yaml = "http:\n  listen: 127.0.0.1:1\n  allowed_hosts: [a, b]\nsql:\n  timeout_seconds: 2.5\n"
        let settings = try load(
            yaml, environment: ["CSVAND_HTTP_LISTEN": "127.0.0.1:2", "CSVAND_SQL_MAX_ROWS": "7"],
            flags: [(key: "http.listen", flag: "--listen", value: "127.0.0.1:3")])
        #expect(settings.http.listen == "127.0.0.1:3")
        #expect(settings.http.allowedHosts == ["a", "b"])
        #expect(settings.sql.timeoutSeconds == 2.5)
        #expect(settings.sql.maxRows == 7)
    }

    @Test func anEmptyFileSetsNothing() throws {
        #expect(try load("") == Settings())
        #expect(try load("# nothing\nhttp:\n") == Settings())
    }

    @Test func aMisspeltKeyIsRefusedWithLineAndNearestKey() {
        #expect(
            refusal("http:\n  listen: 127.0.0.1:1\n  alowed_hosts: [a]\n")
                == "FILE, line 3: unknown setting \"http.alowed_hosts\". | Did you mean http.allowed_hosts?")
        #expect(
            refusal("", environment: ["CSVAND_HTTP_LISTN": "x"])
                == "environment variable CSVAND_HTTP_LISTN: unknown setting \"CSVAND_HTTP_LISTN\". | Did you mean CSVAND_HTTP_LISTEN?"
        )
    }

    @Test func aBadValueIsRefusedWithWhatIsExpected() {
        #expect(
            refusal("sql:\n  max_rows: many\n")
                == "FILE, line 2: sql.max_rows is \"many\", but must be a whole number from 1 to 10000000. | Set sql.max_rows to a whole number from 1 to 10000000, or leave it out for its default."
        )
        #expect(
            refusal("log:\n  level: loud\n").hasPrefix("FILE, line 2: log.level is \"loud\", but must be one of trace,")
        )
        #expect(
            refusal("http:\n  listen: nowhere\n").hasPrefix(
                "FILE, line 2: http.listen is \"nowhere\", but must be HOST:PORT."))
        #expect(refusal("metrics:\n  sample_interval_seconds: 0\n").contains("a number of seconds from 0.1 to 3600"))
    }

    @Test func brokenYAMLIsRefusedWithItsLine() {
        #expect(refusal("http:\n  listen: [\n").hasPrefix("FILE, line 3: not valid YAML:"))
        #expect(refusal("http: 7\n").hasPrefix("FILE, line 1: \"http\" must hold settings below it."))
        #expect(refusal("- a\n").hasPrefix("FILE, line 1: \"the file\" must hold settings below it."))
    }

    @Test func theSettingsFileListsEveryKeyWithItsDefault() throws {
        let path = Self.root.appendingPathComponent("etc/csvand.yaml").path
        #expect(try SettingsLoader(file: path).load() == Settings())
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for key in SettingCatalogue.keys {
            let word = key.name.split(separator: ".").last ?? ""
            #expect(text.contains(try Regex("(?m)^ *(# )?\(word):")), "etc/csvand.yaml lacks \(key.name)")
        }
    }

    @Test func theDocumentationNamesEveryKey() throws {
        let page = try String(contentsOf: Self.root.appendingPathComponent("docs/settings.md"), encoding: .utf8)
        for key in SettingCatalogue.keys {
            #expect(page.contains("`\(key.name)`"), "docs/settings.md lacks \(key.name)")
        }
    }

    @Test func addressesAreTakenApart() {
        #expect(ListenAddress("127.0.0.1:80").map { [$0.host, "\($0.port)"] } == ["127.0.0.1", "80"])
        #expect(ListenAddress("[::1]:80")?.host == "::1")
        #expect(ListenAddress("::1:80") == nil)
        #expect(ListenAddress("host") == nil)
        #expect(ListenAddress("host:70000") == nil)
        #expect(ListenAddress("0.0.0.0:80")?.isLoopback == false)
        #expect(ListenAddress("localhost:80")?.isLoopback == true)
    }
}
