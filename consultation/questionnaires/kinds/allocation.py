"""Allocation: shares given to rows, that add up to a total, as ``{row: number}``."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from consultation.questionnaires.kinds import number
from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Question,
    Resolved,
    Row,
    Text,
    is_typed,
    say,
    typed,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "rows"
SUMMARY = "allocation"


class Allocation(Question, tag="allocation"):
    """Numbers from 0 that share out ``total`` between rows."""

    rows: list[Row] = []
    rows_from: str | None = None
    total: float = 100
    integer: bool = False
    unit: Text = {}


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    problems = [] if len(resolved.rows) > 1 else ["il faut au moins deux lignes à répartir"]
    if resolved.question.total <= 0:
        problems.append("le total à répartir est supérieur à zéro")
    return problems


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the shares given, or what was typed when one is not a number."""
    texts = {row.value: fields.one(f"{resolved.key}.{row.value}")[:200] for row in resolved.rows}
    texts = {row: text for row, text in texts.items() if text}
    if not texts:
        return {}
    shares = {row: number.parse(text) for row, text in texts.items()}
    if None in shares.values():
        return {resolved.key: typed(texts)}
    return {resolved.key: shares}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer; a row left empty counts as zero."""
    question, answer = resolved.question, answers[resolved.key]
    if is_typed(answer):
        return [sentence("number", language, example=number.write(question.total / 2, language))]
    if any(share < 0 for share in answer.values()):
        return [sentence("at_least", language, low="0")]
    if question.integer and any(not float(share).is_integer() for share in answer.values()):
        return [
            sentence("whole", language, example=number.write(round(question.total / 2), language))
        ]
    now = sum(answer.values())
    if abs(now - question.total) > 1e-6:
        total = f"{number.write(question.total, language)} {say(question.unit, language)}".strip()
        return [sentence("total", language, total=total, now=number.write(now, language))]
    return []


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return a line per row with its share."""
    unit, answer = say(resolved.question.unit, language), answers[resolved.key]
    return [
        f"{say(row.label, language)}\u00a0: "
        f"{number.write(answer.get(row.value, 0), language)}\u00a0{unit}".rstrip()
        for row in resolved.rows
    ]


def columns(resolved: Resolved) -> list[Column]:
    """One column per row."""
    label = say(resolved.question.label)
    return [
        Column(f"{resolved.key}_{row.value}", f"{label} – {say(row.label)}", "number")
        for row in resolved.rows
    ]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the share of each row; zero where it was left empty."""
    answer = answers.get(resolved.key)
    if answer is None or is_typed(answer):
        return [None] * len(resolved.rows)
    return [answer.get(row.value, 0) for row in resolved.rows]


def width(resolved: Resolved) -> int:
    """Eight bytes a row: little-endian doubles."""
    return 8 * len(resolved.rows)


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return the shares as doubles."""
    return struct.pack(f"<{len(resolved.rows)}d", *cells(resolved, answers))
