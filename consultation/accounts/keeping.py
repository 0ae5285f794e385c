"""What the accounts forget by themselves; run once an hour. The caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from consultation.accounts.attempts import forget_old
from consultation.accounts.models import Grant, SignInToken, User
from consultation.accounts.rules.sessions import UNCONFIRMED_LIFE

TOKEN_LIFE = timedelta(days=1)


def forget_what_is_over(session: Session, now: datetime) -> None:
    """Drop old tokens and counts, and accounts whose address was never confirmed."""
    session.execute(delete(SignInToken).where(SignInToken.expires_at < now - TOKEN_LIFE))
    forget_old(session, now)
    session.execute(
        delete(User).where(
            User.email_confirmed_at.is_(None),
            User.created_at < now - UNCONFIRMED_LIFE,
            ~exists().where(Grant.user_id == User.id),
        )
    )
