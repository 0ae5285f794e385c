"""A second interpreter of the language, slow and plain, written from the reference page.

It shares no code with the real one but the nodes of the tree: the tests compare the two.
"""

from __future__ import annotations

import math
import re
from datetime import date
from fractions import Fraction
from typing import Any

from consultation.questionnaires.expressions.tree import (
    Addition,
    AllOf,
    AnyOf,
    Boolean,
    Call,
    Comparison,
    Membership,
    Multiplication,
    Not,
    Nothing,
    Number,
    Opposite,
    Reference,
    Text,
)

Answers = dict[str, Any]
LARGEST = 10**18


def value(node: Any, answers: Answers, today: date) -> Any:
    def of(child: Any) -> Any:
        return value(child, answers, today)

    if isinstance(node, Nothing):
        return None
    if isinstance(node, Text | Number | Boolean):
        return clean(node.value)
    if isinstance(node, Reference):
        return clean(stored(node, answers))
    if isinstance(node, AllOf):
        return not [child for child in node.operands if not of(child)]
    if isinstance(node, AnyOf):
        return bool([child for child in node.operands if of(child)])
    if isinstance(node, Not):
        return not of(node.operand)
    if isinstance(node, Opposite):
        return computed("-", 0, of(node.operand))
    if isinstance(node, Addition | Multiplication):
        result = number(of(node.first))
        for sign, term in node.rest:
            result = computed(sign, result, of(term))
        return result
    if isinstance(node, Comparison):
        return compared(node.operator, of(node.left), of(node.right))
    if isinstance(node, Membership):
        given = of(node.operand)
        options = given if isinstance(given, list) else [given]
        found = any(same(option, of(item)) for option in options for item in node.items)
        return found != node.negated
    assert isinstance(node, Call)
    return called(node.name, [of(argument) for argument in node.arguments], today)


def stored(node: Reference, answers: Answers) -> Any:
    whole = answers.get(node.key)
    if node.part is None:
        return whole
    if isinstance(whole, dict) and node.part in whole:
        cell = whole[node.part]
        return None if list(whole) == ["typed"] or isinstance(cell, list | dict) else cell
    return answers.get(node.key + "." + node.part)


def clean(answer: Any) -> Any:
    if isinstance(answer, dict):
        if list(answer) == ["typed"]:
            return None
        rows = {
            row: clean(cell) for row, cell in answer.items() if not isinstance(cell, list | dict)
        }
        return {row: cell for row, cell in rows.items() if cell is not None} or None
    if isinstance(answer, list):
        files = [i for i in answer if not (isinstance(i, dict) and list(i) == ["typed"])]
        flat = ["file" if isinstance(item, dict) else clean(item) for item in files]
        return [item for item in flat if item is not None and not isinstance(item, list)] or None
    if isinstance(answer, str):
        return answer if answer.strip() else None
    if isinstance(answer, float) and not math.isfinite(answer):
        return None
    if isinstance(answer, int | float) and not isinstance(answer, bool) and abs(answer) > LARGEST:
        return None
    return answer


def number(given: Any) -> Any:
    if isinstance(given, bool):
        return None
    if isinstance(given, str):
        text = given.strip()
        if re.match(r"^[+-]?[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+([.,][0-9]+)?$", text):
            text = re.sub("[ \u00a0\u202f]", "", text)
        if not re.match(r"^[+-]?[0-9]{1,19}([.,][0-9]{1,40})?\Z", text):
            return None
        read = float(text.replace(",", ".")) if re.search("[.,]", text) else int(text)
        return read if abs(read) <= LARGEST else None
    return given if isinstance(given, int | float) else None


def day(given: Any) -> date | None:
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or not re.match(r"^\d{4}(-\d{2}(-\d{2})?)?\Z", given, re.ASCII):
        return None
    year, month, rest = [*map(int, given.split("-")), 1, 1][:3]
    try:
        return date(year, month, rest)
    except ValueError:
        return None


def text(given: Any) -> str | None:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, float):
        shown = f"{given:.10f}"
        while shown[-1] == "0":
            shown = shown[:-1]
        return (
            shown.removesuffix(".").replace("-0", "0")
            if float(shown) == 0
            else shown.removesuffix(".")
        )
    if isinstance(given, str | int | date):
        return str(given)
    return ", ".join(str(text(item)) for item in given) if isinstance(given, list) else None


def computed(sign: str, left: Any, right: Any) -> Any:
    right = number(right)
    if left is None or right is None or (sign == "/" and not right):
        return None
    results = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}
    result = results.get(sign, lambda: left / right)()
    return result if abs(result) <= LARGEST else None


def close(left: Any, right: Any) -> bool:
    one, other = Fraction(left), Fraction(right)
    return abs(one - other) <= Fraction(1, 10**9) * max(1, abs(one), abs(other))


