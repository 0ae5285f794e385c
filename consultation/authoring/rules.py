"""What may become of a question that people have answered, and what the public is told. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from consultation.lib.canonical_json import canonical
from consultation.questionnaires.differences import Difference
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.table import AnyQuestion, name_of
from consultation.questionnaires.rules import Finding

MOST_TOLD = 8
"""Changes named one by one in the public history; the others are counted."""

_ALIKE = (
    frozenset(("single", "scale", "reference")),
    frozenset(("short_text", "long_text")),
)
"""Kinds whose answers have the same form, so that one can be read as the other."""


def lineage_of(consultation_id: int) -> str:
    """Return the name that every version written for a consultation shares."""
    return f"consultation-{consultation_id}"


def fingerprint(part: Any) -> str:
    """Return sixteen digits that change when ``part``, any piece of a questionnaire, does."""
    return hashlib.sha256(canonical(msgspec.to_builtins(part))).hexdigest()[:16]


def same_answers(old: AnyQuestion, new: AnyQuestion) -> bool:
    """Tell whether an answer to ``old`` has the form of an answer to ``new``."""
    if getattr(old, "several", False) != getattr(new, "several", False):
        return False
    one, other = name_of(old), name_of(new)
    return one == other or any(one in group and other in group for group in _ALIKE)


def is_frozen(published: AnyQuestion | None, question: AnyQuestion) -> bool:
    """Tell whether the key of ``question`` names answers to a published one, and must stay."""
    return published is not None and same_answers(published, question)


def clashes(
    before: Mapping[str, AnyQuestion], after: Mapping[str, AnyQuestion]
) -> Iterator[Finding]:
    """Yield the questions that answers already given could not be read as any more."""
    for key, question in after.items():
        if key in before and not same_answers(before[key], question):
            yield Finding(
                key,
                "le type change alors que des réponses existent\u00a0: donnez-lui un autre code",
            )


_SETTINGS = {
    "introduction": "introduction",
    "languages": "langues",
    "estimated_minutes": "durée annoncée",
    "breakdowns": "critères de ventilation",
    "individual": "définition des particuliers",
    "organisation": "question du SIRET",
    "computed": "valeurs calculées",
}


def setting_changes(old: Questionnaire, new: Questionnaire) -> Iterator[Difference]:
    """Yield the changes of what is said once for the whole questionnaire."""
    for name, words in _SETTINGS.items():
        if getattr(old, name) != getattr(new, name):
            yield Difference("", "wording", f"Réglages du questionnaire\u00a0: {words}")


def with_new_meaning(
    questionnaire: Questionnaire, before: Questionnaire, keys: Collection[str]
) -> Questionnaire:
    """Return the questionnaire where the words of the questions ``keys`` ask something else."""
    meanings = {q.key: q.meaning for s in before.sections for q in s.questions}

    def changed(question: AnyQuestion) -> AnyQuestion:
        if question.key not in keys or question.key not in meanings:
            return question
        return replace(question, meaning=meanings[question.key] + 1)

    sections = [
        replace(section, questions=[changed(question) for question in section.questions])
        for section in questionnaire.sections
    ]
    return replace(questionnaire, sections=sections)


def told(number: int, found: Sequence[Difference]) -> str:
    """Return the line of the public history about version ``number``."""
    sentences = [difference.sentence for difference in found] or ["mise en forme"]
    left = len(sentences) - MOST_TOLD
    if left > 0:
        more = "1 autre changement" if left == 1 else f"{left} autres changements"
        sentences = [*sentences[:MOST_TOLD], more]
    listed = "\u00a0; ".join(sentence.rstrip(".") for sentence in sentences)
    return f"Questionnaire modifié (version {number})\u00a0: {listed}."
