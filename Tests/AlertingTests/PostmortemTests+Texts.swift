extension PostmortemTests {
    static let english = """
        # Post-mortem of incident 12: SimulatedError happened

        ## Summary

        On 23 November 2026 at 15:04:05 UTC, the rule `SimulatedError` fired with the value 3 and opened this incident as a warning. It was acknowledged by ana after 2 min 5 s. It was resolved by ana after 1 h 3 min. The alert stopped firing after 5 min.

        ## Impact

        Three requests failed.

        ## Cause

        Someone called /simulate-error/.

        ## Detection

        | What | Value |
        | --- | --- |
        | Rule | `SimulatedError` |
        | Expression | `increase(x[5m]) > 0` |
        | Value when it fired | 3 |
        | Labels | `severity="warning", type="simulated"` |
        | Time to detect (MTTD) | 2 s |
        | Time to acknowledge (MTTA) | 2 min 5 s |
        | Time to resolve (MTTR) | 1 h 3 min |

        ## Timeline

        | Time | Event | By | Detail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | opened | csvand | SimulatedError fired with the value 3 |
        | 2026-11-23 15:04:05 UTC | notification queued | csvand | first notification |
        | 2026-11-23 15:04:05 UTC | notification delivered | csvand | Discord accepted the message |
        | 2026-11-23 15:06:10 UTC | acknowledged | ana | until 2026-11-23 15:16:10 UTC: on it |
        | 2026-11-23 15:09:05 UTC | alert quiet | csvand | the alert stopped firing |
        | 2026-11-23 16:07:05 UTC | resolved | ana | Someone called /simulate-error/. |

        ## Evidence

        | What | Value |
        | --- | --- |
        | Version of csvand | `1.0` |
        | Configuration (SHA-256) | `abc` |
        | Last reload | none since the start |
        | Running jobs | none |
        | Log | `journalctl -u csvand --cursor='s=1;i=2'` |

        ### Metric window

        | Series | Window (UTC) | First | Last | Minimum | Maximum |
        | --- | --- | --- | --- | --- | --- |
        | `app_errors_total{type="simulated"}` | 15:03:53 to 15:04:03 | 0 | 3 | 0 | 3 |

        ### Last errors

        | Time | Code | Request | Route | Text |
        | --- | --- | --- | --- | --- |
        | 2026-11-23 15:04:03 UTC | `simulated` | `r-7` | `GET /simulate-error/` | a simulated error \\| asked for |

        ### Journal records

        No journal records were available.

        ## Actions taken

        - asked around
        - found them

        ## Prevention

        No preventive measures were recorded.

        """

    static let french = """
        # Compte rendu de l’incident nº\u{A0}12\u{A0}: SimulatedError happened

        ## Résumé

        Le 23 novembre 2026 à 15:04:05 UTC, la règle `SimulatedError` s’est déclenchée avec la valeur 3 et a ouvert cet incident, de gravité «\u{A0}avertissement\u{A0}». Il a été pris en charge par ana au bout de 2\u{A0}min\u{A0}5\u{A0}s. Il a été résolu par ana au bout de 1\u{A0}h\u{A0}3\u{A0}min. L’alerte a cessé au bout de 5\u{A0}min.

        ## Impact

        Three requests failed.

        ## Cause

        Someone called /simulate-error/.

        ## Détection

        | Élément | Valeur |
        | --- | --- |
        | Règle | `SimulatedError` |
        | Expression | `increase(x[5m]) > 0` |
        | Valeur au déclenchement | 3 |
        | Étiquettes | `severity="warning", type="simulated"` |
        | Délai de détection (MTTD) | 2\u{A0}s |
        | Délai de prise en charge (MTTA) | 2\u{A0}min\u{A0}5\u{A0}s |
        | Délai de résolution (MTTR) | 1\u{A0}h\u{A0}3\u{A0}min |

        ## Chronologie

        | Heure | Événement | Par | Détail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | ouverture | csvand | SimulatedError s’est déclenchée avec la valeur 3 |
        | 2026-11-23 15:04:05 UTC | notification en attente | csvand | première notification |
        | 2026-11-23 15:04:05 UTC | notification remise | csvand | Discord a accepté le message |
        | 2026-11-23 15:06:10 UTC | prise en charge | ana | jusqu’au 2026-11-23 à 15:16:10 UTC\u{A0}: on it |
        | 2026-11-23 15:09:05 UTC | fin de l’alerte | csvand | l’alerte a cessé |
        | 2026-11-23 16:07:05 UTC | résolution | ana | Someone called /simulate-error/. |

        ## Éléments recueillis

        | Élément | Valeur |
        | --- | --- |
        | Version de csvand | `1.0` |
        | Configuration (SHA-256) | `abc` |
        | Dernier rechargement | aucun depuis le démarrage |
        | Tâches en cours | aucune |
        | Journal | `journalctl -u csvand --cursor='s=1;i=2'` |

        ### Fenêtre des métriques

        | Série | Fenêtre (UTC) | Première | Dernière | Minimum | Maximum |
        | --- | --- | --- | --- | --- | --- |
        | `app_errors_total{type="simulated"}` | de 15:03:53 à 15:04:03 | 0 | 3 | 0 | 3 |

        ### Dernières erreurs

        | Heure | Code | Requête | Route | Texte |
        | --- | --- | --- | --- | --- |
        | 2026-11-23 15:04:03 UTC | `simulated` | `r-7` | `GET /simulate-error/` | a simulated error \\| asked for |

        ### Extrait du journal

        Aucun enregistrement du journal n’était disponible.

        ## Actions menées

        - asked around
        - found them

        ## Prévention

        Aucune mesure de prévention n’a été consignée.

        """
}
