"""Ranking: the values ranked, first first. A ranking of three is not a ranking of eight."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds import choosing
from consultation.questionnaires.kinds.question import (
    Answer,
    Choices,
    Column,
    Fields,
    Resolved,
    by_value,
    is_typed,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "choices"
SUMMARY = "ranking"


class Ranking(Choices, tag="ranking"):
    """Options put in order: all of them, or the first ``max_ranked``."""

    min_ranked: int = 1
    max_ranked: int | None = None


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    question, size = resolved.question, len(resolved.options)
    if size < 2:
        return ["il faut au moins deux propositions à classer"]
    if not 0 <= question.min_ranked <= most(resolved) <= size:
        return ["les nombres de propositions à classer se contredisent"]
    return []


def most(resolved: Resolved) -> int:
    """Return how many options may be ranked at the most."""
    return resolved.question.max_ranked or len(resolved.options)


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the values in the order posted, after the button pressed if there is one."""
    values = pressed(resolved, fields.all(resolved.key), fields.one(f"{resolved.key}.move"))
    if not values:
        return {}
    known = by_value(resolved.options)
    if any(value not in known for value in values):
        return {resolved.key: typed(values[:100])}
    return {resolved.key: values}


def pressed(resolved: Resolved, values: list[str], move: str) -> list[str]:
    """Apply the button pressed: ``add:V``, ``remove:V``, ``up:V`` or ``down:V``."""
    verb, _, value = move.partition(":")
    if verb == "add" and value not in values and len(values) < most(resolved):
        return [*values, value]
    if value not in values:
        return values
    place = values.index(value)
    rest = [other for other in values if other != value]
    if verb == "remove":
        return rest
    to = {"up": max(place - 1, 0), "down": place + 1}.get(verb, place)
    return [*rest[:to], value, *rest[to:]]


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    answer = answers[resolved.key]
    known = by_value(resolved.options)
    if is_typed(answer) or any(value not in known for value in answer):
        return [sentence("not_in_list", language)]
    if len(answer) > most(resolved):
        return [sentence("rank_many", language, n=most(resolved))]
    if len(answer) < resolved.question.min_ranked:
        return [sentence("rank_some", language, n=resolved.question.min_ranked)]
    return []


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return a numbered line per option ranked."""
    ranked = enumerate(answers[resolved.key], 1)
    return [f"{n}. {choosing.label_of(resolved.options, v, language)}" for n, v in ranked]


def columns(resolved: Resolved) -> list[Column]:
    """One column per option, with its rank."""
    label = say(resolved.question.label)
    return [
        Column(f"{resolved.key}_{o.value}", f"{label} – {say(o.label)} (rang)", "integer")
        for o in resolved.options
    ]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the rank of each option, empty when it was not ranked."""
    answer = answers.get(resolved.key)
    ranked = [] if answer is None or is_typed(answer) else answer
    return [ranked.index(o.value) + 1 if o.value in ranked else None for o in resolved.options]


def width(resolved: Resolved) -> int:
    """One byte per option: its rank, from 1."""
    return len(resolved.options)


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the rank of each option, 0 when it was not ranked."""
    return bytes(rank if isinstance(rank, int) else 0 for rank in cells(resolved, answers))
