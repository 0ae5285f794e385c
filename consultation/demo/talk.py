"""The comments of a demonstration consultation: positions, replies, what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.models import Membership, Organisation, User
from consultation.comments.models import Comment
from consultation.demo import writing
from consultation.demo.profiles import DOMAIN
from consultation.demo.resources import sheet
from consultation.demo.timetable import Timetable
from consultation.responses.models import Response

POSITIONS = {"favourable": 5, "reserved": 4, "unfavourable": 3}
"""Odds of each position."""

REPLIES, VISITORS = 0.3, 0.12
"""The shares of comments that answer another one, and that come without an account."""


CLOSED_SHARE = 0.6
"""The share of the comments that go to the closed consultation."""

DECIDED_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Script:
    """How the comments of one consultation go.

    The last ``pending`` ones wait. ``awkward`` maps the number of a comment, from 1, to the number
    of its text among the awkward ones and to the state where it stands.
    """

    pending: int
    awkward: Mapping[int, tuple[int, str]]


CLOSED = Script(pending=0, awkward={9: (0, "refused"), 24: (1, "removed")})
OPEN = Script(pending=8, awkward={6: (2, "refused"), 20: (3, "pending")})


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an account, or a visitor when ``user_id`` is ``None``."""

    user_id: int | None
    name: str
    email: str | None
    organisation: str | None
    actor: str
    region: str


def discuss(
    session: Session,
    consultation_id: int,
    timetable: Timetable,
    script: Script,
    *,
    count: int,
    seed: int,
    until: datetime,
) -> list[Comment]:
    """Add ``count`` comments in the order of their moments, flushed; decided by ``until``."""
    random = Random(f"{seed}/{script.pending}")
    authors = _authors(session, consultation_id)
    shares = np.array(sorted(random.random() for _ in range(count)))
    comments: list[Comment] = []
    used: set[str] = set()
    for number, moment in enumerate(timetable.at(shares), 1):
        comment = _comment(random, comments, _author(random, authors, number), used)
        comment.consultation_id = consultation_id
        comment.state, comment.created_at = _standing(script, number, count), moment
        if comment.state != "pending":
            comment.decided_at = min(until, moment + timedelta(minutes=random.randint(20, 2000)))
        if comment.state in ("published", "removed"):
            comment.published_at = comment.decided_at
        if number in script.awkward:
            _make_awkward(comment, script.awkward[number][0])
        session.add(comment)
        session.flush()
        comments.append(comment)
    return comments


def _make_awkward(comment: Comment, number: int) -> None:
    entry = sheet("comments")["awkward"][number]
    comment.text = entry["text"]
    comment.position = comment.parent_id = None
    comment.ground = entry["ground"] if comment.state in ("refused", "removed") else None


def _standing(script: Script, number: int, count: int) -> str:
    if number in script.awkward:
        return script.awkward[number][1]
    return "pending" if number > count - script.pending else "published"


def _authors(session: Session, consultation_id: int, most: int = 500) -> list[Author]:
    statement = (
        select(User, Organisation)
        .join(Response, Response.user_id == User.id)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(Response.consultation_id == consultation_id, Response.status == "sent")
        .order_by(User.id)
        .limit(most)
    )
    return [_member(user, organisation) for user, organisation in session.execute(statement)]


def _member(user: User, organisation: Organisation | None) -> Author:
    return Author(
        user_id=user.id,
        name=user.display_name,
        email=None,
        organisation=organisation.name if organisation else None,
        actor=user.actor_type or "particulier",
        region=user.region_code or "national",
    )


def _author(random: Random, authors: Sequence[Author], number: int) -> Author:
    if random.random() < VISITORS:
        email = f"visiteur-{number}@{DOMAIN}"
        return Author(None, f"Visiteur fictif n°\u00a0{number}", email, None, "particulier", "11")
    return random.choice(authors)


def _comment(random: Random, before: Sequence[Comment], author: Author, used: set[str]) -> Comment:
    """Return a comment, or a reply to one of those published ``before``."""
    roots = [c for c in before if c.parent_id is None and c.state == "published"]
    answers = bool(roots) and random.random() < REPLIES
    position = random.choices(list(POSITIONS), weights=list(POSITIONS.values()))[0]
    stages = sheet("comments")["reply" if answers else "comment"]["stages"]
    voice = writing.Voice(author.actor, None, author.region, position)
    return Comment(
        parent_id=random.choice(roots[-8:]).id if answers else None,
        author_id=author.user_id,
        author_name=author.name,
        author_email=author.email,
        organisation_name=author.organisation,
        text=writing.compose(random, stages, voice, used),
        position=None if answers else position,
    )
