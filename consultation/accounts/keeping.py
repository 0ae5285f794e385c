"""What the accounts forget by themselves; run once an hour. The caller commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from consultation.accounts.attempts import forget_old
from consultation.accounts.models import Grant, SignInToken, User
from consultation.accounts.rules.sessions import UNCONFIRMED_LIFE

TOKEN_LIFE = timedelta(days=1)

Parting = Callable[[Session, Sequence[int], datetime], object]
_partings: dict[str, Parting] = {}


def before_parting(name: str, parting: Parting) -> None:
    """Call ``parting`` (session, numbers of people, now) before accounts disappear.

    A room above says here what becomes of what these people share with others.
    """
    _partings[name] = parting


def part_with(session: Session, user_ids: Sequence[int], now: datetime) -> None:
    """Remove accounts, once every room has let these people go."""
    if not user_ids:
        return
    for parting in _partings.values():
        parting(session, user_ids, now)
    session.execute(
        delete(User).where(User.id.in_(user_ids)).execution_options(synchronize_session=False)
    )


def forget_what_is_over(session: Session, now: datetime) -> None:
    """Drop old tokens and counts, and accounts whose address was never confirmed."""
    session.execute(delete(SignInToken).where(SignInToken.expires_at < now - TOKEN_LIFE))
    forget_old(session, now)
    never_confirmed = select(User.id).where(
        User.email_confirmed_at.is_(None),
        User.created_at < now - UNCONFIRMED_LIFE,
        ~exists().where(Grant.user_id == User.id),
    )
    part_with(session, session.scalars(never_confirmed).all(), now)
