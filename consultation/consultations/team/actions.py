"""Give and take back a role on one consultation. The caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from consultation.accounts import actions as accounts
from consultation.accounts import queries as people
from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused, check_last_organiser
from consultation.consultations.team import queries
from consultation.web.typography import NBSP


def welcome(
    session: Session,
    consultation: Consultation,
    email: str,
    role: str,
    *,
    actor_id: int,
    now: datetime,
) -> User:
    """Give ``role`` to the account of a clean ``email``; raise :class:`Refused` without one."""
    user = people.by_email(session, email)
    if user is None or user.email_confirmed_at is None:
        raise Refused(
            "email",
            f"Aucun compte n’utilise cette adresse. Demandez à cette personne d’en créer un{NBSP}: "
            "vous pourrez ensuite l’ajouter",
        )
    given = accounts.grant_role(session, user, role, consultation.id, actor_id=actor_id, now=now)
    if not given:
        raise Refused("email", f"{user.display_name} a déjà ce rôle")
    return user


def dismiss(
    session: Session,
    consultation: Consultation,
    user: User,
    role: str,
    *,
    actor_id: int,
    now: datetime,
) -> bool:
    """Take ``role`` back from ``user``; raise :class:`Refused` for the last organiser."""
    check_last_organiser(role, queries.organisers(session, consultation.id))
    taken = accounts.revoke_role(session, user, role, consultation.id, actor_id=actor_id, now=now)
    # SQLite locks no row: two organisers who dismiss each other are only seen once one has written.
    check_last_organiser(role, queries.organisers(session, consultation.id) + 1)
    return taken
