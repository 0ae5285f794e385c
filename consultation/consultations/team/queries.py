"""Read the team of a consultation."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import Grant, User

TEAM_ROLES = ("organiser", "moderator", "analyst")
"""The roles given on one consultation, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team and the roles they hold on this consultation."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]


def members(session: Session, consultation_id: int) -> list[Member]:
    """Return the team in alphabetical order, in one statement."""
    statement = (
        select(User.id, User.display_name, User.email, Grant.role)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.consultation_id == consultation_id)
        .order_by(func.lower(User.display_name), User.id)
    )
    roles: dict[tuple[int, str, str], list[str]] = {}
    for identifier, name, email, role in session.execute(statement):
        roles.setdefault((identifier, name, email), []).append(role)
    return [Member(*who, roles=_in_order(held)) for who, held in roles.items()]


def _in_order(roles: list[str]) -> tuple[str, ...]:
    return tuple(sorted(roles, key=lambda r: TEAM_ROLES.index(r) if r in TEAM_ROLES else 9))


def organisers(session: Session, consultation_id: int) -> int:
    """Return how many people organise; their rows stay locked until the commit."""
    statement = (
        select(Grant.id)
        .where(Grant.consultation_id == consultation_id, Grant.role == "organiser")
        .order_by(Grant.id)
        .with_for_update()
    )
    return len(session.scalars(statement).all())
