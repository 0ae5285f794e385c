"""What the functions can be given, and what they give, as far as it can be known beforehand."""

from collections.abc import Callable

from consultation.questionnaires.expressions.automaton import PatternError
from consultation.questionnaires.expressions.errors import NBSP, quoted
from consultation.questionnaires.expressions.patterns import compile_pattern
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.symbols import NAMES, Kind, Shape
from consultation.questionnaires.expressions.tree import Node, Text

Rule = Callable[[Node, Kind], str | None]
"""Why a node of this kind cannot be given; None when it can."""

ASKED_OF: dict[str, tuple[Shape, ...]] = {
    "selected": ("choice", "choices"),
    "count": ("choices", "rows", "file"),
    "rank": ("choices",),
    "answered": ("choice", "choices", "number", "text", "date", "rows", "boolean", "file"),
}
"""The functions whose first argument is a question, and the shapes it may have."""

_RESULTS: dict[str, Shape] = {
    **dict.fromkeys(("selected", "answered", "matches", "contains", "starts_with"), "boolean"),
    **dict.fromkeys(("lower", "upper", "concat", "text"), "text"),
    **dict.fromkeys(("date", "today"), "date"),
}


def result_of(name: str) -> Kind:
    """What a function gives; `if` gives what it is given and is not here."""
    return Kind(_RESULTS.get(name, "number"))


def argument_error(name: str, place: int, node: Node, kind: Kind) -> str | None:
    """Why the function cannot take this node as its argument number `place` (from 0)."""
    rules = _RULES.get(name, ())
    return rules[min(place, len(rules) - 1)](node, kind) if rules else None


def amount_error(node: Node, kind: Kind) -> str | None:
    """Why nothing can be computed with this node."""
    return None if kind.reads_as_number() else _refusal(node, kind, "un nombre", "number")


def _amounts(node: Node, kind: Kind) -> str | None:
    return None if kind.shape in ("rows", "choices") else amount_error(node, kind)


def _day(node: Node, kind: Kind) -> str | None:
    return None if kind.reads_as_date() else _refusal(node, kind, "une date", "date")


def _datable(node: Node, kind: Kind) -> str | None:
    return None if kind.shape == "text" and kind.literal is None else _day(node, kind)


def _written(node: Node, kind: Kind) -> str | None:
    fits = kind.shape in ("text", "choice", "number", "date", "any")
    return None if fits else _refusal(node, kind, "un texte")


def _single(node: Node, kind: Kind) -> str | None:
    return _refusal(node, kind, "une seule valeur") if kind.shape in ("rows", "file") else None


def _pattern(node: Node, kind: Kind) -> str | None:
    if not isinstance(node, Text):
        return "écrivez le motif entre guillemets, par exemple '[A-Z]{2}'."
    try:
        compile_pattern(node.value)
    except PatternError as wrong:
        return f"motif refusé, signe {wrong.offset + 1}{NBSP}: {wrong.reason}"
    return None


def _refusal(node: Node, kind: Kind, wanted: str, reader: str | None = None) -> str:
    shown = to_source(node)
    if kind.literal is not None:
        return f"{quoted(shown)} ne se lit pas comme {wanted}."
    advice = f"{NBSP}: écrivez {reader}({shown})" if reader and kind.shape == "text" else ""
    return f"{quoted(shown)} est {NAMES[kind.shape]}, pas {wanted}{advice}."


_RULES: dict[str, tuple[Rule, ...]] = {
    "sum": (_amounts,),
    "min": (_amounts,),
    "max": (_amounts,),
    "round": (amount_error,),
    "abs": (amount_error,),
    "length": (_written,),
    "contains": (_written,),
    "starts_with": (_written,),
    "matches": (_written, _pattern),
    "lower": (_written,),
    "upper": (_written,),
    "concat": (_single,),
    "date": (_datable,),
    "year": (_day,),
    "month": (_day,),
    "days_between": (_day,),
    "number": (_single,),
    "text": (_single,),
}
"""What each argument must be; the last rule stands for the arguments after it."""
