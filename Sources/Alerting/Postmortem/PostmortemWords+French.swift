import Shared

extension Postmortem.Words {
    static let french = Postmortem.Words(
        title: { "Compte rendu de l’incident \($0) : \($1)" },
        summaryHeading: "Résumé", impactHeading: "Impact", causeHeading: "Cause", detectionHeading: "Détection",
        timelineHeading: "Chronologie", evidenceHeading: "Éléments recueillis", actionsHeading: "Actions menées",
        preventionHeading: "Prévention", windowHeading: "Fenêtre des métriques", errorsHeading: "Dernières erreurs",
        openedSentence: { at, rule, severity, value in
            "Le \(at.replacing(" ", with: " à ", maxReplacements: 1)), la règle \(rule) s’est déclenchée\(value.map { " avec la valeur \($0)" } ?? "") et a ouvert cet "
                + "incident de gravité \(severity)."
        },
        acknowledgedSentence: { "\($0) en a pris acte au bout de \($1)." },
        resolvedSentence: { "\($0) l’a résolu au bout de \($1)." },
        notAcknowledged: "Personne n’en a pris acte.", notResolved: "Il n’est pas encore résolu.",
        noImpact: "Aucun impact n’a été consigné.", noCause: "Aucune cause n’a été consignée.",
        noActions: "Aucune action n’a été consignée.", noPrevention: "Aucune mesure de prévention n’a été consignée.",
        noTimeline: "La chronologie est vide.", noSeries: "Aucune série n’a été consignée.",
        noErrors: "Aucune erreur n’a été consignée avant le déclenchement.", none: "aucune", notTold: "non communiquée",
        what: "Élément", how: "Valeur", rule: "Règle", expression: "Expression", value: "Valeur au déclenchement",
        labels: "Étiquettes", detectDelay: "Délai de détection (MTTD)",
        acknowledgeDelay: "Délai de prise en charge (MTTA)", resolveDelay: "Délai de résolution (MTTR)",
        at: "Heure", event: "Événement", by: "Par", detailHeading: "Détail",
        version: "Version", configHash: "Configuration", lastReload: "Dernier rechargement",
        runningJobs: "Tâches en cours", journal: "Journal",
        seriesColumns: ["Série", "Fenêtre (UTC)", "Première", "Dernière", "Minimum", "Maximum"],
        errorColumns: ["Heure", "Code", "Requête", "Route", "Texte"],
        journalHeading: "Extrait du journal", journalColumns: ["Heure", "Requête", "Texte"],
        severities: [.warning: "avertissement", .critical: "critique"],
        events: [
            .opened: "ouverture", .repeated: "nouveau déclenchement", .risen: "hausse de la valeur",
            .quiet: "retour au calme",
            .acknowledged: "prise en charge", .unacknowledged: "fin de la prise en charge", .note: "note",
            .queued: "message en file", .notified: "message remis", .notificationFailed: "message non remis",
            .suppressed: "non signalé", .resolved: "résolution",
        ],
        phrases: frenchPhrases,
        span: { "de \($0) à \($1)" }, day: "j", decimalSeparator: ",")

    /// The entries that `IncidentJournal`, `NotifyReason` and `OutboxSchedule` write; longer phrases before those that they hold.
    private static let frenchPhrases: [(recorded: String, read: String)] = [
        ("goes on firing, the value has risen to ", "toujours active, la valeur est montée à "),
        ("until ", "jusqu’à "), ("no cause given", "sans cause indiquée"),
        ("fired again", "nouveau déclenchement"), (" fired", " s’est déclenchée"),
        (" with the value ", " avec la valeur "), (" after being quiet", " après un retour au calme"),
        (" so far)", " jusqu’ici)"), ("; now critical", " ; désormais critique"),
        (", received from ", ", reçue de "), (", left by the failed daemon", ", laissée par le démon défaillant"),
        (", as a drill", ", à titre d’exercice"),
        ("the alert does not fire any more since the daemon started", "l’alerte n’est plus active depuis le démarrage"),
        ("the alert does not fire any more", "l’alerte n’est plus active"),
        ("its sender does not repeat the alert any more", "l’émetteur ne répète plus l’alerte"),
        (
            "the acknowledgement ended and the incident is not resolved",
            "la prise en charge a pris fin sans que l’incident soit résolu"
        ),
        ("told for the first time", "signalé pour la première fois"),
        ("still firing after the silence", "toujours actif après le silence"),
        (
            "still firing without the critical incident that held it back",
            "toujours actif sans l’incident critique qui le retenait"
        ),
        ("nobody has resolved it in the time taken", "personne ne l’a résolu dans le délai annoncé"),
        ("still firing ", "toujours actif "), (" s after it was last told", " s après le dernier signalement"),
        ("the message is brought up to date", "le message est mis à jour"),
        ("told in ", "signalé dans "), (" s with others of its rule", " s avec les autres de sa règle"),
        ("by silence ", "par le silence "), (" is open", " est ouvert"),
        ("the critical incident ", "l’incident critique "),
        (
            "the rule's label notify=log keeps it from every receiver",
            "l’étiquette notify=log de la règle l’écarte de tout destinataire"
        ),
        (" took the message", " a reçu le message"), (" took a reminder", " a reçu un rappel"),
        (" will not be told", " ne sera pas prévenu"),
        (" was not reached and is tried again: ", " n’a pas été joint, nouvel essai : "), (" at try ", " à l’essai "),
        ("the receiver answered ", "le destinataire a répondu "), ("timed out", "délai dépassé"),
    ]
}
