"""Change people and their roles; the caller commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from consultation.accounts import queries
from consultation.accounts.models import Credential, Grant, Membership, Organisation, User
from consultation.accounts.rules.organisations import siren_of
from consultation.accounts.rules.refusal import Refusal
from consultation.accounts.rules.roles import ROLES
from consultation.audit import actions as audit


@dataclass(frozen=True, slots=True)
class OrganisationProfile:
    """What a person says of their organisation; ``siret`` is clean or ``None``."""

    name: str
    size: str | None = None
    siret: str | None = None


def open_account(
    session: Session,
    *,
    email: str,
    display_name: str,
    now: datetime,
    confirmed: bool = False,
    actor_type: str | None = None,
    region_code: str | None = None,
) -> User:
    """Create a person; ``email`` is clean and belongs to nobody yet."""
    user = User(
        email=email,
        display_name=display_name,
        email_confirmed_at=now if confirmed else None,
        created_at=now,
        actor_type=actor_type,
        region_code=region_code,
        session_version=1,
    )
    session.add(user)
    session.flush()
    journal(session, "sign_up", user, now, actor_id=user.id)
    return user


def set_password(session: Session, user: User, password_hash: str, now: datetime) -> None:
    """Replace the password of ``user``, or give the first one."""
    found = queries.credential(session, user.id, "password")
    if found:
        found.secret, found.created_at = password_hash, now
    else:
        session.add(
            Credential(user_id=user.id, kind="password", secret=password_hash, created_at=now)
        )
    session.flush()


def change_password(session: Session, user: User, password_hash: str, now: datetime) -> None:
    """Replace the password and end every session of ``user``, this one included."""
    set_password(session, user, password_hash, now)
    journal(session, "change_password", user, now, actor_id=user.id)
    user.session_version += 1


def drop_password(session: Session, user_id: int) -> bool:
    """Remove the password, if any; the person still comes in by letter. Tell whether one was."""
    dropped = session.execute(
        delete(Credential)
        .where(Credential.user_id == user_id, Credential.kind == "password")
        .returning(Credential.id)
        .execution_options(synchronize_session=False)
    )
    return dropped.one_or_none() is not None


def end_sessions(session: Session, user: User, *, actor_id: int, now: datetime) -> None:
    """End every session of ``user``, on every device."""
    user.session_version += 1
    journal(session, "end_sessions", user, now, actor_id=actor_id)


def change_profile(
    session: Session,
    user: User,
    *,
    display_name: str,
    actor_type: str,
    region_code: str | None,
    organisation: OrganisationProfile | None,
    now: datetime,
) -> None:
    """Say who the person is and for whom they answer; ``None``: in their own name."""
    user.display_name = display_name
    user.actor_type, user.region_code = actor_type, region_code
    if organisation is None:
        _leave(session, user)
    else:
        _describe(_organisation_of(user, organisation.name, now), user, organisation)
    session.flush()
    journal(session, "change_profile", user, now, actor_id=user.id)


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

    Return ``False`` when the role was already held there. Raise ``ValueError`` on an unknown role.
    """
    if role not in ROLES:
        raise ValueError(f"unknown role: {role!r}")
    if _held(user, role, consultation_id):
        return False
    user.grants.append(
        Grant(role=role, consultation_id=consultation_id, granted_by=actor_id, created_at=now)
    )
    session.flush()
    _journal_role(session, "grant", user, role, consultation_id, actor_id, now)
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

    Raise :class:`Refusal` when the person is the last administrator of the site.
    """
    held = _held(user, role, consultation_id)
    if not held:
        return False
    if (role, consultation_id) == ("administrator", None):
        _keep_one_administrator(session, user)
    user.grants.remove(held)
    session.flush()
    _journal_role(session, "revoke", user, role, consultation_id, actor_id, now)
    return True


def journal(
    session: Session,
    verb: str,
    user: User,
    now: datetime,
    *,
    actor_id: int | None,
    consultation_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Record what happened to ``user``."""
    audit.record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="user",
        subject_id=user.id,
        now=now,
        consultation_id=consultation_id,
        details=details,
    )


def _held(user: User, role: str, consultation_id: int | None) -> Grant | None:
    wanted = (role, consultation_id)
    return next((g for g in user.grants if (g.role, g.consultation_id) == wanted), None)


def _keep_one_administrator(session: Session, user: User) -> None:
    # Changes nothing but makes two administrators who remove each other take turns.
    session.execute(
        update(Grant)
        .where(Grant.role == "administrator", Grant.consultation_id.is_(None))
        .values(role="administrator")
        .execution_options(synchronize_session=False)
    )
    if not queries.other_administrators(session, user.id):
        raise Refusal("Nommez d’abord un autre administrateur, car celui-ci est le dernier.")


def _journal_role(
    session: Session,
    verb: str,
    user: User,
    role: str,
    consultation_id: int | None,
    actor_id: int | None,
    now: datetime,
) -> None:
    journal(
        session,
        verb,
        user,
        now,
        actor_id=actor_id,
        consultation_id=consultation_id,
        details={"role": role},
    )


def _organisation_of(user: User, name: str, now: datetime) -> Organisation:
    if user.membership is None:
        organisation = Organisation(name=name, actor_type="", created_at=now)
        user.membership = Membership(organisation=organisation, created_at=now)
    return user.membership.organisation


def _describe(organisation: Organisation, user: User, profile: OrganisationProfile) -> None:
    organisation.name, organisation.size = profile.name, profile.size
    organisation.siret = profile.siret
    organisation.siren = siren_of(profile.siret) if profile.siret else None
    organisation.actor_type = user.actor_type or ""
    organisation.region_code = user.region_code


def _leave(session: Session, user: User) -> None:
    if user.membership is None:
        return
    organisation = user.membership.organisation
    user.membership = None
    session.flush()
    if not queries.has_members(session, organisation.id):
        session.delete(organisation)


def read_notices(user: User, until: str, now: datetime) -> None:
    """Remember that ``user`` has read what happened until then: ISO 8601, ``now`` at the latest.

    What is not a moment, or is before the one remembered, changes nothing.
    """
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return
    if moment.tzinfo is None or moment > now:
        return
    if user.notices_read_at is None or moment > user.notices_read_at:
        user.notices_read_at = moment
