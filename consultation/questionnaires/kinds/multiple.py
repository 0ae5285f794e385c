"""Multiple choice: values in the order of the options, with bounds and an exclusive option."""

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
    masked,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "choices"
SUMMARY = "choices"


class Multiple(Choices, tag="multiple"):
    """Several options among a list."""

    min_choices: int | None = None
    max_choices: int | None = None


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    question, problems = resolved.question, []
    if not resolved.options:
        problems.append("il faut au moins une option")
    low, high = question.min_choices or 0, question.max_choices
    if high is not None and (high < 1 or low > high):
        problems.append("les nombres de réponses minimum et maximum se contredisent")
    if resolved.options and low > len(resolved.options):
        problems.append("le nombre de réponses minimum dépasse le nombre d’options")
    return problems


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the chosen values, or what was posted when one of them is not an option."""
    values = fields.all(resolved.key)
    if not values:
        return {}
    return {
        resolved.key: in_order(resolved, values),
        **choosing.read_other(resolved, fields, values),
    }


def in_order(resolved: Resolved, values: list[str]) -> Answer:
    """Sort values in the order of the options; mark them as typed when one is unknown."""
    known = by_value(resolved.options)
    if any(value not in known for value in values):
        return typed(values[:100])
    return [option.value for option in resolved.options if option.value in values]


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    answer = answers[resolved.key]
    known = by_value(resolved.options)
    if is_typed(answer) or any(value not in known for value in answer):
        return [sentence("not_in_list", language)]
    question = resolved.question
    alone = [known[v] for v in answer if known[v].exclusive]
    if alone and len(answer) > 1:
        return [sentence("exclusive", language, option=say(alone[0].label, language))]
    if question.max_choices and len(answer) > question.max_choices:
        return [sentence("too_many", language, n=question.max_choices)]
    if question.min_choices and len(answer) < question.min_choices and not alone:
        return [sentence("too_few", language, n=question.min_choices)]
    return choosing.other_missing(resolved, answer, answers, language)


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the labels of the choices."""
    chosen = answers[resolved.key]
    return [choosing.display_choice(resolved, value, answers, language) for value in chosen]


def columns(resolved: Resolved) -> list[Column]:
    """One column per option (1 chosen, 0 not), then the text of « autre »."""
    label = say(resolved.question.label)
    own = [
        Column(f"{resolved.key}_{o.value}", f"{label} – {say(o.label)}", "boolean")
        for o in resolved.options
    ]
    return [*own, *choosing.other_columns(resolved)]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the values of :func:`columns`; all empty when the question has no answer."""
    answer = answers.get(resolved.key)
    if answer is None or is_typed(answer):
        return [None] * len(columns(resolved))
    own: list[object] = [int(option.value in answer) for option in resolved.options]
    return [*own, *choosing.other_cells(resolved, answers)]


def width(resolved: Resolved) -> int:
    """One bit per option."""
    return (len(resolved.options) + 7) // 8


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the mask of the chosen options."""
    chosen = choosing.numbers_of(resolved.options, answers[resolved.key])
    return masked(chosen, len(resolved.options))
