"""Texts: short (S), long (T, U), several (Q)."""

from __future__ import annotations

from typing import Any

from consultation.questionnaires.expressions.tree import Reference
from consultation.questionnaires.formats.limesurvey.amounts import number
from consultation.questionnaires.formats.limesurvey.asked import Asked
from consultation.questionnaires.formats.limesurvey.em_tree import cited
from consultation.questionnaires.formats.limesurvey.filters import row_conditions, say_filters
from consultation.questionnaires.formats.limesurvey.variables import Value
from consultation.questionnaires.kinds.long_text import LongText
from consultation.questionnaires.kinds.number import Number
from consultation.questionnaires.kinds.question import MAXIMUM_TEXT
from consultation.questionnaires.kinds.short_text import ShortText


def short(asked: Asked) -> list[Any]:
    """Return one line of text, or a number when only numbers are taken."""
    if asked.attributes.flag("numbers_only"):
        return number(asked)
    asked.work.variable(asked.row, Value(Reference(asked.key), "text"))
    _say_affixes(asked)
    if asked.attributes.get("location_mapservice") not in ("", "0"):
        asked.say("La carte n’est pas reprise\u00a0: le lieu est saisi en texte.")
    text = asked.default()
    return [ShortText(**asked.shared(), max_length=longest(asked, 1000), default=text or None)]


def long(asked: Asked) -> list[Any]:
    """Return paragraphs."""
    asked.work.variable(asked.row, Value(Reference(asked.key), "text"))
    most = 5000 if asked.type == "T" else MAXIMUM_TEXT
    text = asked.default()
    return [LongText(**asked.shared(), max_length=longest(asked, most), default=text or None)]


def several(asked: Asked) -> list[Any]:
    """Return one line of text by row, or a number when only numbers are taken."""
    rows = asked.rows()
    numeric = asked.attributes.flag("numbers_only")
    conditions = row_conditions(asked, rows)
    say_filters(asked)
    _say_affixes(asked)
    if asked.random:
        asked.say("L’ordre au hasard des lignes n’est pas repris.")
    asked.work.keep(*rows)
    made: list[Any] = []
    for row, condition in zip(rows, conditions, strict=True):
        code = row.get("title")
        shape = "number" if numeric else "text"
        meaning = Value(Reference(asked.work.key(asked.row, code)), shape)  # type: ignore[arg-type]
        asked.work.variable(asked.row, meaning, code)
        fields = asked.shared(code, label=asked.part_label(asked.label_of(row)), when=condition)
        if numeric:
            made.append(Number(**fields))
        else:
            text = asked.default(part=row)
            made.append(ShortText(**fields, max_length=longest(asked, 1000), default=text or None))
    return asked.in_parts(made)


def longest(asked: Asked, most: int) -> int:
    """Return how many characters a text may have."""
    return min(asked.attributes.whole("maximum_chars") or most, MAXIMUM_TEXT)


def _say_affixes(asked: Asked) -> None:
    for name, place in (("prefix", "avant"), ("suffix", "après")):
        said = asked.localised(name)
        if said:
            text = next(iter(said.values()))
            asked.say(
                f"Le texte placé {place} la réponse n’est pas repris\u00a0: {cited(text, 80)}."
            )
