"""Arrays as bytes, and back. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from consultation.results.bins import Bins
from consultation.results.counted import Counted, CountedQuestion, Values
from consultation.results.disclosure.amounts import Amounts
from consultation.results.disclosure.cells import NOT_ANSWERED, NOT_SEEN, Counts, Whole, quieted
from consultation.results.gate import GatedQuestion
from consultation.results.questions import Plan

Array = npt.NDArray[Any]


def pack(arrays: Sequence[Array], extra: Any = None) -> bytes:
    """Return the arrays, and something made of plain values, as compressed bytes."""
    small = [_narrow(array) for array in arrays]
    head = [(array.dtype.str, array.shape) for array in small]
    body = b"".join(array.tobytes() for array in small)
    return zlib.compress(msgspec.msgpack.encode((head, extra, body)), level=1)


def unpack(data: bytes) -> tuple[Iterator[Array], Any]:
    """Return what ``pack`` was given; whole numbers come back as 64-bit integers."""
    head, extra, body = msgspec.msgpack.decode(zlib.decompress(data))
    return _arrays(head, body), extra


def _arrays(head: Sequence[tuple[str, Sequence[int]]], body: bytes) -> Iterator[Array]:
    offset = 0
    for kind, shape in head:
        dtype = np.dtype(kind)
        size = int(np.prod(shape, dtype=np.int64))
        found = np.frombuffer(body, dtype, size, offset).reshape(shape)
        offset += size * dtype.itemsize
        yield found.astype(np.int64) if dtype.kind == "i" else found.copy()


def _narrow(array: Array) -> Array:
    """Return whole numbers in the smallest type that holds them."""
    if array.dtype.kind != "i" or not array.size:
        return array
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= array.min() and array.max() <= np.iinfo(kind).max:
            return array.astype(kind)
    return array


# --- what was counted ----------------------------------------------------------------------------


def pack_counted(plan: Plan, counted: Counted) -> bytes:
    """Pack a consultation counted following ``plan``."""
    arrays = _parts(counted.everybody)
    bins: dict[str, Any] = {}
    for key in plan.questions:
        question = counted.questions[key]
        for table in (question.participation, *question.tables):
            arrays += _parts(table)
        for each in question.values:
            amounts = each.amounts
            arrays += [each.median, amounts.sum, amounts.absolute, amounts.top, amounts.repeated]
        if question.bins is not None:
            found = question.bins
            bins[key] = (found.edges, found.single, found.low_open, found.high_open)
    sizes = {
        key: (len(counted.questions[key].tables), len(counted.questions[key].values))
        for key in plan.questions
    }
    return pack(arrays, (sizes, bins))


def unpack_counted(plan: Plan, data: bytes) -> Counted:
    """Return what ``pack_counted`` packed, following the same ``plan``."""
    arrays, (sizes, bins) = unpack(data)
    everybody, questions = _counts(arrays), {}
    for key, question in plan.questions.items():
        took_part = quieted(_counts(arrays), NOT_SEEN, NOT_ANSWERED)
        tables = [_counts(arrays) for _ in range(sizes[key][0])]
        if question.kind == "matrix":
            tables = [quieted(table, len(question.choices)) for table in tables]
        values = [_values(arrays) for _ in range(sizes[key][1])]
        edges, *rest = bins.get(key, (None,))
        found = None if edges is None else Bins(tuple(edges), *rest)
        questions[key] = CountedQuestion(took_part, tables, values, found)
    return Counted(everybody, questions)


def _parts(counts: Counts) -> list[Array]:
    return [counts.n, counts.n - counts.units, counts.persons, counts.repeated]


def _counts(arrays: Iterator[Array]) -> Counts:
    n, surplus, persons, repeated = (next(arrays) for _ in range(4))
    return Counts(n, n - surplus, persons, repeated)


def _values(arrays: Iterator[Array]) -> Values:
    median, *amounts = (next(arrays) for _ in range(5))
    return Values(median, Amounts(*amounts))


# --- what was masked -----------------------------------------------------------------------------


def pack_gated(everybody: Whole, questions: dict[str, GatedQuestion]) -> bytes:
    """Pack the reasons of everybody and of some questions."""
    arrays: list[Array] = [everybody]
    sizes = []
    for key, question in questions.items():
        arrays += [question.participation, *question.tables, *question.values]
        sizes.append((key, len(question.tables), len(question.values)))
    return pack(arrays, sizes)


def unpack_gated(data: bytes) -> tuple[Whole, dict[str, GatedQuestion]]:
    """Return what ``pack_gated`` packed."""
    arrays, sizes = unpack(data)
    everybody = next(arrays)
    questions = {}
    for key, tables, values in sizes:
        questions[key] = GatedQuestion(
            next(arrays),
            tuple(next(arrays) for _ in range(tables)),
            tuple(next(arrays) for _ in range(values)),
        )
    return everybody, questions
