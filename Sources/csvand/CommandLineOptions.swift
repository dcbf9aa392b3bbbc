import Shared

/// What the command line asks for.
struct CommandLineOptions: Equatable {
    enum Action: Equatable { case run, checkConfiguration, version, help }

    var action = Action.run
    var configuration: String?
    /// The settings that options override, by key.
    var overrides: [Override] = []

    struct Override: Equatable {
        let key: String
        let flag: String
        let value: String
    }

    /// - Throws: `UsageError` that names the option and the nearest one there is.
    init(_ arguments: some Sequence<String>) throws(UsageError) {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let flag = parts.first ?? ""
            func value() throws(UsageError) -> String {
                if parts.count == 2 { return parts[1] }
                guard let next = rest.popFirst() else { throw UsageError(text: "\(flag) needs a value.") }
                return next
            }
            switch flag {
            case "--config": configuration = try value()
            case "--state-dir": overrides.append(Override(key: "storage.state_dir", flag: flag, value: try value()))
            case "--listen": overrides.append(Override(key: "http.listen", flag: flag, value: try value()))
            case "--socket": overrides.append(Override(key: "control.socket", flag: flag, value: try value()))
            case "--check-config": action = .checkConfiguration
            case "--version": action = .version
            case "--help", "-h": action = .help
            default:
                let nearest = Spelling.nearest(to: flag, among: Self.flags)
                throw UsageError(
                    text: "unknown option \(argument.quotedForMessage)."
                        + (nearest.map { " Did you mean \($0)?" } ?? ""))
            }
        }
    }

    static let flags = ["--config", "--state-dir", "--listen", "--socket", "--check-config", "--version", "--help"]

    static let usage = """
        usage: csvand [--config FILE] [--state-dir DIR] [--listen HOST:PORT] [--socket PATH] [--check-config] [--version]

          --config FILE       settings file (default: /etc/csvand/csvand.yaml if it exists; CSVAND_CONFIG)
          --state-dir DIR     database and column files (default: $STATE_DIRECTORY, else /var/lib/csvand)
          --listen HOST:PORT  REST and pages (default: 127.0.0.1:8000)
          --socket PATH       control socket (default: $RUNTIME_DIRECTORY/csvand.sock, else /run/csvand/csvand.sock)
          --check-config      read the settings and the rules, report errors, and end
          --version           print the version and end
        """
}

/// A command line that cannot be followed; exit status 64.
struct UsageError: Error, Equatable {
    let text: String
}
