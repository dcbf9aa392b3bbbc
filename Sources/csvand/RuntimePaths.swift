import Foundation
import Operations

/// Where things are, from the settings and from what the service manager hands over.
struct RuntimePaths: Equatable {
    let stateDirectory: String
    let controlSocket: String
    /// File with the Discord webhook URL; nil when no message is to be sent.
    let webhookURLFile: String?

    init(settings: Settings, environment: [String: String]) {
        stateDirectory =
            settings.storage.stateDirectory ?? environment["STATE_DIRECTORY"].map(Self.first) ?? "/var/lib/csvand"
        controlSocket =
            settings.control.socket ?? environment["CSVAND_SOCKET"]
            ?? environment["RUNTIME_DIRECTORY"].map { Self.first($0) + "/csvand.sock" } ?? "/run/csvand/csvand.sock"
        let credential = environment["CREDENTIALS_DIRECTORY"].map { $0 + "/discord_webhook_url" }
        webhookURLFile =
            settings.alerting.discordWebhookURLFile
            ?? credential.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }

    /// systemd separates several directories by colons.
    private static func first(_ list: String) -> String { String(list.prefix { $0 != ":" }) }
}
