"""Read the consultations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, load_only

from consultation.consultations.models import Change, Consultation
from consultation.rows import attach, read_rows


def by_slug(session: Session, slug: str) -> Consultation | None:
    """Return the consultation, draft or published, in one statement."""
    found = read_rows(session, _by_slug(), {"slug": slug})
    return attach(session, Consultation, found[0]) if found else None


@cache
def _by_slug() -> Select[*tuple[Any, ...]]:
    # Built once: every page of a respondent asks for it.
    return select(Consultation.__table__).where(Consultation.slug == bindparam("slug"))


def with_documents(session: Session, slug: str) -> Consultation | None:
    """Return the consultation and its documents, in one statement."""
    return session.scalars(_with_documents(), {"slug": slug}).unique().one_or_none()


@cache
def _with_documents() -> Select[Consultation]:
    whose = Consultation.slug == bindparam("slug")
    return select(Consultation).where(whose).options(joinedload(Consultation.documents))


def published(session: Session) -> Sequence[Consultation]:
    """Return every published consultation, without its long texts, the first to close first."""
    statement = (
        select(Consultation)
        .where(Consultation.state == "published")
        .options(load_only(*LISTED, raiseload=True))
        .order_by(Consultation.closes_at, Consultation.id)
    )
    return session.scalars(statement).all()


LISTED = (
    Consultation.slug,
    Consultation.state,
    Consultation.title,
    Consultation.summary,
    Consultation.theme,
    Consultation.audience,
    Consultation.opens_at,
    Consultation.closes_at,
    Consultation.results_on,
    Consultation.version_id,
    Consultation.demonstration,
)
"""What a list shows of a consultation."""


def among(session: Session, identifiers: Collection[int]) -> Sequence[Consultation]:
    """Return the consultations of ``identifiers``, the last to close first."""
    statement = (
        select(Consultation)
        .where(Consultation.id.in_(identifiers))
        .options(load_only(*LISTED, raiseload=True))
        .order_by(Consultation.closes_at.desc(), Consultation.id)
    )
    return session.scalars(statement).all()


def every(session: Session) -> Sequence[Consultation]:
    """Return every consultation, the last to close first."""
    statement = (
        select(Consultation)
        .options(load_only(*LISTED, raiseload=True))
        .order_by(Consultation.closes_at.desc(), Consultation.id)
    )
    return session.scalars(statement).all()


def changes(session: Session, consultation_id: int) -> Sequence[Change]:
    """Return the public history, the latest change first."""
    return session.scalars(_changes(), {"consultation": consultation_id}).all()


@cache
def _changes() -> Select[Change]:
    return (
        select(Change)
        .where(Change.consultation_id == bindparam("consultation"))
        .order_by(Change.at.desc(), Change.id.desc())
    )
