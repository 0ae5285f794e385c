"""The second factor of staff: an authenticator application and recovery codes."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from consultation.accounts import actions, queries
from consultation.accounts.models import Credential, User
from consultation.accounts.rules.second_factor import (
    RECOVERY_CODES,
    accepted_step,
    clean_code,
    is_recovery,
    new_recovery_code,
)
from consultation.accounts.vault import Vault

ISSUER = "Consultations des Régions"


def new_secret() -> str:
    """Return a secret of 160 bits, in base 32, for an authenticator application."""

    import pyotp  # for the few who have one

    return pyotp.random_base32()


def address(secret: str, user: User) -> str:
    """Return the ``otpauth:`` address that an application on the same device opens."""

    import pyotp

    return pyotp.TOTP(secret, name=user.email, issuer=ISSUER).provisioning_uri()


def enrol(
    session: Session, vault: Vault, user: User, secret: str, typed: str, now: datetime
) -> list[str] | None:
    """Keep ``secret`` if the code typed comes from it; return the recovery codes to write down.

    ``None``: the code is wrong, and nothing changes.
    """
    step = accepted_step(secret, clean_code(typed), now, None)
    if step is None:
        return None
    reset(session, user)
    sealed = vault.keys.encrypt("second factor", secret)
    session.add(_credential(user, "totp", sealed, now, counter=step))
    codes = [new_recovery_code(secrets.choice) for _ in range(RECOVERY_CODES)]
    for code in codes:
        session.add(_credential(user, "recovery", _digest(vault, user, code), now))
    session.flush()
    actions.journal(session, "enrol_second_factor", user, now, actor_id=user.id)
    return codes


def check(session: Session, vault: Vault, user: User, typed: str, now: datetime) -> bool:
    """Whether ``typed`` is a code of the application or a recovery code, neither used before."""
    code = clean_code(typed)
    if is_recovery(code):
        return _use_recovery(session, vault, user, code, now)
    kept = queries.credential(session, user.id, "totp")
    secret = vault.keys.decrypt("second factor", kept.secret) if kept else None
    if kept is None or secret is None:
        return False
    step = accepted_step(secret, code, now, kept.counter)
    return step is not None and _take_step(session, kept.id, step)


def reset(session: Session, user: User) -> None:
    """Forget the second factor and the recovery codes of ``user``."""
    session.execute(
        delete(Credential)
        .where(Credential.user_id == user.id, Credential.kind.in_(("totp", "recovery")))
        .execution_options(synchronize_session=False)
    )


def remove(session: Session, user: User, now: datetime) -> None:
    """Do without a second factor, at the person's own request."""
    reset(session, user)
    actions.journal(session, "reset_second_factor", user, now, actor_id=user.id)


def reset_by(session: Session, user: User, *, actor_id: int, now: datetime) -> None:
    """Forget the second factor of somebody who lost it, and end their sessions."""
    reset(session, user)
    user.session_version += 1
    actions.journal(session, "reset_second_factor", user, now, actor_id=actor_id)


def _take_step(session: Session, credential_id: int, step: int) -> bool:
    """Mark a time step used; ``False`` when a code of it, or of a later one, was used before."""
    taken = session.execute(
        update(Credential)
        .where(
            Credential.id == credential_id,
            or_(Credential.counter.is_(None), Credential.counter < step),
        )
        .values(counter=step)
        .returning(Credential.id)
        .execution_options(synchronize_session=False)
    )
    return taken.one_or_none() is not None


def _use_recovery(session: Session, vault: Vault, user: User, code: str, now: datetime) -> bool:
    used = session.execute(
        delete(Credential)
        .where(
            Credential.user_id == user.id,
            Credential.kind == "recovery",
            Credential.secret == _digest(vault, user, code),
        )
        .returning(Credential.id)
        .execution_options(synchronize_session=False)
    ).first()
    if used:
        actions.journal(session, "use_recovery_code", user, now, actor_id=user.id)
    return used is not None


def _credential(
    user: User, kind: str, secret: str, now: datetime, counter: int | None = None
) -> Credential:
    return Credential(
        user_id=user.id,
        kind=kind,
        secret=secret,
        created_at=now,
        confirmed_at=now,
        counter=counter,
    )


def _digest(vault: Vault, user: User, code: str) -> str:
    return vault.keys.digest("recovery", str(user.id), code).hex()
