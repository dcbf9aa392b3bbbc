/// Which URLs are Discord webhooks that may be called.
///
/// https only and Discord's own hosts only, so that a file with a wrong line cannot make a program speak to anything else.
package enum DiscordWebhook {
    package static let hosts: Set<String> = [
        "discord.com", "ptb.discord.com", "canary.discord.com", "discordapp.com", "ptb.discordapp.com",
        "canary.discordapp.com",
    ]

    /// Why a webhook cannot be used; nil when it can. The text never holds the webhook's path.
    ///
    /// - Parameter allowInsecureLoopback: for tests, also http to 127.0.0.1, ::1 and localhost.
    package static func objection(to webhook: SecretURL, allowInsecureLoopback: Bool) -> String? {
        if webhook.hasUser { return "the webhook URL holds a user name" }
        if webhook.scheme == "https", hosts.contains(webhook.host) {
            let isWebhook = webhook.revealed.contains("/api/") && webhook.revealed.contains("/webhooks/")
            return isWebhook ? nil : "the webhook URL has not the form https://discord.com/api/webhooks/ID/TOKEN"
        }
        let isLoopback = ["127.0.0.1", "::1", "localhost"].contains(webhook.host)
        if isLoopback, allowInsecureLoopback, ["http", "https"].contains(webhook.scheme) { return nil }
        if webhook.scheme != "https" { return "the webhook URL \(webhook) is not https" }
        return "the host \(webhook.host) is none of Discord's"
    }
}
