"""Read the accounts."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from consultation.accounts.models import Grant, Membership, User


def by_id(session: Session, user_id: int) -> User | None:
    """Return the person with their grants and organisation, in one statement."""
    return session.scalars(_whole().where(User.id == user_id)).unique().one_or_none()


def by_email(session: Session, email: str) -> User | None:
    """Return the person of a clean address (see ``rules.clean_email``), or ``None``."""
    return session.scalars(_whole().where(User.email == email)).unique().one_or_none()


def for_session(session: Session, user_id: int, session_version: int) -> User | None:
    """Return the person of a session that has not been ended, in one statement."""
    statement = _whole().where(User.id == user_id, User.session_version == session_version)
    return session.scalars(statement).unique().one_or_none()


def other_administrators(session: Session, user_id: int) -> list[int]:
    """Return who else administers the site; the rows stay locked until the commit."""
    statement = (
        select(Grant)
        .where(Grant.role == "administrator", Grant.consultation_id.is_(None))
        .order_by(Grant.id)
        .with_for_update()
    )
    return [g.user_id for g in session.scalars(statement) if g.user_id != user_id]


def _whole() -> Select[User]:
    return select(User).options(
        joinedload(User.grants), joinedload(User.membership).joinedload(Membership.organisation)
    )
