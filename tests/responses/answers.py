"""What three respondents answer to the real questionnaire, section by section."""

from __future__ import annotations

from typing import Any

MISSIONS = ("rd", "marche", "croissance", "transf", "europe", "competences", "relocal", "territ")
SERVICES = ("rd", "fin", "eu", "reseau", "accomp", "inter", "comp")
PROPOSITIONS = ("lisible", "taille", "ancrage", "inter", "csf")
TRANSITIONS = ("carbone", "circulaire", "numerique", "souverainete", "social")

Section = dict[str, Any]

COMMON: dict[int, Section] = {
    3: {
        "missions_importance": dict.fromkeys(MISSIONS, "3"),
        "missions_rang": ["rd", "europe", "territ"],
        "label_utilite": "4",
    },
    4: {
        "nombre_poles": "stable",
        "positionnement": dict.fromkeys(PROPOSITIONS, "nsp"),
    },
    5: {
        "echelle_pilotage": ["regional", "interregional", "national", "europeen"],
        "bilan_regionalisation": "4",
        "regionalisation_pourquoi": "Les Régions connaissent leurs entreprises.\nElles répondent.",
        "instances": ["pme", "recherche", "regions"],
    },
    6: {"part_etat": 40, "part_regions": 30.5, "part_privee": 29.5, "dispositifs": ["feder"]},
    7: {"transitions": dict.fromkeys(TRANSITIONS, "2")},
    8: {
        "proposition": "Une conférence annuelle des financeurs.",
        "consent_publication": "anonyme",
        "suite": "oui",
    },
}

COMPANY: dict[int, Section] = {
    **COMMON,
    1: {
        "acteur": "entreprise_pme",
        "organisme": "Optique du Rhône",
        "siret": "55210055400013",
        "mandat": "officiel",
        "region": "84",
        "effectif": 120,
        "secteur": ["sante", "num", "autre"],
        "secteur.other": "Instruments d’optique",
    },
    2: {
        "connaissance": "adherent",
        "poles_membres": ["lyonbiopole", "minalogic"],
        "date_adhesion.month": "9",
        "date_adhesion.year": "2014",
        "satisfaction": dict.fromkeys(SERVICES, "3"),
    },
    4: {**COMMON[4], "nombre_poles": "moins", "nombre_cible": 40, "rapprochements": ["filiere"]},
    6: {**COMMON[6], "cotisation": "1 250,5", "frein_financement": "Le temps."},
    7: {**COMMON[7], "besoins_entreprise": ["fin", "clients", "recrut"]},
}
"""A company that belongs to two clusters: the longest path."""

REGION: dict[int, Section] = {
    **COMMON,
    1: {
        "acteur": "region",
        "organisme": "Région Bretagne",
        "mandat": "personnel",
        "region": "53",
        "secteur": ["mer"],
    },
    2: {
        "connaissance": "partenaire",
        "poles_membres": ["mer-bretagne-atlantique"],
        "satisfaction": dict.fromkeys(SERVICES, "so"),
    },
    4: {**COMMON[4], "rapprochements": ["region", "mutual"]},
    7: {**COMMON[7], "besoins_territoire": ["implant", "emploi"]},
}
"""An authority, partner of one cluster."""

PERSON: dict[int, Section] = {
    **COMMON,
    1: {"acteur": "particulier", "region": "53"},
    2: {"connaissance": "decouvre"},
    6: {"dispositifs": ["aucun"]},
}
"""A private individual who discovers the clusters: the shortest path."""
