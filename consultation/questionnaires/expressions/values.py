"""The values of the language: what an answer is worth, and how two values compare.

Nothing here raises, whatever the value.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

Scalar = bool | int | float | str | date
Value = None | bool | int | float | str | date | list[Scalar] | dict[str, Scalar]
Answers = Mapping[str, object]

LARGEST: Final = 10**18
"""Beyond this, a number is worth none: no answer needs it, and no computation can overflow."""

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,19})(?:[.,][0-9]{1,40})?"
)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def bounded(number: int | float) -> int | float | None:
    """The number, or none when it is not finite or too large."""
    return number if -LARGEST <= number <= LARGEST else None


def scalar(value: object) -> Scalar | None:
    """One value of a list or of a row; none when it is empty or not yet valid."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, bool) or type(value) is date:
        return value
    if isinstance(value, int | float):
        return bounded(value)
    return None


def is_typed(answer: dict[str, object]) -> bool:
    """Whether the answer is kept as it was typed because it is not valid."""
    return len(answer) == 1 and "typed" in answer


def worth(answer: object) -> Value:
    """The value of a stored answer. Empty, or typed but not valid, is not answered: none."""
    if isinstance(answer, str):
        return answer if answer and not answer.isspace() else None
    if isinstance(answer, list):
        return [item for item in map(_item, answer) if item is not None] or None
    if isinstance(answer, dict):
        if is_typed(answer):
            return None
        rows = ((str(row), scalar(cell)) for row, cell in answer.items())
        return {row: cell for row, cell in rows if cell is not None} or None
    return scalar(answer)


def _item(item: object) -> Scalar | None:
    if isinstance(item, dict):  # a file; it is only ever counted
        return None if is_typed(item) else "file"
    return scalar(item)


def as_number(value: Value) -> int | float | None:
    """The number, or the number that a text reads as ("1 250,5" is 1250.5)."""
    if isinstance(value, str):
        return _read_number(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return None


def _read_number(text: str) -> int | float | None:
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    text = text.strip() if len(text) <= 80 else ""
    if not _NUMBER.fullmatch(text):
        return None
    plain = re.sub(r"[ \u00a0\u202f]", "", text).replace(",", ".")
    return bounded(float(plain) if "." in plain else int(plain))


def as_date(value: Value) -> date | None:
    """The date, or the one a text reads as; "2022" and "2022-03" are the first of their days."""
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def as_text(value: Value) -> str | None:
    """The text of a value; none for the rows of a matrix."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return _written(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(as_text(item) or "" for item in value)
    return None


def _written(number: int | float) -> str:
    if isinstance(number, int):
        return str(number)
    text = format(number, ".10f").rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def equal(left: Value, right: Value) -> bool:
    """Whether two values are the same; a text equals the number or the date it reads as."""
    if left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    if type(left) is type(right):
        return left == right or (isinstance(left, float) and near(left, right))
    if isinstance(left, date) or isinstance(right, date):
        return (day := as_date(left)) is not None and day == as_date(right)
    return near(as_number(left), as_number(right))


def near(left: object, right: object) -> bool:
    """Whether two numbers differ by less than a billionth, so that 33.3 + 33.3 + 33.4 is 100."""
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return False
    return left == right or abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))


def near_one(number: int | float | None, others: Iterable[object]) -> bool:
    return number is not None and any(number == other or near(number, other) for other in others)


def order(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 when the values have an order: as numbers, else as dates, else as texts."""
    for read in (as_number, as_date):
        first, second = read(left), read(right)
        if first is not None and second is not None:
            if near(first, second):
                return 0
            return -1 if first < second else int(first > second)  # type: ignore[operator]
    if isinstance(left, str) and isinstance(right, str):
        return -1 if left < right else int(left > right)
    return None
