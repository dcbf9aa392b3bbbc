import Crypto
import Foundation
import Shared

/// What a reload changed.
package struct ReloadOutcome: Sendable {
    package let configHash: String
    package let ruleCount: Int
    /// Keys that changed but wait for the next start.
    package let needsRestart: [String]

    package var reply: ReloadReply { ReloadReply(configHash: configHash, rules: ruleCount, needsRestart: needsRestart) }
}

extension Workspace {
    /// Puts settings and rules in force together, or neither.
    ///
    /// - Throws: what the rules are refused with; the old settings and rules then stay.
    package func reload(_ settings: Settings, webhookURLFile: String?) throws -> ReloadOutcome {
        let rules = try RuleSource.load(settings.alerting.rules, job: settings.metrics.job)
        let hash = Self.hash(of: settings, rules: rules)
        try supervision.reload(settings: settings, rules: rules, webhookURLFile: webhookURLFile, configHash: hash)
        training.reload(settings.training)
        let old = configuration.withLock { configuration in
            defer {
                configuration.settings = settings
                configuration.hash = hash
                configuration.lastReloadAt = Date()
            }
            return configuration.settings
        }
        let waiting = SettingCatalogue.keys.filter {
            $0.effect == .onRestart && $0.current(old) != $0.current(settings)
        }
        return ReloadOutcome(configHash: hash, ruleCount: rules.ruleCount, needsRestart: waiting.map(\.name))
    }

    /// SHA-256 over every setting's value and the text of the rules.
    static func hash(of settings: Settings, rules: RuleSource) -> String {
        var digest = SHA256()
        for key in SettingCatalogue.keys { digest.update(data: Data("\(key.name)=\(key.current(settings))\n".utf8)) }
        digest.update(data: Data(rules.text.utf8))
        return digest.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Refuses to be reachable from other machines while anybody could call.
    ///
    /// - Throws: `settings.invalid` when the address is not loopback and no token exists.
    package func checkExposure(of listen: String) throws {
        guard let address = ListenAddress(listen), !address.isLoopback, !access.hasTokens else { return }
        throw Problem(
            .settingsInvalid, "csvand does not listen on \(listen) while no token exists: anybody could use it.",
            remedy: "Start on loopback, make a token with csvctl tokens create, then listen there.")
    }
}
