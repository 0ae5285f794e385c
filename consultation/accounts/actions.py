"""Change the accounts; the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from consultation.accounts import queries
from consultation.accounts.models import Grant, User
from consultation.accounts.rules import ROLES, Refused
from consultation.audit import actions as audit


def grant_role(
    session: Session,
    user: User,
    role: str,
    consultation_id: int | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """Give ``role`` to ``user``, on one consultation or on the site (``None``).

    Return ``False`` when the role was already held there. The person's sessions go on.
    """
    if role not in ROLES:
        raise ValueError(f"unknown role: {role!r}")
    if any((g.role, g.consultation_id) == (role, consultation_id) for g in user.grants):
        return False
    user.grants.append(
        Grant(role=role, consultation_id=consultation_id, granted_by=actor_id, created_at=now)
    )
    session.flush()
    _journal(session, "grant", user, role, consultation_id, actor_id, now)
    return True


def revoke_role(
    session: Session,
    user: User,
    role: str,
    consultation_id: int | None,
    *,
    actor_id: int | None,
    now: datetime,
) -> bool:
    """Take ``role`` back from ``user``; return ``False`` when it was not held there.

    Raise :class:`Refused` when the person is the last administrator of the site.
    """
    held = [g for g in user.grants if (g.role, g.consultation_id) == (role, consultation_id)]
    if not held:
        return False
    if role == "administrator" and consultation_id is None:
        _keep_one_administrator(session, user)
    user.grants.remove(held[0])
    session.flush()
    _journal(session, "revoke", user, role, consultation_id, actor_id, now)
    return True


def _keep_one_administrator(session: Session, user: User) -> None:
    others = queries.other_administrators(session, user.id)
    if not others:
        raise Refused("Nommez d’abord un autre administrateur : celui-ci est le dernier.")


def _journal(
    session: Session,
    verb: str,
    user: User,
    role: str,
    consultation_id: int | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="user",
        subject_id=user.id,
        now=now,
        consultation_id=consultation_id,
        details={"role": role},
    )
