extension PostmortemTests {
    static let drillEnglish = """
        # Post-mortem of incident 1: Somebody simulated an error (fire drill)

        ## Summary

        On 23 November 2026 at 15:04:05 UTC, the rule `SimulatedError` fired with the value 1.00046 and opened this incident as a warning. This was a fire drill and counts towards none of MTTD, MTTA and MTTR. It was acknowledged by drill after 1 s. It was resolved by drill after 2 s. The alert was still firing when the incident was resolved.

        ## Impact

        None: nothing was broken.

        ## Cause

        A fire drill.

        ## Detection

        | What | Value |
        | --- | --- |
        | Rule | `SimulatedError` |
        | Expression | `increase(x[5m]) > 0` |
        | Value when it fired | 1.00046 |
        | Labels | `drill="true", severity="warning"` |
        | Runbook | `docs/runbook.md#simulatederror` |
        | Time to detect (MTTD) | not known |
        | Time to acknowledge (MTTA) | 1 s |
        | Time to resolve (MTTR) | 2 s |

        ## Timeline

        | Time | Event | By | Detail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | opened | csvand | SimulatedError fired with the value 1.00046, as a drill |
        | 2026-11-23 15:04:05 UTC | notification queued | csvand | first notification |
        | 2026-11-23 15:04:06 UTC | acknowledged | drill | A fire drill. |
        | 2026-11-23 15:04:07 UTC | resolved | drill | A fire drill. |

        ## Evidence

        | What | Value |
        | --- | --- |
        | Version of csvand | `1.0` |
        | Configuration (SHA-256) | `abc` |
        | Last reload | 2026-11-23 15:02:35 UTC |
        | Running jobs | `training j1`, `export j2` |

        ### Metric window

        No series were recorded.

        ### Last errors

        No errors were recorded before the rule fired.

        ### Journal records

        | Time | Request | Text |
        | --- | --- | --- |
        | 2026-11-23 15:04:04 UTC | `r-9` | simulated \\| asked for |

        ## Actions taken

        The whole chain was exercised: error, rule, incident and messages.

        ## Prevention

        Regular drills find a broken alarm before a real error does.

        """

    static let drillFrench = """
        # Compte rendu de l’incident nº\u{A0}1\u{A0}: Somebody simulated an error (exercice d’alerte)

        ## Résumé

        Le 23 novembre 2026 à 15:04:05 UTC, la règle `SimulatedError` s’est déclenchée avec la valeur 1,00046 et a ouvert cet incident, de gravité «\u{A0}avertissement\u{A0}». Il s’agissait d’un exercice, qui ne compte ni dans le MTTD, ni dans le MTTA, ni dans le MTTR. Il a été pris en charge par drill au bout de 1\u{A0}s. Il a été résolu par drill au bout de 2\u{A0}s. L’alerte était encore active lorsque l’incident a été résolu.

        ## Impact

        Aucun\u{A0}: rien n’était en panne.

        ## Cause

        Un exercice d’alerte.

        ## Détection

        | Élément | Valeur |
        | --- | --- |
        | Règle | `SimulatedError` |
        | Expression | `increase(x[5m]) > 0` |
        | Valeur au déclenchement | 1,00046 |
        | Étiquettes | `drill="true", severity="warning"` |
        | Procédure | `docs/runbook.md#simulatederror` |
        | Délai de détection (MTTD) | inconnu |
        | Délai de prise en charge (MTTA) | 1\u{A0}s |
        | Délai de résolution (MTTR) | 2\u{A0}s |

        ## Chronologie

        | Heure | Événement | Par | Détail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | ouverture | csvand | SimulatedError s’est déclenchée avec la valeur 1,00046, à titre d’exercice |
        | 2026-11-23 15:04:05 UTC | notification en attente | csvand | première notification |
        | 2026-11-23 15:04:06 UTC | prise en charge | drill | Un exercice d’alerte. |
        | 2026-11-23 15:04:07 UTC | résolution | drill | Un exercice d’alerte. |

        ## Éléments recueillis

        | Élément | Valeur |
        | --- | --- |
        | Version de csvand | `1.0` |
        | Configuration (SHA-256) | `abc` |
        | Dernier rechargement | 2026-11-23 15:02:35 UTC |
        | Tâches en cours | `training j1`, `export j2` |

        ### Fenêtre des métriques

        Aucune série n’a été consignée.

        ### Dernières erreurs

        Aucune erreur n’a été consignée avant le déclenchement.

        ### Extrait du journal

        | Heure | Requête | Texte |
        | --- | --- | --- |
        | 2026-11-23 15:04:04 UTC | `r-9` | simulated \\| asked for |

        ## Actions menées

        Toute la chaîne a été parcourue\u{A0}: erreur, règle, incident et messages.

        ## Prévention

        Des exercices réguliers révèlent une alarme en panne avant qu’une véritable erreur ne le fasse.

        """
}
