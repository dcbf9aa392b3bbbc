extension PostmortemTests {
    /// Impact and cause of an incident that nobody wrote anything about.
    static let nothingWrittenEnglish = """
        ## Impact

        No impact was recorded.

        ## Cause

        No cause was recorded.

        """

    /// From the evidence on, of an incident with hardly any.
    static let nothingGatheredEnglish = """
        ## Evidence

        | What | Value |
        | --- | --- |
        | Version of csvand | `1.0` |
        | Configuration (SHA-256) | `abc` |
        | Last reload | none since the start |
        | Running jobs | none |

        ### Metric window

        No series were recorded.

        ### Last errors

        No errors were recorded before the rule fired.

        ### Journal records

        No journal records were available.

        ## Actions taken

        No actions were recorded.

        ## Prevention

        No preventive measures were recorded.

        """

    /// Impact and cause of an incident that nobody wrote anything about.
    static let nothingWrittenFrench = """
        ## Impact

        Aucun impact n’a été consigné.

        ## Cause

        Aucune cause n’a été consignée.

        """

    /// From the evidence on, of an incident with hardly any.
    static let nothingGatheredFrench = """
        ## Éléments recueillis

        | Élément | Valeur |
        | --- | --- |
        | Version de csvand | `1.0` |
        | Configuration (SHA-256) | `abc` |
        | Dernier rechargement | aucun depuis le démarrage |
        | Tâches en cours | aucune |

        ### Fenêtre des métriques

        Aucune série n’a été consignée.

        ### Dernières erreurs

        Aucune erreur n’a été consignée avant le déclenchement.

        ### Extrait du journal

        Aucun enregistrement du journal n’était disponible.

        ## Actions menées

        Aucune action n’a été consignée.

        ## Prévention

        Aucune mesure de prévention n’a été consignée.

        """

    static let sparseEnglish = """
        # Post-mortem of incident 3: \\# db1 \\[down\\](http://evil.example)

        ## Summary

        On 23 November 2026 at 15:04:06 UTC, the rule `` Node|Down` `` fired and opened this incident as critical. Nobody acknowledged it. It has not been resolved yet. The alert stopped firing after 3 min 59 s.

        \(nothingWrittenEnglish)
        ## Detection

        \\- \\<img src=x\\> \\`a\\`

        | What | Value |
        | --- | --- |
        | Rule | `` Node\\|Down` `` |
        | Expression | not reported |
        | Value when it fired | not reported |
        | Labels | `instance="<b>db1</b>\\|x", severity="critical"` |
        | Time to detect (MTTD) | 1 s |
        | Time to acknowledge (MTTA) | not acknowledged yet |
        | Time to resolve (MTTR) | not resolved yet |

        ## Timeline

        | Time | Event | By | Detail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:06 UTC | opened | csvand | Node\\|Down\\` fired, received from Prometheus |
        | 2026-11-23 15:04:06 UTC | notification queued | csvand | first notification |
        | 2026-11-23 15:05:05 UTC | note | j\\|m | until 2026-11-23: \\<script\\>alert(1)\\</script\\> |
        | 2026-11-23 15:08:05 UTC | alert quiet | csvand | the alert stopped firing |

        \(nothingGatheredEnglish)
        """

    static let sparseFrench = """
        # Compte rendu de l’incident nº\u{A0}3\u{A0}: \\# db1 \\[down\\](http://evil.example)

        ## Résumé

        Le 23 novembre 2026 à 15:04:06 UTC, la règle `` Node|Down` `` s’est déclenchée et a ouvert cet incident, de gravité «\u{A0}critique\u{A0}». Personne ne l’a pris en charge. Il n’est pas encore résolu. L’alerte a cessé au bout de 3\u{A0}min\u{A0}59\u{A0}s.

        \(nothingWrittenFrench)
        ## Détection

        \\- \\<img src=x\\> \\`a\\`

        | Élément | Valeur |
        | --- | --- |
        | Règle | `` Node\\|Down` `` |
        | Expression | non communiquée |
        | Valeur au déclenchement | non communiquée |
        | Étiquettes | `instance="<b>db1</b>\\|x", severity="critical"` |
        | Délai de détection (MTTD) | 1\u{A0}s |
        | Délai de prise en charge (MTTA) | pas encore pris en charge |
        | Délai de résolution (MTTR) | pas encore résolu |

        ## Chronologie

        | Heure | Événement | Par | Détail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:06 UTC | ouverture | csvand | Node\\|Down\\` s’est déclenchée, alerte reçue de Prometheus |
        | 2026-11-23 15:04:06 UTC | notification en attente | csvand | première notification |
        | 2026-11-23 15:05:05 UTC | note | j\\|m | until 2026-11-23: \\<script\\>alert(1)\\</script\\> |
        | 2026-11-23 15:08:05 UTC | fin de l’alerte | csvand | l’alerte a cessé |

        \(nothingGatheredFrench)
        """

    static let reopenedEnglish = """
        # Post-mortem of incident 8: SimulatedError happened

        ## Summary

        On 23 November 2026 at 15:04:05 UTC, the rule `SimulatedError` fired with the value 3 and opened this incident as a warning. It was acknowledged by zoé after 5 s. It was resolved by max after 1 d 1 h. The alert was still firing when the incident was resolved.

        \(nothingWrittenEnglish)
        ## Detection

        | What | Value |
        | --- | --- |
        | Rule | `SimulatedError` |
        | Expression | `increase(x[5m]) > 0` |
        | Value when it fired | 3 |
        | Labels | `severity="warning", type="simulated"` |
        | Time to detect (MTTD) | not known |
        | Time to acknowledge (MTTA) | 5 s |
        | Time to resolve (MTTR) | 1 d 1 h |

        ## Timeline

        | Time | Event | By | Detail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | opened | csvand | SimulatedError fired with the value 3 |
        | 2026-11-23 15:04:05 UTC | notification queued | csvand | first notification |
        | 2026-11-23 15:04:10 UTC | acknowledged | zoé | until 2026-11-23 15:05:10 UTC |
        | 2026-11-23 15:05:10 UTC | acknowledgement expired | csvand | the acknowledgement ran out before the incident was resolved |
        | 2026-11-23 15:05:10 UTC | notification queued | csvand | nobody resolved it within the time of the acknowledgement |
        | 2026-11-23 15:09:05 UTC | alert quiet | csvand | the alert stopped firing |
        | 2026-11-23 15:10:45 UTC | fired again | csvand | fired again with the value 7.5 after being quiet (repeat 1) |
        | 2026-11-23 15:10:55 UTC | acknowledged | zoé | – |
        | 2026-11-24 16:04:05 UTC | resolved | max | no cause given |

        \(nothingGatheredEnglish)
        """

    static let reopenedFrench = """
        # Compte rendu de l’incident nº\u{A0}8\u{A0}: SimulatedError happened

        ## Résumé

        Le 23 novembre 2026 à 15:04:05 UTC, la règle `SimulatedError` s’est déclenchée avec la valeur 3 et a ouvert cet incident, de gravité «\u{A0}avertissement\u{A0}». Il a été pris en charge par zoé au bout de 5\u{A0}s. Il a été résolu par max au bout de 1\u{A0}j\u{A0}1\u{A0}h. L’alerte était encore active lorsque l’incident a été résolu.

        \(nothingWrittenFrench)
        ## Détection

        | Élément | Valeur |
        | --- | --- |
        | Règle | `SimulatedError` |
        | Expression | `increase(x[5m]) > 0` |
        | Valeur au déclenchement | 3 |
        | Étiquettes | `severity="warning", type="simulated"` |
        | Délai de détection (MTTD) | inconnu |
        | Délai de prise en charge (MTTA) | 5\u{A0}s |
        | Délai de résolution (MTTR) | 1\u{A0}j\u{A0}1\u{A0}h |

        ## Chronologie

        | Heure | Événement | Par | Détail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | ouverture | csvand | SimulatedError s’est déclenchée avec la valeur 3 |
        | 2026-11-23 15:04:05 UTC | notification en attente | csvand | première notification |
        | 2026-11-23 15:04:10 UTC | prise en charge | zoé | jusqu’au 2026-11-23 à 15:05:10 UTC |
        | 2026-11-23 15:05:10 UTC | prise en charge expirée | csvand | le délai de prise en charge a expiré avant la résolution de l’incident |
        | 2026-11-23 15:05:10 UTC | notification en attente | csvand | personne ne l’a résolu dans le délai de prise en charge |
        | 2026-11-23 15:09:05 UTC | fin de l’alerte | csvand | l’alerte a cessé |
        | 2026-11-23 15:10:45 UTC | nouveau déclenchement | csvand | nouveau déclenchement avec la valeur 7,5 après un retour au calme (répétition 1) |
        | 2026-11-23 15:10:55 UTC | prise en charge | zoé | – |
        | 2026-11-24 16:04:05 UTC | résolution | max | sans cause indiquée |

        \(nothingGatheredFrench)
        """
}
