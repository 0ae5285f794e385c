"""One row of a form as one of our questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from consultation.questionnaires.formats.xlsform.types import RowType
from consultation.questionnaires.kinds.consent import Consent
from consultation.questionnaires.kinds.date import Date
from consultation.questionnaires.kinds.file import File
from consultation.questionnaires.kinds.long_text import LongText
from consultation.questionnaires.kinds.multiple import Multiple
from consultation.questionnaires.kinds.number import Number
from consultation.questionnaires.kinds.ranking import Ranking
from consultation.questionnaires.kinds.reference import Reference
from consultation.questionnaires.kinds.short_text import ShortText
from consultation.questionnaires.kinds.single import Single
from consultation.questionnaires.kinds.statement import Statement

Shared = dict[str, Any]
Say = Callable[[str], None]

FILES = {
    "image": ["png", "jpg", "jpeg"],
    "audio": ["mp3", "m4a", "wav", "ogg"],
    "video": ["mp4", "webm", "mov"],
    "file": ["pdf", "odt", "docx", "xlsx", "png", "jpg"],
}
HOUR = r"([01][0-9]|2[0-3]):[0-5][0-9]"
LONG_LIST = 40


_CHOICES = ("select_one", "select_multiple", "rank")


def has_a_kind(kind: RowType) -> bool:
    """Say whether something becomes of a type: a question, a text or a computed value."""
    name = kind.name
    return (
        kind.from_file
        or name in _CHOICES
        or name in FILES
        or name in _SIMPLE
        or (name == "calculate")
    )


def build_question(kind: RowType, shared: Shared, listed: Shared, row: Shared, say: Say) -> Any:
    """Return the question of a row whose type has a kind here.

    ``shared`` are the fields of every question, ``listed`` those of its options, ``row`` the
    cells ``appearance`` and ``parameters``; ``say`` reports what is lost.
    """
    name = kind.name
    if kind.from_file:
        say(f"La liste est dans «\u00a0{kind.list_name}\u00a0»\u00a0: question à compléter.")
        return ShortText(**shared, max_length=1000)
    if name in _CHOICES:
        return _choice(name, shared, listed, row)
    if name in FILES:
        return File(**shared, extensions=FILES[name], max_megabytes=10)
    if kind.most is not None:
        return Number(**shared, integer=True, minimum=0, maximum=kind.most)
    return _SIMPLE[name](shared, row, say)


def _choice(name: str, shared: Shared, listed: Shared, row: Shared) -> Any:
    if name == "rank":
        return Ranking(**shared, **listed)
    long = listed.pop("size", 0) > LONG_LIST and "from_list" in listed
    several = name == "select_multiple"
    if long:
        return Reference(**shared, **listed, several=several)
    if several:
        return Multiple(**shared, **listed)
    if re.search(r"\b(minimal|autocomplete)\b", row["appearance"]):
        listed = {**listed, "display": "select"}
    return Single(**shared, **listed)


def _text(shared: Shared, row: Shared, say: Say) -> Any:
    if "multiline" in row["appearance"]:
        return LongText(**shared, max_length=5000)
    if "numbers" in row["appearance"]:
        return ShortText(**shared, max_length=1000, regex="[0-9 .,+-]*")
    return ShortText(**shared, max_length=1000)


def _date(shared: Shared, row: Shared, say: Say) -> Any:
    look = row["appearance"]
    if look == "year":
        return Date(**shared, precision="year")
    return Date(**shared, precision="month" if "month-year" in look else "day")


def _moment(shared: Shared, row: Shared, say: Say) -> Any:
    say("L’heure n’est pas demandée\u00a0: la question ne garde que la date.")
    return _date(shared, row, say)


def _range(shared: Shared, row: Shared, say: Say) -> Any:
    given = parameters(row["parameters"])
    numbers = {k: float(v) for k, v in given.items() if re.fullmatch(r"-?\d+(\.\d+)?", v)}
    start, end = numbers.get("start", 1.0), numbers.get("end", 10.0)
    step = abs(numbers.get("step", 1.0)) or 1.0
    whole = all(n.is_integer() for n in (start, end, step))
    return Number(
        **shared, minimum=min(start, end), maximum=max(start, end), step=step, integer=whole
    )


def parameters(cell: str) -> dict[str, str]:
    """Return the parameters of a row: ``start=1 end=10`` or ``start=1; end=10``."""
    return {name.lower(): value for name, value in re.findall(r"([\w-]+)\s*=\s*([^\s;,]+)", cell)}


def _note(shared: Shared, row: Shared, say: Say) -> Any:
    kept = {k: v for k, v in shared.items() if k in ("key", "label", "hint", "relevant")}
    return Statement(**kept)


def _scanned(shared: Shared, row: Shared, say: Say) -> Any:
    say("Le code-barres est saisi au clavier.")
    return ShortText(**shared, max_length=200)


_SIMPLE: dict[str, Callable[[Shared, Shared, Say], Any]] = {
    "text": _text,
    "digits": lambda shared, row, say: ShortText(**shared, max_length=40, regex="[0-9 .+-]*"),
    "integer": lambda shared, row, say: Number(**shared, integer=True),
    "decimal": lambda shared, row, say: Number(**shared),
    "range": _range,
    "date": _date,
    "dateTime": _moment,
    "time": lambda shared, row, say: ShortText(**shared, max_length=5, regex=HOUR),
    "note": _note,
    "acknowledge": lambda shared, row, say: Consent(**shared, statement=shared["label"]),
    "barcode": _scanned,
}
