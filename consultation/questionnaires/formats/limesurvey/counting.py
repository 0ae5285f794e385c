"""Counting answers: which are given, which have a value, how many of a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from consultation.questionnaires.expressions.build import (
    add,
    call,
    every,
    literal,
    negate,
    question,
    some,
)
from consultation.questionnaires.expressions.tree import Node
from consultation.questionnaires.formats.limesurvey.comparisons import with_text
from consultation.questionnaires.formats.limesurvey.em_tree import (
    Em,
    Figure,
    Name,
    Quoted,
    Untranslatable,
)
from consultation.questionnaires.formats.limesurvey.scope import (
    Translating,
    given,
    several,
)
from consultation.questionnaires.formats.limesurvey.variables import (
    Files,
    Formula,
    Missing,
    OtherTick,
    Place,
    Tick,
    Value,
    Variable,
)

LONGEST_LIST = 120
"""Variables that a counting function is unfolded over."""


def listed(t: Translating, arguments: Sequence[Em]) -> list[Variable]:
    """Return the variables that a function over a list is given."""
    found: list[Variable] = []
    for argument in arguments:
        if not isinstance(argument, Name):
            raise Untranslatable("cette fonction n’est reprise que pour des réponses")
        found += several(t.scope, argument.value)
    lost = [v.meaning.reason for v in found if isinstance(v.meaning, Missing)]
    if lost:
        raise Untranslatable(lost[0])
    if len(found) > LONGEST_LIST:
        raise Untranslatable("elle compte trop de réponses")
    return found


def counted(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return how many of the variables are not empty."""
    whole, apart = whole_questions(t, listed(t, arguments))
    terms: list[Node] = [call("count", question(key)) for key in whole]
    terms += [call("if", given(v.meaning), literal(1), literal(0)) for v in apart]
    return add(*terms) if terms else literal(0)


def count_compared(
    t: Translating, operator: str, arguments: tuple[Em, ...], number: float
) -> Node | None:
    """Return « one at least », « none » or « all » said plainly, when the comparison says so."""
    found = listed(t, arguments)
    apart = whole_questions(t, found)[1]
    if not apart or len(found) > 25:
        return None
    conditions = [given(v.meaning) for v in found]
    if (operator, number) in ((">", 0), (">=", 1), ("!=", 0)):
        return some(*conditions)
    if (operator, number) in (("==", 0), ("<", 1), ("<=", 0)):
        return every(*[negate(condition) for condition in conditions])
    if (operator, number) in (("==", len(found)), (">=", len(found)), (">", len(found) - 1)):
        return every(*conditions)
    return None


def whole_questions(t: Translating, found: list[Variable]) -> tuple[list[str], list[Variable]]:
    """Return the keys of the questions whose every variable is there, and the other variables."""
    by_key: dict[str, list[Variable]] = defaultdict(list)
    for variable in found:
        by_key[_key(variable)].append(variable)
    whole, apart = [], []
    for key, own in by_key.items():
        every_one = [v for v in _all_of(t, own[0]) if _key(v) == key and v.role != "comment"]
        names = {v.name for v in own}
        if len(every_one) > 1 and _countable(own[0]) and names >= {v.name for v in every_one}:
            whole.append(key)
        else:
            apart += own
    return whole, apart


def _all_of(t: Translating, variable: Variable) -> list[Variable]:
    return list(t.scope.variables.of_question[variable.question].values())


def _countable(variable: Variable) -> bool:
    meaning = variable.meaning
    if isinstance(meaning, Value):
        return meaning.reference.part is not None
    return isinstance(meaning, Tick | OtherTick | Place)


def _key(variable: Variable) -> str:
    match variable.meaning:
        case Value(reference):
            return reference.key
        case Tick(key) | OtherTick(key) | Place(key) | Files(key) | Formula(_, key):
            return str(key)
    return ""


def count_if(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return how many variables have a value."""
    match arguments:
        case (Quoted() | Figure() as wanted, *rest):
            return _count_where(t, "==", _text(wanted), rest)
    raise Untranslatable("countif attend d’abord une valeur")


def count_if_op(t: Translating, arguments: tuple[Em, ...]) -> Node:
    """Return how many variables compare with a value as asked."""
    match arguments:
        case (Quoted(operator), Quoted() | Figure() as wanted, *rest) if operator in _OPERATORS:
            return _count_where(t, _OPERATORS[operator], _text(wanted), rest)
    raise Untranslatable("countifop attend un signe et une valeur")


_OPERATORS = {
    "==": "==", "=": "==", "eq": "==", "!=": "!=", "ne": "!=", "<": "<", "lt": "<",
    "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">=",
}  # fmt: skip


def _count_where(t: Translating, operator: str, text: str, rest: Sequence[Em]) -> Node:
    found = listed(t, rest)
    whole, apart = whole_questions(t, found)
    if operator == "==" and not apart and len(whole) == 1 and isinstance(found[0].meaning, Value):
        codes = found[0].meaning.codes
        if text in codes:
            return call("count", question(whole[0]), literal(codes[text]))
    terms = []
    for variable in found:
        holds = with_text(operator, variable.meaning, text)
        terms.append(call("if", holds, literal(1), literal(0)))
    return add(*terms) if terms else literal(0)


def _text(em: Em) -> str:
    return em.value if isinstance(em, Quoted) else str(getattr(em, "value", ""))
