"""What the rooms above know of their own messages, which the mail knows nothing about.

A room registers a follower under the first word of its keys (``invitation:4:12``). It is asked
just before a message leaves, and told what became of it just after that is written down: a worker
that dies in between leaves the room to read the outbox.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

Ending = Literal["sent", "refused", "given_up", "dropped"]
"""``refused``: the server said never. ``given_up``: it said later too often."""

log = logging.getLogger(__name__)


class Follower(Protocol):
    """Follows the messages of one room. Neither method commits."""

    def before(self, session: Session, key: str, now: datetime) -> str | None:
        """Return why the message must no longer leave, or ``None``."""
        ...

    def after(self, session: Session, key: str, ending: Ending, reason: str, now: datetime) -> None:
        """Note what became of the message, for good."""
        ...


_followers: dict[str, Follower] = {}


def register(word: str, follower: Follower) -> None:
    """Let ``follower`` follow the messages whose key begins with ``word:``."""
    _followers[word] = follower


def objection(session: Session, key: str, now: datetime) -> str | None:
    """Return why the message of ``key`` must no longer leave, or ``None``."""
    follower = _followers.get(key.partition(":")[0])
    return follower.before(session, key, now) if follower else None


def tell(session: Session, key: str, ending: Ending, reason: str, now: datetime) -> None:
    """Tell who follows ``key``; a follower that fails stops no other message."""
    follower = _followers.get(key.partition(":")[0])
    if follower is None:
        return
    try:
        with session.begin_nested():
            follower.after(session, key, ending, reason, now)
    except SQLAlchemyError:
        log.exception("what became of %s was not noted by its room", key)
