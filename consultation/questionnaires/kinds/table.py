"""The table of kinds: the one place that lists them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from consultation.questionnaires.kinds import (
    allocation,
    consent,
    date,
    file,
    long_text,
    matrix,
    multiple,
    number,
    ranking,
    reference,
    scale,
    short_text,
    single,
    statement,
)
from consultation.questionnaires.kinds.question import Answer, Column, Fields, Resolved

AnyQuestion = (
    single.Single
    | multiple.Multiple
    | scale.Scale
    | matrix.Matrix
    | ranking.Ranking
    | number.Number
    | allocation.Allocation
    | short_text.ShortText
    | long_text.LongText
    | date.Date
    | file.File
    | reference.Reference
    | consent.Consent
    | statement.Statement
)


class Kind(Protocol):
    """The functions each file of this folder has.

    ``SHAPE`` is how expressions see the answer, ``SUMMARY`` how results draw it.
    ``errors``, ``display`` and ``pack`` are called only when there is an answer.
    """

    SHAPE: str
    SUMMARY: str

    def check(self, resolved: Resolved) -> list[str]: ...
    def read(self, resolved: Resolved, fields: Fields) -> dict[str, Answer]: ...
    def errors(
        self, resolved: Resolved, answers: Mapping[str, Answer], language: str
    ) -> list[str]: ...
    def display(
        self, resolved: Resolved, answers: Mapping[str, Answer], language: str
    ) -> list[str]: ...
    def columns(self, resolved: Resolved) -> list[Column]: ...
    def cells(self, resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]: ...
    def width(self, resolved: Resolved) -> int: ...
    def pack(self, resolved: Resolved, answers: Mapping[str, Answer]) -> bytes: ...


KINDS: dict[str, Kind] = {
    name: cast(Kind, module)
    for name, module in (
        ("single", single),
        ("multiple", multiple),
        ("scale", scale),
        ("matrix", matrix),
        ("ranking", ranking),
        ("number", number),
        ("allocation", allocation),
        ("short_text", short_text),
        ("long_text", long_text),
        ("date", date),
        ("file", file),
        ("reference", reference),
        ("consent", consent),
        ("statement", statement),
    )
}


def name_of(question: Any) -> str:
    """Return the name of the kind of ``question``."""
    return str(question.__struct_config__.tag)


def kind_of(question: Any) -> Kind:
    """Return the functions of the kind of ``question``."""
    return KINDS[name_of(question)]
