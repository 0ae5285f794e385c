"""Trees put in the shape a person would write: chains, lists of values, sums, conditions."""

from __future__ import annotations

from collections.abc import Sequence

from consultation.questionnaires.expressions.build import (
    add,
    call,
    compare,
    every,
    literal,
    negate,
    some,
)
from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Constant,
    Membership,
    Node,
    Number,
    Opposite,
    Reference,
    Text,
)
from consultation.questionnaires.formats.limesurvey.comparisons import (
    figure,
)
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Em,
    Figure,
    Joined,
    Prefixed,
    Quoted,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.figures import is_amount
from consultation.questionnaires.formats.limesurvey.variables import (
    Value,
)


def chain(em: Em, operator: str) -> list[Em]:
    """Return the operands of a chain of the same operator, however long."""
    found: list[Em] = []
    waiting = [em]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Joined) and current.operator == operator:
            waiting += [current.right, current.left]
        else:
            found.append(current)
    return found


def text_of(em: Em) -> str | None:
    """Return what is written in the equation, as a text; ``None`` for anything else."""
    match em:
        case Figure(value):
            return str(int(value) if float(value).is_integer() else value)
        case Quoted(text):
            return text
        case Prefixed("-" | "+" as sign, Figure(value)):
            return str(-value if sign == "-" else value)
    return None


def figure_in(text: str) -> int | float:
    number = figure(text)
    if number is None:
        raise Untranslatable(f"«\u00a0{text[:40]}\u00a0» n’est pas un nombre")
    return number


def constants(operator: str, left: str, right: str) -> bool:
    first, second = figure(left), figure(right)
    if first is None or second is None:
        equal = left == right
        if operator in ("==", "!="):
            return equal is (operator == "==")
        raise Untranslatable("elle compare deux textes écrits dans l’expression")
    return {
        "==": first == second, "!=": first != second, "<": first < second,
        "<=": first <= second, ">": first > second, ">=": first >= second,
    }[operator]  # fmt: skip


def joined(operator: str, parts: Sequence[Node]) -> Node:
    """Join conditions; several values of the same answer are said as a list of them."""
    is_all = operator == "and"
    if Boolean(not is_all) in parts:
        return Boolean(not is_all)
    kept = [part for part in parts if part != Boolean(is_all)]
    whole = every(*kept) if is_all else some(*kept)
    if not isinstance(whole, AllOf if is_all else AnyOf):
        return whole
    listed = _listed(whole.operands, is_all)
    return every(*listed) if is_all else some(*listed)


def _listed(operands: Sequence[Node], is_all: bool) -> list[Node]:
    """Return the operands, those that compare the same answer with texts made into one list."""
    sign, places = ("!=" if is_all else "=="), {}
    found: list[Node] = []
    for operand in operands:
        match operand:
            case Comparison(operator, Reference() as asked, Text(value)) if (
                value and operator == sign
            ):
                items: tuple[Constant, ...] = (Text(value),)
            case Membership(Reference() as asked, items, negated) if negated is is_all:
                pass
            case _:
                found.append(operand)
                continue
        if asked not in places:
            places[asked] = len(found)
            found.append(operand)
            continue
        before = found[places[asked]]
        first = before.items if isinstance(before, Membership) else (_right(before),)
        both = tuple(dict.fromkeys((*first, *items)))
        found[places[asked]] = Membership(asked, both, is_all)
    return found


def _right(node: Node) -> Constant:
    assert isinstance(node, Comparison) and isinstance(node.right, Constant)  # noqa: S101
    return node.right


def as_condition(node: Node) -> Node:
    """Return a value as a condition: a number that is not zero, a text that is there."""
    if isinstance(node, Number | Boolean):
        return Boolean(bool(node.value))
    if isinstance(node, Text):
        return Boolean(node.value not in ("", "0"))
    if isinstance(node, Call) and node.name in (
        "lower",
        "upper",
        "concat",
        "date",
        "today",
        "text",
    ):
        return compare(node, "!=", literal(None))
    if isinstance(node, Call) and node.name == "if":
        holds, then, otherwise = node.arguments
        first = joined("and", [holds, as_condition(then)])
        return joined("or", [first, joined("and", [negate(holds), as_condition(otherwise)])])
    if isinstance(node, Call | Addition) or not _is_condition(node):
        if isinstance(node, Call) and node.name in (
            "selected",
            "answered",
            "matches",
            "contains",
            "starts_with",
        ):
            return node
        return every(compare(node, "!=", literal(None)), compare(node, "!=", literal(0)))
    return node


def _is_condition(node: Node) -> bool:
    return type(node).__name__ in ("Comparison", "Membership", "Not", "AllOf", "AnyOf")


def opposite(node: Node) -> Node:
    return Number(-node.value) if isinstance(node, Number) else Opposite(node)


def added(left: Node, right: Node) -> Node:
    """Add two amounts; sums of answers become one sum."""
    terms = [t for node in (left, right) for t in _terms(node)]
    if len(terms) > 1 and any(isinstance(n, Call) and n.name == "sum" for n in (left, right)):
        zero = () if any(is_amount(term) for term in terms) else (literal(0),)
        return call("sum", *terms, *zero)
    return add(left, right)


def _terms(node: Node) -> list[Node]:
    if isinstance(node, Call) and node.name == "sum":
        return [a for a in node.arguments if not (isinstance(a, Number) and a.value == 0)]
    return [node]


def points(value: Value) -> Node:
    """Return the assessment value of the answer chosen."""
    node: Node = literal(None)
    for ours, points in reversed(list(value.points.items())):
        node = call("if", compare(value.reference, "==", literal(ours)), literal(points), node)
    return node