def same(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return left is None and right is None
    kinds = [type(left), type(right)]
    if (
        kinds == [int, int]
        or kinds == [str, str]
        or bool in kinds
        or list in kinds
        or dict in kinds
    ):
        return kinds[0] == kinds[1] and left == right
    if date in kinds:
        return day(left) is not None and day(left) == day(right)
    both = number(left), number(right)
    return None not in both and close(*both)


def compared(operator: str, left: Any, right: Any) -> bool:
    if operator in ("==", "!="):
        return same(left, right) == (operator == "==")
    for pair in ((number(left), number(right)), (day(left), day(right)), (left, right)):
        if None not in pair and (pair != (left, right) or both_are_comparable(*pair)):
            one, other = pair
            equal = one == other or (not isinstance(one, str | date) and close(one, other))
            if equal:
                return operator in ("<=", ">=")
            return (one < other) == (operator in ("<", "<="))
    return False


def both_are_comparable(left: Any, right: Any) -> bool:
    plain = (str,), (int, float), (date,)
    return any(
        isinstance(left, kinds) and isinstance(right, kinds) for kinds in plain
    ) and bool not in (type(left), type(right))


def parts(given: Any) -> list[Any]:
    if given is None:
        return []
    return (
        list(given.values())
        if isinstance(given, dict)
        else given
        if isinstance(given, list)
        else [given]
    )


ARITIES = {
    "today": (0, 0), "if": (3, 3), "count": (1, 2), "round": (1, 2), "sum": (1, 99), "min": (1, 99),
    "max": (1, 99), "concat": (1, 99), "selected": (2, 2), "rank": (2, 2), "contains": (2, 2),
    "starts_with": (2, 2), "matches": (2, 2), "days_between": (2, 2), "inconnue": (9, 0),
}  # fmt: skip


def called(name: str, given: list[Any], today: date) -> Any:
    least, most = ARITIES.get(name, (1, 1))
    if not least <= len(given) <= most:
        return None
    return globals()[f"do_{name}"](*given) if name != "today" else today


def do_if(condition: Any, then: Any, otherwise: Any) -> Any:
    return then if condition else otherwise


def do_selected(given: Any, option: Any) -> bool:
    listed = [] if isinstance(given, dict) or option is None else parts(given)
    return any(same(part, option) for part in listed)


def do_count(given: Any, option: Any = None) -> int:
    return len([part for part in parts(given) if option is None or same(part, option)])


def do_rank(given: Any, option: Any) -> int | None:
    listed = given if isinstance(given, list) else []
    return next((n + 1 for n in range(len(listed)) if same(listed[n], option)), None)


def do_answered(given: Any) -> bool:
    return given is not None


def do_sum(*given: Any) -> Any:
    read = numbers(given)
    return computed("+", 0, sum(read)) if read else None


def numbers(given: Any) -> list[Any]:
    return [number(part) for one in given for part in parts(one) if number(part) is not None]


def do_min(*given: Any) -> Any:
    return min(numbers(given)) if numbers(given) else None


def do_max(*given: Any) -> Any:
    return max(numbers(given)) if numbers(given) else None


def do_round(given: Any, places: Any = 0) -> Any:
    read, places = number(given), number(places)
    if read is None or places is None:
        return None
    if isinstance(read, int) and places >= 0:
        return read
    unit = Fraction(10) ** -max(-12, min(12, math.floor(places)))
    steps = math.floor(abs(Fraction(repr(read))) / unit + Fraction(1, 2))
    rounded = steps * unit * (-1 if read < 0 else 1)
    return float(rounded) if unit < 1 else int(rounded)


def do_abs(given: Any) -> Any:
    return None if number(given) is None else abs(number(given))


def do_number(given: Any) -> Any:
    return number(given)


def do_text(given: Any) -> str | None:
    return text(given)


def do_date(given: Any) -> date | None:
    return day(given)


def do_year(given: Any) -> int | None:
    found = day(given)
    return found.year if found else None


def do_month(given: Any) -> int | None:
    found = day(given)
    return found.month if found and len(str(given)) != 4 else None


def do_days_between(start: Any, end: Any) -> int | None:
    first, last = day(start), day(end)
    return last.toordinal() - first.toordinal() if first and last else None


def do_length(given: Any) -> int | None:
    if given is None:
        return 0
    return None if isinstance(given, list | dict) else len(text(given) or "")


def do_contains(given: Any, part: Any) -> bool:
    return (
        text(given) is not None and text(part) is not None and str(text(part)) in str(text(given))
    )


def do_starts_with(given: Any, part: Any) -> bool:
    return do_contains(given, part) and str(text(given)).find(str(text(part))) == 0


def do_lower(given: Any) -> str | None:
    found = text(given)
    return None if found is None else found.lower()


def do_upper(given: Any) -> str | None:
    found = text(given)
    return None if found is None else found.upper()


def do_concat(*given: Any) -> str | None:
    return "".join(text(one) or "" for one in given) or None


def do_matches(given: Any, pattern: Any) -> bool:
    """Only the plain patterns that the trees contain: none has a sign with a meaning."""
    if isinstance(given, list) or text(given) is None or not isinstance(pattern, str):
        return False
    try:
        return len(pattern) < 300 and re.fullmatch(pattern, str(text(given))) is not None
    except re.error:
        return False
