"""What happened to a person, told by the rooms that know it; nothing is stored for it.

A room registers a callable when its views are imported. It takes (session, user, now, limit) and
returns the latest ``limit`` notices at most, in any order. What is over (a question confirmed
since) is no longer told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consultation.accounts.models import User


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened: when, a French sentence without a full stop, where it leads.

    ``about`` is what somebody typed: the title of a consultation, the words of a comment.
    """

    at: datetime
    sentence: str
    url: str
    about: str = ""


QUOTED = 120
"""Characters of somebody's words that a notice quotes, at most."""


def quoted(text: str) -> str:
    """Return the beginning of ``text`` on one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else f"{line[: QUOTED - 1].rstrip()}…"


Source = Callable[[Session, User, datetime, int], Sequence[Notice]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Tell what ``source`` knows from now on."""
    _sources[name] = source


def notices(
    session: Session, user: User, now: datetime, *, limit: int, offset: int = 0
) -> list[Notice]:
    """Return what happened to ``user``, the latest first, from every room."""
    end = offset + limit
    found = [n for source in _sources.values() for n in source(session, user, now, end)]
    past = [notice for notice in found if notice.at <= now]
    return sorted(past, key=lambda notice: notice.at, reverse=True)[offset:end]


def is_unread(notice: Notice, user: User) -> bool:
    """Tell whether it happened since ``user`` last said they had read."""
    return user.notices_read_at is None or notice.at > user.notices_read_at
