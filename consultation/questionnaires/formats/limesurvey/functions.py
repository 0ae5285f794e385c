"""The functions of equations that have a counterpart in our language."""

from __future__ import annotations

from collections.abc import Callable

from consultation.questionnaires.expressions.build import (
    call,
    literal,
)
from consultation.questionnaires.expressions.tree import Node
from consultation.questionnaires.formats.limesurvey.checks import CONDITIONS
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Applied,
    Em,
    Figure,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.figures import AMOUNTS
from consultation.questionnaires.formats.limesurvey.moments import moment
from consultation.questionnaires.formats.limesurvey.scope import (
    Translating,
)

Rule = Callable[[Translating, tuple[Em, ...]], Node]


def _lower(t: Translating, arguments: tuple[Em, ...]) -> Node:
    return call("lower", _only(t, arguments))


def _upper(t: Translating, arguments: tuple[Em, ...]) -> Node:
    return call("upper", _only(t, arguments))


def _only(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un texte")
    return t.value(arguments[0])


def _joined(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if not arguments:
        raise Untranslatable("join attend des textes")
    return call("concat", *[t.value(a) for a in arguments])


def _choice(t: Translating, arguments: tuple[Em, ...]) -> Node:
    match arguments:
        case (condition, then):
            return call("if", t.condition(condition), t.value(then), literal(None))
        case (condition, then, otherwise):
            return call("if", t.condition(condition), t.value(then), t.value(otherwise))
    raise Untranslatable("if attend une condition et deux valeurs")


TEXTS: dict[str, Rule] = {
    "strtolower": _lower,
    "strtoupper": _upper,
    "trim": _only,
    "ltrim": _only,
    "rtrim": _only,
    "join": _joined,
    "if": _choice,
}


def value_of(t: Translating, applied: Applied) -> Node:
    """Return what a function gives, of whatever sort.

    Raises:
        Untranslatable: it has no counterpart.
    """
    name = applied.function.lower()
    day = moment(t.scope, applied)
    if day is not None:
        return day
    rule = AMOUNTS.get(name) or TEXTS.get(name) or CONDITIONS.get(name)
    if rule is None:
        raise Untranslatable(f"la fonction «\u00a0{applied.function}\u00a0» n’a pas d’équivalent")
    return rule(t, applied.arguments)


def starts(t: Translating, applied: Applied, text: str) -> Node | None:
    """Return ``substr(x, 0, n) == 'abc'`` as « begins with », when it says that."""
    match applied:
        case Applied("substr", (subject, Figure(0), Figure(size))) if size == len(text):
            return call("starts_with", t.value(subject), literal(text))
    return None
