"""What the form of a question asks, by kind: the names, the fields, their words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

import msgspec

from consultation.questionnaires.kinds.table import AnyQuestion

Widget = Literal["text", "line", "lines", "tick", "whole", "number", "day", "select", "words",
                 "named", "origin"]  # fmt: skip
Group = Literal["texts", "options", "answer", "ticks", "more"]

NAMES: Mapping[str, str] = {
    "single": "Choix unique",
    "multiple": "Choix multiple",
    "scale": "Échelle",
    "matrix": "Tableau d’affirmations",
    "ranking": "Classement",
    "number": "Nombre",
    "allocation": "Répartition d’un total",
    "short_text": "Texte court",
    "long_text": "Texte long",
    "date": "Date",
    "file": "Fichier",
    "reference": "Liste de référence",
    "consent": "Consentement",
    "statement": "Texte d’information",
}
"""Every kind, in the order in which the editor offers it."""

TEXTS = ("label", "hint", "why", "unit", "statement")
"""Fields in several languages."""

LINES = ("options", "points", "rows")
"""Fields made of lines: options, points of a scale, rows."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One field of the form; ``lowest`` and ``highest`` bound a number."""

    name: str
    widget: Widget
    label: str
    hint: str = ""
    group: Group = "answer"
    lowest: float = 0
    highest: float = 2_000
    choices: tuple[tuple[str, str], ...] = ()
    needed: bool = False


_PUBLICATION = (
    ("aggregated", "En chiffres seulement"),
    ("verbatim", "Texte publié après relecture et accord"),
    ("never", "Jamais"),
)
_PATTERNS = (
    ("", "Libre"), ("email", "Adresse électronique"), ("url", "Adresse web"),
    ("siret", "SIRET"), ("siren", "SIREN"), ("phone", "Téléphone"),
)  # fmt: skip
_FAR = 10.0**15

_SPECS = (
    Spec("label", "text", "Intitulé", group="texts", needed=True),
    Spec("hint", "text", "Aide", group="texts"),
    Spec("statement", "text", "Phrase à accepter", group="texts", needed=True),
    Spec("from_list", "named", "Liste commune", group="options"),
    Spec("scale", "named", "Échelle commune", group="options"),
    Spec("rows", "lines", "Lignes", "Une par ligne, dans leur ordre", "options"),
    Spec("points", "lines", "Points de l’échelle", "Un par ligne, dans leur ordre", "options"),
    Spec("options", "lines", "Options", "Une par ligne, dans leur ordre", "options"),
    Spec("unit", "line", "Unité", "Par exemple euros ou ETP"),
    Spec("total", "number", "Total à répartir", lowest=-_FAR, highest=_FAR, needed=True),
    Spec("minimum", "number", "Minimum", lowest=-_FAR, highest=_FAR),
    Spec("maximum", "number", "Maximum", lowest=-_FAR, highest=_FAR),
    Spec("step", "number", "Pas", highest=_FAR),
    Spec("precision", "select", "Précision",
         choices=(("day", "Jour"), ("month", "Mois"), ("year", "Année"))),
    Spec("min_choices", "whole", "Réponses au minimum"),
    Spec("max_choices", "whole", "Réponses au maximum"),
    Spec("min_ranked", "whole", "À classer au minimum", needed=True),
    Spec("max_ranked", "whole", "À classer au maximum"),
    Spec("max_length", "whole", "Longueur maximale, en caractères", lowest=1, highest=20_000,
         needed=True),
    Spec("pattern", "select", "Format attendu", choices=_PATTERNS),
    Spec("regex", "line", "Expression régulière", "Pour un format qui n’est pas dans la liste",
         "more"),
    Spec("extensions", "words", "Extensions acceptées", "Par exemple pdf, odt, docx",
         needed=True),
    Spec("max_megabytes", "number", "Taille maximale, en Mo", lowest=0.1, highest=10, needed=True),
    Spec("max_files", "whole", "Nombre de fichiers", lowest=1, highest=20, needed=True),
    Spec("display", "select", "Présentation",
         choices=(("radios", "Boutons"), ("select", "Menu"))),
    Spec("required", "tick", "Réponse obligatoire", group="ticks"),
    Spec("integer", "tick", "Nombre entier", group="ticks"),
    Spec("several", "tick", "Plusieurs réponses possibles", group="ticks"),
    Spec("random_order", "tick", "Présenter les options dans un ordre aléatoire", group="ticks"),
    Spec("options_from", "origin", "Reprendre d’une autre question", group="more"),
    Spec("rows_from", "origin", "Reprendre d’une autre question", group="more"),
    Spec("publication", "select", "Publication", group="more", choices=_PUBLICATION),
    Spec("sensitive", "tick", "Montant sensible\u00a0: masqué si un organisme y pèse trop",
         group="more"),
    Spec("why", "text", "Pourquoi cette question est posée", group="more"),
)  # fmt: skip
_CHANGES: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("date", "minimum"): {"widget": "day", "label": "Première date",
                          "hint": "Par exemple 2022-03-07"},
    ("date", "maximum"): {"widget": "day", "label": "Dernière date",
                          "hint": "Par exemple 2022-12-31"},
    ("statement", "label"): {"label": "Texte"},
    ("matrix", "rows"): {"label": "Affirmations"},
    ("ranking", "options"): {"label": "Propositions à classer"},
    ("reference", "options"): {"label": "Options ajoutées à la liste"},
    ("reference", "from_list"): {"needed": True},
}  # fmt: skip
_AMOUNTS = frozenset(("number", "allocation"))
"""Kinds whose answers are amounts, that one organisation may dominate."""

_LEFT_OUT = {
    "statement": {"required", "publication", "sensitive", "why", "hint"},
    "consent": {"publication", "sensitive"},
}


@cache
def types() -> Mapping[str, type[Any]]:
    """Return the struct of each kind."""
    return {str(kind.__struct_config__.tag): kind for kind in get_args(AnyQuestion)}


@cache
def specs_of(kind: str) -> tuple[Spec, ...]:
    """Return the fields of the form of a question of ``kind``, in the order of the page."""
    names = {field.name for field in msgspec.structs.fields(types()[kind])}
    names -= _LEFT_OUT.get(kind, set())
    names -= set() if kind in _AMOUNTS else {"sensitive"}
    return tuple(
        replace(spec, **_CHANGES.get((kind, spec.name), {}))
        for spec in _SPECS
        if spec.name in names
    )


def new_question(kind: str, key: str, label: Mapping[str, str]) -> AnyQuestion:
    """Return an empty question of ``kind``."""
    made: AnyQuestion = types()[kind](key=key, label=dict(label))
    return made
