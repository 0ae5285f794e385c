"""Counting and masking ahead of the readers, in the background."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.results import queries


def warm(session: Session) -> int:
    """Bring the snapshots of every consultation up to date; return the number of tables read.

    What has not changed costs a statement.
    """
    return sum(warm_one(session, consultation) for consultation in _published(session))


def warm_one(session: Session, consultation: Consultation) -> int:
    """Bring the snapshots of one consultation up to date.

    Each section is committed as soon as it is written: masking the next one takes seconds, and
    nobody who saves an answer may wait for that.
    """
    read, section = 0, 0
    for table in queries.tables(session, consultation):
        if table.section != section:
            section = table.section
            session.commit()
        read += 1
    session.commit()
    return read


def _published(session: Session) -> Sequence[Consultation]:
    statement = select(Consultation).where(
        Consultation.state == "published", Consultation.version_id.is_not(None)
    )
    return session.scalars(statement.order_by(Consultation.id)).all()
