"""Reading the vectors of submissions as columns: one category number per row. Pure, numpy.

A category is numbered as in the plan, from 0; -1 stands for whoever is not in the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from consultation.questionnaires.compiled import Item
from consultation.questionnaires.layout import ANSWERED
from consultation.results.disclosure.cells import Flags, Real, Whole
from consultation.results.questions import Choice, Question

Bytes = npt.NDArray[np.uint8]


def matrix(codes: Sequence[bytes], width: int) -> Bytes:
    """Return the vectors as a matrix, a row a submission."""
    return np.frombuffer(b"".join(codes), dtype=np.uint8).reshape(len(codes), width)


def presence(block: Bytes, item: Item) -> Whole:
    """Return 0 not seen, 1 not answered, 2 answered; an unknown option is not an answer."""
    return block[:, item.offset].astype(np.int64)


def numbers(block: Bytes, item: Item, size: int, kind: str) -> npt.NDArray[np.generic]:
    """Return ``size`` fields of numpy type ``kind`` per row, after the presence byte."""
    start = item.offset + 1
    width = np.dtype(kind).itemsize
    field = np.ascontiguousarray(block[:, start : start + size * width])
    return field.view(kind).reshape(len(block), size)


def categories(block: Bytes, item: Item, question: Question) -> Iterator[Whole]:
    """Yield the categories of each table of a closed question, in the order of its tables.

    single, scale: one table; matrix: one per line, « line not answered » last; multiple: one per
    option, chosen (0) or not (1); ranking: one, option x rank flattened, see ``ranking``.
    """
    answered = block[:, item.offset] == ANSWERED
    if question.kind in ("single", "scale"):
        yield _single(block, item, question, answered)
    elif question.kind == "multiple":
        yield from _multiple(block, item, question, answered)
    elif question.kind == "matrix":
        yield from _matrix(block, item, question, answered)


def _single(block: Bytes, item: Item, question: Question, answered: Flags) -> Whole:
    lookup = renumbered(question.choices, item.resolved.options)
    return np.where(answered, lookup[numbers(block, item, 1, "<u2")[:, 0]], -1)


def _multiple(block: Bytes, item: Item, question: Question, answered: Flags) -> Iterator[Whole]:
    places = {option.value: place for place, option in enumerate(item.resolved.options)}
    for choice in question.choices:
        place = places.get(choice.value)
        if place is None:
            yield np.where(answered, 1, -1)
        else:
            chosen = block[:, item.offset + 1 + place // 8] & np.uint8(1 << place % 8)
            yield np.where(answered, (chosen == 0).astype(np.int64), -1)


def _matrix(block: Bytes, item: Item, question: Question, answered: Flags) -> Iterator[Whole]:
    lookup = renumbered(question.choices, item.resolved.options)
    lookup[0] = len(question.choices)
    places = {row.value: place for place, row in enumerate(item.resolved.rows)}
    for line in question.lines:
        place = places.get(line.value)
        if place is None:
            yield np.where(answered, len(question.choices), -1)
        else:
            yield np.where(answered, lookup[block[:, item.offset + 1 + place]], -1)


def ranks(block: Bytes, item: Item, question: Question) -> Iterator[Whole]:
    """Yield for each option its rank from 0, ``question.ranks`` when it is not ranked."""
    answered = block[:, item.offset] == ANSWERED
    places = {option.value: place for place, option in enumerate(item.resolved.options)}
    for choice in question.choices:
        place = places.get(choice.value)
        unranked = np.full(len(block), question.ranks)
        if place is not None:
            rank = block[:, item.offset + 1 + place].astype(np.int64)
            unranked = np.where(rank == 0, question.ranks, rank - 1)
        yield np.where(answered, unranked, -1)


def values(block: Bytes, item: Item, question: Question) -> Real:
    """Return the numbers answered, a column per line; NaN where there is none."""
    answered = block[:, item.offset] == ANSWERED
    found = np.full((len(block), max(len(question.lines), 1)), np.nan)
    if question.kind == "date":
        days = numbers(block, item, 1, "<u4")[:, 0]
        found[answered, 0] = years(days[answered].astype(np.int64))
    elif question.kind == "number":
        found[answered, 0] = numbers(block, item, 1, "<f8")[answered, 0]
    else:
        shares = numbers(block, item, len(item.resolved.rows), "<f8")
        places = {row.value: place for place, row in enumerate(item.resolved.rows)}
        for column, line in enumerate(question.lines):
            if line.value in places:
                found[answered, column] = shares[answered, places[line.value]]
    return found


def years(ordinals: Whole) -> Real:
    """Return the year of proleptic Gregorian ordinals (1 is 1 January of year 1)."""
    days = (ordinals - 719_163).astype("datetime64[D]")
    return days.astype("datetime64[Y]").astype(np.int64).astype(np.float64) + 1970.0


def renumbered(choices: Sequence[Choice], options: Sequence[Choice] | Sequence[object]) -> Whole:
    """Return, for each number of a version (from 1), the place of the option in the plan."""
    places = {choice.value: place for place, choice in enumerate(choices)}
    found = [places.get(option.value, -1) for option in options]  # type: ignore[attr-defined]
    return np.array([-1, *found])
