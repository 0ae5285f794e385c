"""Comparing a variable of LimeSurvey with a value: what it means for each sort of answer."""

from __future__ import annotations

import re
from typing import cast

from consultation.questionnaires.expressions.build import (
    among,
    answered,
    call,
    compare,
    equals,
    every,
    literal,
    negate,
    question,
    some,
)
from consultation.questionnaires.expressions.tree import Boolean, Comparator, Node
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable
from consultation.questionnaires.formats.limesurvey.moments import iso_day
from consultation.questionnaires.formats.limesurvey.scope import given
from consultation.questionnaires.formats.limesurvey.variables import (
    Agreement,
    Files,
    Formula,
    Meaning,
    OtherTick,
    Place,
    Tick,
    Value,
)

_BOXES = (Tick, OtherTick, Agreement)
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


def figure(text: str) -> int | float | None:
    """Return the number that a text of an equation is, else ``None``."""
    bare = text.strip()
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?|-?\.\d{1,12}", bare):
        return None
    number = float(bare)
    return int(number) if number.is_integer() else number


def with_text(operator: str, meaning: Meaning, text: str, suffix: str = "") -> Node:
    """Return the comparison of a variable with a text or a number written in the equation."""
    if operator == "!=":
        return negate(with_text("==", meaning, text, suffix))
    if not text.strip():
        return _with_nothing(operator, meaning)
    match meaning:
        case Tick() | Agreement():
            return _ticked(operator, meaning, text)
        case OtherTick(key, _):
            return compare(question(key, "other"), _only_equal(operator), literal(text))
        case Place(key, number, codes):
            _only_equal(operator)
            place = call("rank", question(key), literal(_code(codes, text)))
            return compare(place, "==", literal(number))
        case Files(key):
            return compare(call("count", question(key)), _sign(operator), literal(_number(text)))
        case Formula(node, _):
            known = figure(text)
            return compare(node(), _sign(operator), literal(text if known is None else known))
        case Value():
            return _with_value(operator, meaning, text, suffix)
    raise Untranslatable(meaning.reason)


def _with_nothing(operator: str, meaning: Meaning) -> Node:
    if operator == "==":
        return negate(given(meaning))
    if operator == ">":
        return given(meaning)
    raise Untranslatable("une comparaison avec un texte vide")


def _ticked(operator: str, box: Tick | Agreement, text: str) -> Node:
    _only_equal(operator)
    if text.strip() != "Y":
        raise Untranslatable(
            f"une case cochée vaut «\u00a0Y\u00a0», jamais «\u00a0{text[:40]}\u00a0»"
        )
    return given(box)


def _with_value(operator: str, value: Value, text: str, suffix: str) -> Node:
    reference = value.reference
    if suffix == "shown" and value.codes:
        _only_equal(operator)
        return compare(reference, "==", literal(_code(value.labels, text)))
    if suffix in ("value", "valueNAOK") and any(value.points.values()):
        return _with_points(operator, value, _number(text))
    if value.shape == "choice":
        return _with_choice(operator, value, text)
    if value.shape == "date":
        day = iso_day(text)
        if day is None:
            raise Untranslatable(f"«\u00a0{text[:40]}\u00a0» n’est pas une date")
        return compare(reference, _sign(operator), call("date", literal(day)))
    if value.shape == "number":
        return compare(reference, _sign(operator), literal(_number(text)))
    if operator == "==":
        return compare(reference, "==", literal(text))
    return compare(call("number", reference), _sign(operator), literal(_number(text)))


def _with_choice(operator: str, value: Value, text: str) -> Node:
    if operator == "==":
        return equals_value(value, _code(value.codes, text))
    number = figure(text)
    codes = {code: figure(code) for code in value.codes}
    if number is not None and all(n is not None for n in codes.values()):
        return compare(value.reference, _sign(operator), literal(number))
    kept = [value.codes[code] for code in codes if _holds(operator, code, text)]
    return _one_of(value, kept)


def equals_value(value: Value, ours: str) -> Node:
    """Return the comparison of a choice with one of our values."""
    if value.reference.part is None:
        return equals(value.reference.key, ours)
    return compare(value.reference, "==", literal(ours))


def _with_points(operator: str, value: Value, number: int | float) -> Node:
    kept = [ours for ours, points in value.points.items() if _numeric(operator, points, number)]
    return _one_of(value, kept)


def _one_of(value: Value, kept: list[str]) -> Node:
    if not kept:
        return Boolean(False)
    if len(kept) == 1:
        return equals_value(value, kept[0])
    return among(value.reference, kept)


def _holds(operator: str, code: str, text: str) -> bool:
    """Order codes as equations do: as numbers when both are, never a number with a word."""
    left, right = figure(code), figure(text)
    if left is not None and right is not None:
        return _numeric(operator, left, right)
    if left is not None or right is not None:
        return False
    return _numeric(operator, (code > text) - (code < text), 0)


def _numeric(operator: str, left: float, right: float) -> bool:
    return {
        "==": left == right, "<": left < right, "<=": left <= right,
        ">": left > right, ">=": left >= right,
    }[operator]  # fmt: skip


def between(operator: str, left: Meaning, right: Meaning) -> Node:
    """Return the comparison of two variables."""
    if operator == "!=":
        return negate(between("==", left, right))
    if isinstance(left, _BOXES) and isinstance(right, _BOXES):
        _only_equal(operator)
        first, second = given(left), given(right)
        return some(every(first, second), every(negate(first), negate(second)))
    if not isinstance(left, Value) or not isinstance(right, Value):
        raise Untranslatable("ces deux réponses ne se comparent pas")
    if operator == "==" or {left.shape, right.shape} <= {"number", "choice", "date"}:
        return compare(left.reference, _sign(operator), right.reference)
    return compare(_as_number(left), _sign(operator), _as_number(right))


def _as_number(value: Value) -> Node:
    return call("number", value.reference) if value.shape == "text" else value.reference


def truth(meaning: Meaning) -> Node:
    """Return the condition that a variable alone is: neither empty nor zero."""
    if not isinstance(meaning, Value) or meaning.shape == "date":
        return given(meaning)
    reference = meaning.reference
    there = answered(reference.key, reference.part)
    if meaning.shape == "choice" and "0" not in meaning.codes:
        return there
    zero: Node = literal(meaning.codes["0"] if meaning.shape == "choice" else 0)
    if meaning.shape == "text":
        zero = literal("0")
    return every(there, compare(reference, "!=", zero))


def _code(codes: object, text: str) -> str:
    known = cast(dict[str, str], codes)
    if text in known:
        return known[text]
    if text.strip() in known:
        return known[text.strip()]
    number = figure(text)
    for code, ours in known.items():
        if number is not None and figure(code) == number:
            return ours
    raise Untranslatable(f"«\u00a0{text[:40]}\u00a0» n’est pas une réponse possible")


def _number(text: str) -> int | float:
    number = figure(text)
    if number is None:
        raise Untranslatable(f"«\u00a0{text[:40]}\u00a0» n’est pas un nombre")
    return number


def _only_equal(operator: str) -> Comparator:
    if operator not in ("==", "!="):
        raise Untranslatable("cette réponse n’est ni plus petite ni plus grande qu’une autre")
    return cast(Comparator, operator)


def _sign(operator: str) -> Comparator:
    return cast(Comparator, operator)
