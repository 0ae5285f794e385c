"""The functions of equations that give a number."""

from __future__ import annotations

from collections.abc import Callable

from consultation.questionnaires.expressions.build import (
    add,
    call,
    compare,
    literal,
    question,
    subtract,
)
from consultation.questionnaires.expressions.tree import Call, Node, Number
from consultation.questionnaires.formats.limesurvey.counting import (
    count_if,
    count_if_op,
    counted,
    listed,
    whole_questions,
)
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Em,
    Figure,
    Name,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.moments import part_of_date
from consultation.questionnaires.formats.limesurvey.scope import (
    Translating,
    one,
)
from consultation.questionnaires.formats.limesurvey.variables import (
    Formula,
    Value,
)

Rule = Callable[[Translating, tuple[Em, ...]], Node]


def is_amount(node: Node) -> bool:
    """Say whether a node is a number whatever the answers, never nothing."""
    if isinstance(node, Number):
        return True
    if isinstance(node, Call):
        return node.name in ("count", "length") or (
            node.name == "sum" and any(isinstance(a, Number) for a in node.arguments)
        )
    return False


def totalled(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the sum of what is a number; nothing is zero."""
    terms = _amounts(t, arguments)
    zero = () if any(is_amount(term) for term in terms) else (literal(0),)
    return call("sum", *terms, *zero)


def _amounts(t: Translating, arguments: tuple[Em, ...]) -> list[Node]:
    """Return the numbers of a list; boxes and words weigh nothing there."""
    terms: list[Node] = []
    names = [a for a in arguments if isinstance(a, Name)]
    whole, apart = whole_questions(t, listed(t, names))
    for key in whole:
        terms.append(question(key))
    for variable in apart:
        if isinstance(variable.meaning, Value | Formula):
            terms.append(_number(variable.meaning))
    return terms + [t.amount(a) for a in arguments if not isinstance(a, Name)]


def _number(meaning: Value | Formula) -> Node:
    if isinstance(meaning, Formula):
        return meaning.node()
    if meaning.shape == "date":
        raise Untranslatable("une date ne s’additionne pas")
    return call("number", meaning.reference) if meaning.shape == "text" else meaning.reference


def extreme(name: str) -> Rule:
    """Return the rule of ``min`` or ``max``."""

    def rule(t: Translating, arguments: tuple[Em, ...]) -> Node:
        terms = _amounts(t, arguments)
        if not terms:
            raise Untranslatable(f"{name} ne reçoit aucun nombre")
        return call(name, *terms)

    return rule


def _round(t: Translating, arguments: tuple[Em, ...]) -> Node:
    match arguments:
        case (number,):
            return call("round", t.amount(number))
        case (number, Figure(decimals)):
            return call("round", t.amount(number), literal(decimals))
    raise Untranslatable("round attend un nombre")


def floored(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the whole part of a number."""
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un nombre")
    node = t.amount(arguments[0])
    if _is_whole(t, arguments[0], node):
        return node
    below = call("round", subtract(node, literal(0.5)))
    return call("if", compare(node, "==", call("round", node)), node, below)


def ceiled(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return the smallest whole number above."""
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un nombre")
    node = t.amount(arguments[0])
    if _is_whole(t, arguments[0], node):
        return node
    above = call("round", add(node, literal(0.5)))
    return call("if", compare(node, "==", call("round", node)), node, above)


def _is_whole(t: Translating, em: Em, node: Node) -> bool:
    if isinstance(em, Name):
        meaning = one(t.scope, em.value)[0]
        return isinstance(meaning, Value) and (meaning.whole or meaning.shape == "choice")
    if isinstance(node, Number):
        return float(node.value).is_integer()
    return isinstance(node, Call) and node.name in (
        "count",
        "year",
        "month",
        "days_between",
        "round",
    )


def _same(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if len(arguments) != 1:
        raise Untranslatable("cette fonction attend un nombre")
    return t.amount(arguments[0])


def _length(t: Translating, arguments: tuple[Em, ...]) -> Node:
    if len(arguments) != 1:
        raise Untranslatable("strlen attend un texte")
    return call("length", t.value(arguments[0]))


AMOUNTS: dict[str, Rule] = {
    "count": counted,
    "countif": count_if,
    "countifop": count_if_op,
    "sum": totalled,
    "min": extreme("min"),
    "max": extreme("max"),
    "round": _round,
    "floor": floored,
    "intval": floored,
    "ceil": ceiled,
    "floatval": _same,
    "fixnum": _same,
    "abs": lambda t, a: call("abs", _same(t, a)),
    "strlen": _length,
    "pi": lambda t, a: literal(3.141592653589793),
    "date": lambda t, a: part_of_date(t.scope, a),
    "gmdate": lambda t, a: part_of_date(t.scope, a),
    "idate": lambda t, a: part_of_date(t.scope, a),
}
