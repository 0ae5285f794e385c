"""The functions of equations that say true or false."""

from __future__ import annotations

from collections.abc import Callable

from consultation.questionnaires.expressions.automaton import PatternError
from consultation.questionnaires.expressions.build import (
    call,
    compare,
    literal,
    negate,
)
from consultation.questionnaires.expressions.patterns import compile_pattern
from consultation.questionnaires.expressions.tree import Node
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Em,
    Name,
    Quoted,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.scope import (
    Translating,
    given,
    one,
)
from consultation.questionnaires.formats.limesurvey.variables import (
    Value,
)

Rule = Callable[[Translating, tuple[Em, ...]], Node]


def is_empty(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that nothing is given."""
    match arguments:
        case (Name(name),):
            return negate(given(one(t.scope, name)[0]))
        case (other,):
            return compare(t.value(other), "==", literal(None))
    raise Untranslatable("is_empty attend une réponse")


def regex_match(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that an answer follows a pattern."""
    match arguments:
        case (Quoted(pattern), subject):
            bare, small = whole_pattern(pattern)
            node = t.value(subject)
            return call("matches", call("lower", node) if small else node, literal(bare))
    raise Untranslatable("le motif de regexMatch n’est pas un texte")


def whole_pattern(source: str) -> tuple[str, bool]:
    """Return a pattern of the whole text from one of PHP, and whether capitals do not matter."""
    delimiter = source.strip()[:1]
    body, _, flags = source.strip()[1:].rpartition(delimiter) if delimiter else ("", "", "")
    if delimiter not in ("/", "#", "~", "@", "!") or not body or set(flags) - set("iu"):
        raise Untranslatable("ce motif ne se lit pas")
    body = body.replace("\\/", "/")
    start = "" if body.startswith("^") else ".*"
    end = "" if body.endswith("$") and not body.endswith("\\$") else ".*"
    if "|" in body and (start or end or body.count("^") + body.count("$") != 2):
        body = f"({body})"
    if "i" in flags:
        body = _small(body)
    try:
        compile_pattern(start + body + end)
    except PatternError as wrong:
        raise Untranslatable(f"ce motif n’est pas repris ({wrong.reason.rstrip('.')})") from None
    return start + body + end, "i" in flags


def _small(body: str) -> str:
    """Return a pattern in small letters; ``\\D`` and the like keep their capital."""
    pieces = body.split("\\")
    return "\\".join(p.lower() if n == 0 else p[:1] + p[1:].lower() for n, p in enumerate(pieces))


def is_numeric(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that an answer reads as a number."""
    match arguments:
        case (Name(name),):
            meaning = one(t.scope, name)[0]
            if isinstance(meaning, Value) and meaning.shape == "text":
                return compare(call("number", meaning.reference), "!=", literal(None))
            return given(meaning)
    raise Untranslatable("is_numeric attend une réponse")


def substring(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the condition that a text stands in an answer."""
    match arguments:
        case (subject, Quoted(text)) if text:
            return call("contains", t.value(subject), literal(text))
    raise Untranslatable("le texte cherché n’est pas écrit dans l’expression")


CONDITIONS: dict[str, Rule] = {
    "is_empty": is_empty,
    "is_null": is_empty,
    "regexmatch": regex_match,
    "is_numeric": is_numeric,
    "is_int": is_numeric,
    "is_float": is_numeric,
    "strstr": substring,
    "stristr": lambda t, a: _stristr(t, a),
}


def _stristr(t: Translating, arguments: tuple[Em, ...]) -> Node:
    match arguments:
        case (subject, Quoted(text)) if text:
            return call("contains", call("lower", t.value(subject)), literal(text.lower()))
    raise Untranslatable("le texte cherché n’est pas écrit dans l’expression")
