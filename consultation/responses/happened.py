"""Read what happened to the responses of a person: sendings, withdrawals, changes, closings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, cast, literal, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from consultation.consultations.models import Change, Consultation
from consultation.db import Identifier
from consultation.responses.models import Response, Submission, Withdrawal
from consultation.responses.queries import own_or_shared

Kind = Literal["sent", "withdrawn", "changed", "closed"]
Moment = InstrumentedAttribute[datetime]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a response.

    ``number`` is that of the submission, 0 without one; ``sentence`` what the consultation said of
    its change; ``status`` that of the response now; ``shared`` its number in addresses, if any;
    ``by`` who took a submission back.
    """

    kind: Kind
    at: datetime
    number: int
    sentence: str
    slug: str
    title: dict[str, str]
    status: str
    shared: int | None
    by: int | None


def happened(session: Session, user_id: int, now: datetime, limit: int) -> Iterator[Event]:
    """Yield the latest ``limit`` events of each kind; one statement a kind."""
    own = own_or_shared(user_id)
    for kind, moment, statement in _statements(now):
        latest = statement.where(own).order_by(moment.desc()).limit(limit)
        for row in session.execute(latest):
            at, number, sentence, by, slug, title, status, response_id, organisation_id = row
            shared = None if organisation_id is None else response_id
            yield Event(kind, at, number, sentence, slug, title, status, shared, by)


def _statements(now: datetime) -> Iterator[tuple[Kind, Moment, Select[*tuple[Any, ...]]]]:
    none, silent, nobody = literal(0), literal(""), cast(null(), Identifier)
    yield (
        "sent",
        Submission.submitted_at,
        _told(Submission.submitted_at, Submission.number, silent, nobody).join(
            Submission, Submission.response_id == Response.id
        ),
    )
    yield (
        "withdrawn",
        Withdrawal.withdrawn_at,
        _told(Withdrawal.withdrawn_at, Submission.number, silent, Withdrawal.withdrawn_by)
        .join(Withdrawal, Withdrawal.response_id == Response.id)
        .join(Submission, Submission.id == Withdrawal.submission_id),
    )
    yield (
        "changed",
        Change.at,
        _told(Change.at, none, Change.sentence, nobody)
        .join(Change, Change.consultation_id == Consultation.id)
        .where(Change.at >= Response.created_at),
    )
    yield (
        "closed",
        Consultation.closes_at,
        _told(Consultation.closes_at, none, silent, nobody).where(Consultation.closes_at < now),
    )


def _told(
    moment: Moment,
    number: ColumnElement[int] | InstrumentedAttribute[int],
    sentence: Any,
    by: Any,
) -> Select[*tuple[Any, ...]]:
    return (
        select(
            moment,
            number,
            sentence,
            by,
            Consultation.slug,
            Consultation.title,
            Response.status,
            Response.id,
            Response.organisation_id,
        )
        .select_from(Response)
        .join(Consultation, Consultation.id == Response.consultation_id)
    )
