"""Two organisers changed the same part: what differs, field by field, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from consultation.authoring.kinds import NAMES, specs_of
from consultation.authoring.typed import Typed
from consultation.questionnaires.kinds.question import say

WHOLE_PART = "_tout"
"""The name of the single choice when the two versions are not of the same kind."""

_WORDS = {
    "key": "Code d’export",
    "relevant": "Condition d’affichage",
    "constraints": "Contraintes",
    "title": "Titre",
    "introduction": "Introduction",
    "languages": "Langues",
    "estimated_minutes": "Durée annoncée",
    "breakdowns": "Critères de ventilation",
    "individual": "Qui répond pour soi",
    "organisation": "Question du SIRET",
    "computed": "Valeurs calculées",
    "options": "Options",
    "default": "Réponse proposée",
}


@dataclass(frozen=True, slots=True)
class Divergence:
    """One field that the two versions do not say alike; lines of words for each."""

    name: str
    label: str
    mine: Sequence[str]
    theirs: Sequence[str]


def divergences(mine: Any, theirs: Any) -> list[Divergence]:
    """Return what differs between two versions of a question, section or settings."""
    if type(mine) is not type(theirs):
        lines = [[NAMES[_kind(part)], say(part.label)] for part in (mine, theirs)]
        return [Divergence(WHOLE_PART, "Type de réponse", *lines)]
    return [
        Divergence(name, label_of(mine, name), words(one), words(other))
        for name in mine.__struct_fields__
        if (one := getattr(mine, name)) != (other := getattr(theirs, name))
    ]


def settled(mine: Any, theirs: Any, typed: Typed) -> tuple[Any, list[Divergence]]:
    """Return the part made of the versions chosen, and the fields left without a choice."""
    found = divergences(mine, theirs)
    left = [each for each in found if typed.choice(each.name) not in ("mine", "theirs")]
    if any(each.name == WHOLE_PART for each in found):
        return (mine if typed.choice(WHOLE_PART) == "mine" else theirs), left
    kept = {
        each.name: getattr(mine, each.name) for each in found if typed.choice(each.name) == "mine"
    }
    return msgspec.structs.replace(theirs, **kept), left


def label_of(part: Any, name: str) -> str:
    """Return what the form calls a field."""
    if part.__struct_config__.tag is not None:
        for spec in specs_of(_kind(part)):
            if spec.name == name:
                return spec.label
    return _WORDS.get(name, name)


def _kind(part: Any) -> str:
    return str(part.__struct_config__.tag)


def words(value: Any) -> list[str]:
    """Return the value of a field as lines that a person reads; empty when it has none."""
    if value is None or value == "" or value == {} or value == []:
        return []
    if isinstance(value, bool):
        return ["Oui" if value else "Non"]
    if isinstance(value, Mapping):
        return [f"{text} ({language})" for language, text in value.items()]
    if isinstance(value, list):
        return [line for each in value for line in _one(each)]
    return [str(value)]


def _one(part: Any) -> list[str]:
    if not isinstance(part, msgspec.Struct):
        return [str(part)]
    fields = msgspec.to_builtins(part)
    said = [
        say(text) if isinstance(text, dict) else f"{name}\u00a0: {text}"
        for name, text in fields.items()
        if name != "value" and not isinstance(text, bool)
    ]
    flags = [_FLAGS[name] for name, value in fields.items() if value is True and name in _FLAGS]
    return [", ".join([*said, *flags])]


_FLAGS = {"other": "avec un texte", "exclusive": "seule réponse", "no_opinion": "sans avis"}
