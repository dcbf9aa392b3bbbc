extension PostmortemTests {
    static let english = """
        # Post-mortem of incident 12: SimulatedError happened

        ## Summary

        At 2026-11-23 15:04:05 UTC the rule `SimulatedError` fired with the value 3 and opened this incident with the severity warning. ana acknowledged it after 2 min 5 s. ana resolved it after 1 h 3 min.

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
        | 2026-11-23 15:04:05 UTC | message queued | csvand | told for the first time |
        | 2026-11-23 15:04:05 UTC | message delivered | csvand | discord took the message |
        | 2026-11-23 15:06:10 UTC | acknowledged | ana | until 2026-11-23 15:16:10 UTC: on it |
        | 2026-11-23 15:09:05 UTC | quiet | csvand | the alert does not fire any more |
        | 2026-11-23 16:07:05 UTC | resolved | ana | Someone called /simulate-error/. |

        ## Evidence

        | What | Value |
        | --- | --- |
        | Version | `1.0` |
        | Configuration | `abc` |
        | Running jobs | none |
        | Log | `journalctl -u csvand --cursor='s=1;i=2'` |

        ### Metric window

        | Series | Window (UTC) | First | Last | Least | Most |
        | --- | --- | --- | --- | --- | --- |
        | `app_errors_total{type="simulated"}` | 15:03:53 to 15:04:03 | 0 | 3 | 0 | 3 |

        ### Last errors

        | Time | Code | Request | Route | Text |
        | --- | --- | --- | --- | --- |
        | 2026-11-23 15:04:03 UTC | `simulated` | `r-7` | `GET /simulate-error/` | a simulated error \\| asked for |

        ## Actions taken

        - asked around
        - found them

        ## Prevention

        No prevention was recorded.

        """

    static let french = """
        # Compte rendu de l’incident 12 : SimulatedError happened

        ## Résumé

        Le 2026-11-23 à 15:04:05 UTC, la règle `SimulatedError` s’est déclenchée avec la valeur 3 et a ouvert cet incident de gravité avertissement. ana en a pris acte au bout de 2 min 5 s. ana l’a résolu au bout de 1 h 3 min.

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
        | Délai de détection (MTTD) | 2 s |
        | Délai de prise en charge (MTTA) | 2 min 5 s |
        | Délai de résolution (MTTR) | 1 h 3 min |

        ## Chronologie

        | Heure | Événement | Par | Détail |
        | --- | --- | --- | --- |
        | 2026-11-23 15:04:05 UTC | ouverture | csvand | SimulatedError s’est déclenchée avec la valeur 3 |
        | 2026-11-23 15:04:05 UTC | message en file | csvand | signalé pour la première fois |
        | 2026-11-23 15:04:05 UTC | message remis | csvand | discord a reçu le message |
        | 2026-11-23 15:06:10 UTC | prise en charge | ana | jusqu’à 2026-11-23 15:16:10 UTC: on it |
        | 2026-11-23 15:09:05 UTC | retour au calme | csvand | l’alerte n’est plus active |
        | 2026-11-23 16:07:05 UTC | résolution | ana | Someone called /simulate-error/. |

        ## Éléments recueillis

        | Élément | Valeur |
        | --- | --- |
        | Version | `1.0` |
        | Configuration | `abc` |
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

        ## Actions menées

        - asked around
        - found them

        ## Prévention

        Aucune mesure de prévention n’a été consignée.

        """
}
