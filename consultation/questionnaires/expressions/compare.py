"""Which comparisons can mean something, and what to write instead of the others."""

from consultation.questionnaires.expressions.errors import NBSP, quoted
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.symbols import NAMES, Kind
from consultation.questionnaires.expressions.tree import Node

Side = tuple[Node, Kind]


def equality_error(left: Side, right: Side) -> str | None:
    """Why `==`, `!=` or `in` can never hold between these two; None when it can."""
    if {left[1].shape, right[1].shape} & {"none", "any"}:
        return None
    return _unequal(left, right) or _unequal(right, left)


def _unequal(one: Side, other: Side) -> str | None:
    """The errors that `one` causes."""
    (node, kind), (other_node, other_kind) = one, other
    shown = to_source(node)
    if kind.shape == "choices":
        option = to_source(other_node) if other_kind.literal is not None else "'…'"
        return _advise(node, f"admet plusieurs réponses{NBSP}: écrivez selected({shown}, {option})")
    if kind.shape == "rows":
        return _advise(node, f"a plusieurs lignes{NBSP}: ajoutez un point et le code de la ligne")
    if kind.shape == "file":
        return _advise(node, f"est un fichier{NBSP}: écrivez answered({shown})")
    if kind.shape == "boolean" and other_kind.shape != "boolean":
        return _advise(node, "est vrai ou faux et se compare à true ou false")
    if kind.shape == "date":
        return None if _readable_as_date(other_kind) else _not_a_date(one, other)
    if kind.shape == "number" and kind.literal is not None and other_kind.shape == "choice":
        return None  # whether it is one of the options is another question
    if kind.shape == "number" and other_kind.shape in ("choice", "text"):
        return None if _readable_as_number(other_kind) else _not_a_number(other)
    return None


def order_error(operator: str, left: Side, right: Side) -> str | None:
    """Why `<`, `<=`, `>` or `>=` has no sense between these two; None when it has."""
    kinds = (left[1], right[1])
    if all(kind.reads_as_number() for kind in kinds) or all(kind.reads_as_date() for kind in kinds):
        return None
    for node, kind in (left, right):
        if not (kind.reads_as_number() or kind.reads_as_date()):
            advice = _reader(node, kind, left, right)
            rule = f"{quoted(operator)} compare des nombres ou des dates"
            return f"{rule}, et {quoted(to_source(node))} est {NAMES[kind.shape]}{advice}."
    dated, other = (left, right) if kinds[0].reads_as_date() else (right, left)
    return _not_a_date(dated, other)


def _reader(node: Node, kind: Kind, left: Side, right: Side) -> str:
    if kind.shape != "text" or kind.literal is not None:
        return ""
    function = "date" if "date" in (left[1].shape, right[1].shape) else "number"
    return f"{NBSP}: écrivez {function}({to_source(node)})"


def _readable_as_number(kind: Kind) -> bool:
    return kind.reads_as_number() or (kind.shape == "text" and kind.literal is None)


def _readable_as_date(kind: Kind) -> bool:
    return kind.reads_as_date() or (kind.shape == "text" and kind.literal is None)


def _not_a_date(dated: Side, other: Side) -> str:
    shown = to_source(dated[0])
    if other[1].shape == "number":
        return _advise(dated[0], f"est une date{NBSP}: comparez l’année, year({shown})")
    return _advise(dated[0], f"est une date{NBSP}: comparez-la à une date, date('2022-03-07')")


def _not_a_number(other: Side) -> str:
    node, kind = other
    if kind.literal is not None:
        return _advise(node, "ne se lit pas comme un nombre")
    return _advise(node, f"est {NAMES[kind.shape]} et ne se compare pas à un nombre")


def _advise(node: Node, rest: str) -> str:
    return f"{quoted(to_source(node))} {rest}."
