"""Write, confirm, send again and decide a comment. The caller commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from consultation.audit.actions import record
from consultation.comments import queries, rules
from consultation.comments.models import Comment
from consultation.db import upsert


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an account, or a visitor known by an address that is never published."""

    user_id: int | None
    name: str
    email: str | None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What is written: clean text, and a position or none."""

    text: str
    position: str | None


def add(
    session: Session,
    consultation_id: int,
    author: Author,
    words: Words,
    *,
    parent: Comment | None,
    ticket: str,
    now: datetime,
) -> Comment | None:
    """Add a comment, flushed: pending, or waiting for a visitor to confirm the address.

    Return ``None`` when the form of this ``ticket`` has already added one. Raise
    :class:`rules.TooFastError` within 30 seconds of the author's last one.
    """
    _check_habit(session, author, now)
    statement = (
        upsert(session, Comment)
        .values(
            consultation_id=consultation_id,
            parent_id=(parent.parent_id or parent.id) if parent else None,
            author_id=author.user_id,
            author_name=author.name,
            author_email=None if author.user_id else author.email,
            organisation_name=author.organisation,
            text=words.text,
            position=words.position,
            state="pending" if author.user_id else "unconfirmed",
            revision=1,
            ticket=ticket,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["ticket"])
        .returning(Comment.id)
    )
    added = session.scalar(statement)
    if added is None:
        return None
    comment = session.get_one(Comment, added)
    _journal(session, comment, "add_comment", author.user_id, now)
    return comment


def _check_habit(session: Session, author: Author, now: datetime) -> None:
    since = now - timedelta(days=1)
    habit = queries.habit(session, author.user_id, author.email, since)
    rules.check_pace(habit.last_sent, now)
    if author.user_id is None and habit.unconfirmed >= rules.MOST_UNCONFIRMED:
        raise rules.Refused("email", "Ouvrez d’abord les courriels que nous vous avons envoyés")


def confirm(session: Session, comment: Comment, now: datetime) -> bool:
    """Send a visitor's comment to moderation; ``False`` when it was already, or too late."""
    if comment.state != "unconfirmed" or now - comment.created_at > rules.CONFIRMATION_LIFE:
        return False
    moved = set_state(session, comment, "pending", actor_id=None, now=now)
    if moved:
        _journal(session, comment, "confirm_comment", None, now)
    return moved


def send_again(
    session: Session, comment: Comment, words: Words, *, revision: int, now: datetime
) -> bool:
    """Replace the text of a comment that was not accepted and send it back to moderation.

    Return ``False`` when it has changed since ``revision``. Raise :class:`rules.Refused` when its
    state does not allow it, :class:`rules.TooFastError` within 30 seconds.
    """
    if not rules.may_edit(comment.state):
        raise rules.Refused("text", "Ce commentaire ne peut pas être modifié dans son état actuel")
    rules.check_pace(comment.edited_at, now)
    moved = _move(
        session,
        comment,
        "pending",
        revision,
        text=words.text,
        position=words.position,
        edited_at=now,
        ground=None,
    )
    if moved:
        _journal(session, comment, "edit_comment", comment.author_id, now)
    return moved


def set_state(
    session: Session,
    comment: Comment,
    state: str,
    *,
    actor_id: int | None,
    now: datetime,
    ground: str | None = None,
    revision: int | None = None,
) -> bool:
    """Put the comment in ``state``; ``False`` when it has changed since ``revision``.

    ``revision`` defaults to that of ``comment`` as it was read. Moderation calls this, and tells
    the journal why. Raise ``ValueError`` when no comment goes from its state to that one.
    """
    if not rules.may_become(comment.state, state):
        raise ValueError(f"a comment does not go from {comment.state} to {state}")
    changes: dict[str, Any] = {"ground": ground}
    if actor_id is not None:
        changes["decided_at"] = now
    if state == "published":
        changes["published_at"] = comment.published_at or now
    return _move(session, comment, state, revision or comment.revision, **changes)


def _move(session: Session, comment: Comment, state: str, revision: int, **changes: Any) -> bool:
    """Change the row only if nobody has since ``revision``: the second of two sees ``False``."""
    moved = session.execute(
        update(Comment)
        .where(
            Comment.id == comment.id, Comment.revision == revision, Comment.state == comment.state
        )
        .values(state=state, revision=revision + 1, **changes)
        .execution_options(synchronize_session=False)
    )
    session.refresh(comment)
    return moved.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def forget_unconfirmed(session: Session, now: datetime) -> int:
    """Delete the comments whose visitors never confirmed; return how many there were."""
    gone = session.execute(
        delete(Comment).where(
            Comment.state == "unconfirmed",
            Comment.created_at < now - rules.CONFIRMATION_LIFE,
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _journal(
    session: Session, comment: Comment, verb: str, actor_id: int | None, now: datetime
) -> None:
    record(
        session,
        actor_id=actor_id,
        verb=verb,
        subject="comment",
        subject_id=comment.id,
        consultation_id=comment.consultation_id,
        now=now,
        details={"revision": comment.revision},
    )
