"""French typography: dates, hours, numbers and spaces, always with U+00A0 (never U+202F)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
PARIS = ZoneInfo("Europe/Paris")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def in_paris(moment: datetime) -> datetime:
    """Return the aware ``moment`` on the clocks of Paris; raise ``ValueError`` when naive."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(PARIS)


def date_fr(day: date | datetime) -> str:
    """Write a day: « 11 mars 2022 », « 1er mars 2022 »; a moment is read on Paris time."""
    if isinstance(day, datetime):
        day = in_paris(day)
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def time_fr(moment: datetime) -> str:
    """Write an hour of Paris: « 18 h 00 », or « 2 h 30, heure d’hiver » when it comes twice."""
    local = in_paris(moment)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}{_which(local)}"


def _which(local: datetime) -> str:
    """Say which of the two it is, in the night of October when an hour comes twice."""
    other = local.replace(fold=1 - local.fold)
    if other.utcoffset() == local.utcoffset():
        return ""
    return f", heure d’{'hiver' if local.fold else 'été'}"


def moment_fr(moment: datetime) -> str:
    """Write a moment on Paris time: « 11 mars 2022 à 18 h 00 »."""
    return f"{date_fr(moment)} à {time_fr(moment)}"


def number_fr(number: float, decimals: int = 0) -> str:
    """Write a number: « 1 284 », « 1 250,5 »; ``decimals`` digits after the comma."""
    text = f"{number:,.{decimals}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.translate(_NUMBER)


_NUMBER = str.maketrans({",": NBSP, ".": ",", "-": "\u2212"})


def percent_fr(percentage: float, decimals: int = 0) -> str:
    """Write a percentage, from 0 to 100: « 64 % »."""
    return f"{number_fr(percentage, decimals)}{NBSP}%"


def plural(number: float, one: str, many: str) -> str:
    """Write a number with its noun, singular below two: « 1 réponse », « 1 284 réponses »."""
    return f"{number_fr(number)}{NBSP}{one if abs(number) < 2 else many}"


def bytes_fr(size: int) -> str:
    """Write the size of a file: « 12 ko », « 1,4 Mo »."""
    if size < 1000:
        return f"{size}{NBSP}octet{'s' if size > 1 else ''}"
    if size < 1_000_000:
        return f"{number_fr(size / 1000)}{NBSP}ko"
    return f"{number_fr(size / 1_000_000, 1)}{NBSP}Mo"


_BEFORE = re.compile(r"[ \u00a0\u202f\u2009]+([:;?!»%€])")
_AFTER = re.compile(r"«[ \u00a0\u202f\u2009]*")
_GLUED = re.compile(r"(?<=[\w)\].…])([?!;»])(?=[\s.,)]|$)")


def spaced(text: str) -> str:
    """Put U+00A0 before « : ; ? ! » % » and after « ; doing it twice changes nothing."""
    text = _AFTER.sub("«" + NBSP, _BEFORE.sub(NBSP + r"\1", text))
    return _GLUED.sub(NBSP + r"\1", text).replace("\u202f", NBSP)


def utc(moment: datetime) -> str:
    """Write a moment for the ``datetime`` attribute of a ``<time>`` element."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


FILTERS = {
    "date_fr": date_fr,
    "time_fr": time_fr,
    "moment_fr": moment_fr,
    "number_fr": number_fr,
    "percent_fr": percent_fr,
    "plural": plural,
    "bytes_fr": bytes_fr,
    "spaced": spaced,
    "utc": utc,
}
