"""Date: a day, a month or a year, as ``2022-03-07``, ``2022-03`` or ``2022``."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Literal

from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Question,
    Resolved,
    is_typed,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "date"
SUMMARY = "dates"
PARTS = {"day": ("day", "month", "year"), "month": ("month", "year"), "year": ("year",)}
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Date(Question, tag="date"):
    """A date of the given precision, between two ISO dates, both included."""

    precision: Literal["day", "month", "year"] = "day"
    minimum: str | None = None
    maximum: str | None = None


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    bounds = [resolved.question.minimum, resolved.question.maximum]
    days = [first_day(bound) for bound in bounds if bound]
    if None in days:
        return ["les bornes s’écrivent 2022-03-07, 2022-03 ou 2022"]
    return ["la première date suit la dernière"] if days != sorted(days) else []  # type: ignore[type-var]


def first_day(text: object) -> datetime.date | None:
    """Return the first day of an ISO day, month or year; ``None`` when it is not one."""
    parts = str(text).split("-")
    if len(parts) > 3 or not all(p.isascii() and p.isdecimal() and len(p) <= 4 for p in parts):
        return None
    try:
        return datetime.date(*[int(p) for p in [*parts, "1", "1"][:3]])
    except ValueError:
        return None


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the ISO date, or the parts typed when they make none."""
    parts = {p: fields.one(f"{resolved.key}.{p}")[:20] for p in PARTS[resolved.question.precision]}
    if not any(parts.values()):
        return {}
    return {resolved.key: assembled(parts) or typed(parts)}


def assembled(parts: Mapping[str, str]) -> str | None:
    """Return the ISO date made of ``parts``; month names are understood."""
    year = parts["year"]
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        return None
    numbers = [year, month_number(parts.get("month")), parts.get("day")]
    given = [n.zfill(2) for n in numbers if n is not None]
    text = "-".join(given)
    return text if first_day(text) else None


def month_number(text: str | None) -> str | None:
    """Return the number of a month typed as a number or by its name."""
    names = {name: str(n) for names in (MONTHS, MONTHS_EN) for n, name in enumerate(names, 1)}
    return (
        None if text is None else {k.lower(): v for k, v in names.items()}.get(text.lower(), text)
    )


def parts_of(answer: Answer) -> dict[str, str]:
    """Return the parts to show again in the boxes, from an answer or from what was typed."""
    if is_typed(answer):
        return dict(answer["typed"])
    year, *rest = str(answer or "").split("-")
    return dict(zip(("year", "month", "day"), [year, *(p.lstrip("0") for p in rest)], strict=False))


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    question, day = resolved.question, first_day(answers[resolved.key])
    if day is None:
        return [sentence(f"date_{question.precision}", language)]
    low, high = first_day(question.minimum), first_day(question.maximum)
    if low and day < truncated(low, question.precision):
        return [sentence("date_after", language, low=write(question.minimum, language))]
    if high and day > high:
        return [sentence("date_before", language, high=write(question.maximum, language))]
    return []


def truncated(day: datetime.date, precision: str) -> datetime.date:
    """Return the first day of the month or year of ``day``, as the precision asks."""
    day = day if precision == "day" else day.replace(day=1)
    return day.replace(month=1) if precision == "year" else day


def write(text: str, language: str = "fr") -> str:
    """Write an ISO date as a person does: « 7 mars 2022 », « mars 2022 » or « 2022 »."""
    parts = text.split("-")
    names = MONTHS if language == "fr" else MONTHS_EN
    day = (
        ("1er" if int(parts[2]) == 1 and language == "fr" else str(int(parts[2])))
        if len(parts) > 2
        else ""
    )
    month = names[int(parts[1]) - 1] if len(parts) > 1 else ""
    return "\u00a0".join(part for part in (day, month, parts[0]) if part)


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the date in words."""
    return [write(answers[resolved.key], language)]


def columns(resolved: Resolved) -> list[Column]:
    """One column."""
    return [Column(resolved.key, say(resolved.question.label), "date")]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the ISO date."""
    answer = answers.get(resolved.key)
    return [None if is_typed(answer) else answer]


def width(resolved: Resolved) -> int:
    """Four bytes: the ordinal of the first day of the period."""
    return 4


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the proleptic Gregorian ordinal of the first day, little-endian."""
    day = first_day(answers[resolved.key])
    return (day.toordinal() if day else 0).to_bytes(4, "little")
