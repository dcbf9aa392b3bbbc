import Shared

/// A colon, a percent sign, guillemets and units have a space before them at which no line is broken (U+00A0); a semicolon, question and
/// exclamation marks have a narrow one (U+202F).
extension Postmortem.Words {
    static let french = Postmortem.Words(
        title: { "Compte rendu de l’incident nº\u{A0}\($0)\u{A0}: \($1)" },
        summaryHeading: "Résumé", impactHeading: "Impact", causeHeading: "Cause", detectionHeading: "Détection",
        timelineHeading: "Chronologie", evidenceHeading: "Éléments recueillis", actionsHeading: "Actions menées",
        preventionHeading: "Prévention", windowHeading: "Fenêtre des métriques", errorsHeading: "Dernières erreurs",
        openedSentence: { at, rule, severity, value in
            "Le \(at), la règle \(rule) s’est déclenchée\(value.map { " avec la valeur \($0)" } ?? "") et a ouvert cet "
                + "incident, de gravité «\u{A0}\(severity == .critical ? "critique" : "avertissement")\u{A0}»."
        },
        acknowledgedSentence: { "Il a été pris en charge par \($0) au bout de \($1)." },
        resolvedSentence: { "Il a été résolu par \($0) au bout de \($1)." },
        quietSentence: { "L’alerte a cessé au bout de \($0)." },
        notAcknowledged: "Personne ne l’a pris en charge.", notResolved: "Il n’est pas encore résolu.",
        stillFiring: "L’alerte est toujours active.",
        firingAtTheEnd: "L’alerte était encore active lorsque l’incident a été résolu.",
        drillSentence: "Il s’agissait d’un exercice, qui ne compte ni dans le MTTD, ni dans le MTTA, ni dans le MTTR.",
        drillTitle: { "\($0) (exercice d’alerte)" },
        drillTexts: [
            DrillAccount.cause: "Un exercice d’alerte.", DrillAccount.impact: "Aucun\u{A0}: rien n’était en panne.",
            DrillAccount.actions: "Toute la chaîne a été parcourue\u{A0}: erreur, règle, incident et messages.",
            DrillAccount.prevention:
                "Des exercices réguliers révèlent une alarme en panne avant qu’une véritable erreur ne le fasse.",
        ],
        noImpact: "Aucun impact n’a été consigné.", noCause: "Aucune cause n’a été consignée.",
        noActions: "Aucune action n’a été consignée.", noPrevention: "Aucune mesure de prévention n’a été consignée.",
        noTimeline: "La chronologie est vide.", noSeries: "Aucune série n’a été consignée.",
        noErrors: "Aucune erreur n’a été consignée avant le déclenchement.",
        noJournal: "Aucun enregistrement du journal n’était disponible.",
        none: "aucune", notTold: "non communiquée", notKnown: "inconnu", neverAcknowledged: "jamais pris en charge",
        notYetAcknowledged: "pas encore pris en charge", notYetResolved: "pas encore résolu",
        noReload: "aucun depuis le démarrage",
        what: "Élément", how: "Valeur", rule: "Règle", expression: "Expression", value: "Valeur au déclenchement",
        labels: "Étiquettes", runbook: "Procédure", detectDelay: "Délai de détection (MTTD)",
        acknowledgeDelay: "Délai de prise en charge (MTTA)", resolveDelay: "Délai de résolution (MTTR)",
        at: "Heure", event: "Événement", by: "Par", detailHeading: "Détail",
        version: "Version de csvand", configHash: "Configuration (SHA-256)", lastReload: "Dernier rechargement",
        runningJobs: "Tâches en cours", journal: "Journal",
        seriesColumns: ["Série", "Fenêtre (UTC)", "Première", "Dernière", "Minimum", "Maximum"],
        errorColumns: ["Heure", "Code", "Requête", "Route", "Texte"],
        journalHeading: "Extrait du journal", journalColumns: ["Heure", "Requête", "Texte"],
        events: [
            .opened: "ouverture", .repeated: "nouveau déclenchement", .risen: "hausse de la valeur",
            .quiet: "fin de l’alerte",
            .acknowledged: "prise en charge", .unacknowledged: "prise en charge expirée", .note: "note",
            .queued: "notification en attente", .notified: "notification remise",
            .notificationFailed: "échec de notification", .suppressed: "notification retenue",
            .resolved: "résolution",
        ],
        phrases: frenchPhrases,
        until: { "jusqu’au \($0) à \($1)" }, colon: "\u{A0}: ", noCauseGiven: "sans cause indiquée",
        span: { "de \($0) à \($1)" },
        months: [
            "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre",
        ],
        date: { "\($0 == 1 ? "1er" : String($0)) \($1) \($2) à \($3)" }, day: "j", unitSpace: "\u{A0}",
        decimalSeparator: ",")

    /// The entries that `IncidentJournal`, `NotifyReason` and `OutboxSchedule` write; longer phrases before those that they hold.
    private static let frenchPhrases: [(recorded: String, read: String)] = [
        ("still firing; the value has risen to ", "toujours active\u{202F}; la valeur est montée à "),
        ("fired again", "nouveau déclenchement"), (" fired", " s’est déclenchée"),
        (" with the value ", " avec la valeur "), (" after being quiet", " après un retour au calme"),
        (" (repeat ", " (répétition "), ("; now critical", "\u{202F}; désormais critique"),
        (", received from ", ", alerte reçue de "),
        (", left by the failed daemon", ", d’après le rapport laissé par le démon défaillant"),
        (", as a drill", ", à titre d’exercice"),
        (
            "the alert was no longer firing when the daemon started",
            "l’alerte n’était plus active au démarrage du démon"
        ),
        ("the alert stopped firing", "l’alerte a cessé"),
        ("the sender stopped repeating the alert", "l’émetteur a cessé de répéter l’alerte"),
        (
            "the acknowledgement ran out before the incident was resolved",
            "le délai de prise en charge a expiré avant la résolution de l’incident"
        ),
        ("first notification", "première notification"),
        ("still firing after the silence", "toujours actif après le silence"),
        (
            "still firing without the critical incident that held it back",
            "toujours actif, sans l’incident critique qui le retenait"
        ),
        (
            "nobody resolved it within the time of the acknowledgement",
            "personne ne l’a résolu dans le délai de prise en charge"
        ),
        ("still firing ", "toujours actif "),
        (" s after the last notification", "\u{A0}s après la dernière notification"),
        ("the message is brought up to date", "le message est mis à jour"),
        ("sent in ", "envoi dans "), (" s together with others of its rule", "\u{A0}s avec les autres de sa règle"),
        ("by silence ", "par le silence "), (" is open", " est ouvert"),
        ("the critical incident ", "l’incident critique "),
        (
            "the rule's label notify=log keeps it from every receiver",
            "l’étiquette notify=log de la règle l’écarte de tout destinataire"
        ),
        (" accepted the message", " a accepté le message"), (" accepted the reminder", " a accepté le rappel"),
        (" will not be notified", " ne sera pas prévenu"),
        (" was not reached and is tried again: ", " n’a pas été joint, nouvel essai\u{A0}: "),
        (" at attempt ", " à l’essai "),
        ("the receiver answered ", "le destinataire a répondu "), ("timed out", "délai dépassé"),
    ]
}
