"""Any number of respondents for one consultation, batch after batch, in constant memory."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import numpy as np
from numpy.random import Generator
from sqlalchemy.orm import Session

from consultation.demo.amounts import Areas
from consultation.demo.answers import draw_batch
from consultation.demo.profiles import reserved, write
from consultation.demo.records import Arrival, Recording, Survey
from consultation.demo.timetable import Timetable

BATCH = 2_000
"""Respondents drawn and written at a time."""

BATCHES_PER_COMMIT = 10
DRAFTS = 0.12
"""Responses begun and never sent, for each one sent."""


def drafts_for(sent: int) -> int:
    """Return how many responses are left unsent beside ``sent`` ones."""
    return round(sent * DRAFTS)


def populate(
    session: Session,
    survey: Survey,
    timetable: Timetable,
    areas: Areas,
    *,
    total: int,
    first_number: int,
    seed: int,
    advance: Callable[[int], object],
) -> int:
    """Add ``total`` respondents who send, and some who do not; return the next free number.

    Each batch has its own generator, so that the data depends on the seed and the total alone.
    Commits every ``BATCHES_PER_COMMIT`` batches, and leaves the last ones to the caller.
    """
    recording, number = Recording(survey), first_number
    for turn, start in enumerate(range(0, total, BATCH), 1):
        size = min(BATCH, total - start)
        everybody = size + drafts_for(size)
        rng = np.random.default_rng([seed, first_number, start])
        shares = _arrival_shares(rng, everybody, start / total, size / total)
        with _no_collection():
            rows = reserved(session, everybody)
            batch = draw_batch(rng, number, everybody, survey.version, areas)
            recording.record(rows, batch, _arrivals(rng, timetable.at(shares), size))
            write(session, rows)
        number += everybody
        if turn % BATCHES_PER_COMMIT == 0:
            session.commit()
        advance(size)
    return number


def _arrival_shares(
    rng: Generator, count: int, start: float, width: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """One share of all arrivals per respondent of the batch, increasing within its slice."""
    return start + width * (np.arange(count) + rng.random(count)) / count


def _arrivals(rng: Generator, moments: list[datetime], sent: int) -> list[Arrival]:
    """Say who sends: ``sent`` of them, anywhere in the batch."""
    sends = np.zeros(len(moments), dtype=bool)
    sends[rng.permutation(len(moments))[:sent]] = True
    return [Arrival(moment, yes) for moment, yes in zip(moments, sends.tolist(), strict=True)]


@contextmanager
def _no_collection() -> Iterator[None]:
    """Spare the search for cycles: a batch makes many objects and no cycle, a fifth less time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
