"""How an expression uses each question it reads: with which values it compares the answer."""

from dataclasses import dataclass, field

from consultation.questionnaires.expressions.tree import (
    AllOf,
    AnyOf,
    Call,
    Comparison,
    Constant,
    Membership,
    Node,
    Not,
    Reference,
    Text,
    children,
)
from consultation.questionnaires.expressions.values import Value, as_date, worth

Variable = tuple[str, str | None]
"""A question, and one of its rows or "other" when the expression reads only that."""


@dataclass(slots=True)
class Use:
    """`constants` are the literals the answer is compared with; `ordered` says by < or >.

    `counted`: how many options were chosen matters. `free`: used in some other way, so that no
    finite set of answers stands for all of them.
    """

    constants: list[Value] = field(default_factory=list)
    ordered: bool = False
    counted: bool = False
    free: bool = False


def uses(node: Node) -> dict[Variable, Use]:
    """What the expression does with each question it reads."""
    found: dict[Variable, Use] = {}
    _visit(node, found)
    return found


def reads_the_day(node: Node) -> bool:
    if isinstance(node, Call) and node.name == "today":
        return True
    return any(reads_the_day(child) for child in children(node))


def _visit(node: Node, found: dict[Variable, Use]) -> None:
    """A question in a place that no case below knows of is used freely."""
    match node:
        case Reference():
            _of(node, found).free = True
        case Not() | AllOf() | AnyOf():
            for operand in children(node):
                if isinstance(operand, Reference):  # alone: whether it is answered, or ticked
                    _of(operand, found)
                else:
                    _visit(operand, found)
        case Comparison(operator, Reference() as asked, right) if _constant(right):
            _compare(asked, [right], found, ordered=operator not in ("==", "!="))
        case Comparison(operator, left, Reference() as asked) if _constant(left):
            _compare(asked, [left], found, ordered=operator not in ("==", "!="))
        case Membership(Reference() as asked, items):
            _compare(asked, items, found)
        case Call("answered", (Reference() as asked,)):
            _of(asked, found)
        case Call("count", (Reference() as asked,)):
            _of(asked, found).counted = True
        case Call("selected", (Reference() as asked, option)) if isinstance(option, Constant):
            _compare(asked, [option], found)
        case _:
            for child in children(node):
                _visit(child, found)


def _of(asked: Reference, found: dict[Variable, Use]) -> Use:
    return found.setdefault((asked.key, asked.part), Use())


def _compare(
    asked: Reference,
    constants: tuple[Node, ...] | list[Node],
    found: dict[Variable, Use],
    ordered: bool = False,
) -> None:
    use = _of(asked, found)
    use.constants += [_value(constant) for constant in constants]
    use.ordered |= ordered


def _constant(node: Node) -> bool:
    if isinstance(node, Call):
        return (
            node.name == "date" and len(node.arguments) == 1 and isinstance(node.arguments[0], Text)
        )
    return isinstance(node, Constant)


def _value(node: Node) -> Value:
    if isinstance(node, Call):
        argument = node.arguments[0]
        return as_date(argument.value) if isinstance(argument, Text) else None
    return worth(getattr(node, "value", None))
