"""Making the exports that wait, one after the other, with their progress written as they go."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from consultation.consultations.models import Consultation
from consultation.exports import actions
from consultation.exports.models import ExportJob
from consultation.exports.rules import KINDS
from consultation.lib.file_store import FileStore
from consultation.results.warming import warm_one

EVERY = 5000
"""Rows between two notes of the progress."""

logger = logging.getLogger(__name__)


def make_waiting(
    sessions: sessionmaker[Session], store: FileStore, clock: Callable[[], datetime]
) -> int:
    """Make every export that waits; return how many. One that fails is noted and left."""
    made = 0
    with sessions.begin() as session:
        actions.expire(session, clock())
    while (number := _claimed(sessions, clock())) is not None:
        _make(sessions, store, clock, number)
        made += 1
    return made


def _claimed(sessions: sessionmaker[Session], now: datetime) -> int | None:
    with sessions.begin() as session:
        return actions.claim_next(session, now)


def _count_first(sessions: sessionmaker[Session], number: int) -> None:
    """Count and mask in short transactions, so that making the file only reads."""
    with sessions() as session:
        job = session.get_one(ExportJob, number)
        if not KINDS[job.kind].individual:
            warm_one(session, session.get_one(Consultation, job.consultation_id))


def _make(
    sessions: sessionmaker[Session],
    store: FileStore,
    clock: Callable[[], datetime],
    number: int,
) -> None:
    noted = 0

    def note(done: int) -> None:
        nonlocal noted
        if done - noted >= EVERY:
            noted = done
            with sessions.begin() as other:
                other.execute(update(ExportJob).where(ExportJob.id == number).values(done=done))

    try:
        _count_first(sessions, number)
        with sessions.begin() as session:
            job = session.get_one(ExportJob, number)
            session.expunge(job)
            actions.make(session, job, store, clock(), note)
            session.merge(job)
    except Exception:
        logger.exception("export %s could not be made", number)
        with sessions.begin() as session:
            actions.fail(session.get_one(ExportJob, number), clock())
