"""Read what stands beside a shared draft: who writes it, who does what, the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.models import Assignment, Note, SharedResponse
from consultation.coauthors.rules.writing import Writer
from consultation.db import Identifier, Instant
from consultation.responses.models import CoAuthor, Response, ResponseSection, Submission

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
WRITER, FORMER, SHARE, NOTES, ASKED, SIGNED = range(6)


@dataclass(frozen=True, slots=True)
class Asked:
    """The signature asked for: when, by whom, and the state of the draft at that moment."""

    at: datetime
    by: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Signed:
    """The submission that counts: when it was signed, and by whom; no name without an account."""

    at: datetime
    by: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a draft. ``shares``: target -> people; ``notes``: target -> how many open.

    ``asked`` is the last signature asked for, answered or not; ``signed`` what counts, if anything;
    ``former`` the names of those who saved a section and are no longer co-authors.
    """

    writers: Sequence[Writer]
    shares: Mapping[str, Sequence[int]]
    notes: Mapping[str, int]
    asked: Asked | None
    signed: Signed | None
    former: Mapping[int, str]

    def name(self, user_id: int | None) -> str:
        """Return the name of who writes or wrote here; empty for somebody else."""
        here = next((w.name for w in self.writers if w.user_id == user_id), "")
        return here or self.former.get(user_id or 0, "")


def beside(session: Session, response_id: int) -> Beside:
    """Read everything, in one statement whatever the number of people, shares and notes."""
    rows = session.execute(_beside_statement(), {"response": response_id}).all()
    writers = [
        Writer(row.person, row.words, bool(row.number), row.target, row.moment)
        for row in rows
        if row.what == WRITER
    ]
    known = {writer.user_id for writer in writers}
    shares: dict[str, list[int]] = {}
    for row in rows:
        if row.what == SHARE and row.person in known:
            shares.setdefault(row.target, []).append(row.person)
    return Beside(
        sorted(writers, key=lambda writer: (writer.name, writer.user_id)),
        shares,
        {row.target: row.number for row in rows if row.what == NOTES},
        next((_asked(row) for row in rows if row.what == ASKED), None),
        next((_signed(row) for row in rows if row.what == SIGNED), None),
        {row.person: row.words for row in rows if row.what == FORMER},
    )


def _asked(row: AnyRow) -> Asked:
    return Asked(row.moment, row.person, row.words or "")


def _signed(row: AnyRow) -> Signed:
    return Signed(row.moment, row.person, row.words or "")


@cache
def _beside_statement() -> CompoundSelect[*tuple[Any, ...]]:
    # Built once: every page of a shared response asks for it.
    response = bindparam("response", type_=Identifier)
    writers = (
        select(
            literal(WRITER).label("what"),
            CoAuthor.user_id.label("person"),
            CoAuthor.section.label("target"),
            User.display_name.label("words"),
            CoAuthor.seen_at.label("moment"),
            case((CoAuthor.role == "signatory", 1), else_=0).label("number"),
        )
        .join(User, User.id == CoAuthor.user_id)
        .where(CoAuthor.response_id == response)
    )
    stays = exists().where(CoAuthor.response_id == response, CoAuthor.user_id == User.id)
    former = (
        select(literal(FORMER), User.id, _no(String), User.display_name, _no(Instant), _no(Integer))
        .join(ResponseSection, ResponseSection.saved_by == User.id)
        .where(ResponseSection.response_id == response, ~stays)
        .distinct()
    )
    shares = select(
        literal(SHARE), Assignment.user_id, Assignment.target, _no(String), _no(Instant),
        _no(Integer),
    ).where(Assignment.response_id == response)  # fmt: skip
    notes = (
        select(
            literal(NOTES), _no(Identifier), Note.target, _no(String), _no(Instant), func.count()
        )
        .where(Note.response_id == response, Note.resolved_at.is_(None))
        .group_by(Note.target)
    )
    asked = select(
        literal(ASKED), SharedResponse.asked_by, _no(String), SharedResponse.asked_state,
        SharedResponse.asked_at, _no(Integer),
    ).where(
        SharedResponse.response_id == response, SharedResponse.asked_at.is_not(None)
    )  # fmt: skip
    signed = (
        select(
            literal(SIGNED), Submission.signed_by, _no(String), User.display_name,
            Submission.submitted_at, _no(Integer),
        )
        .join(Response, Response.submission_id == Submission.id)
        .outerjoin(User, User.id == Submission.signed_by)
        .where(Response.id == response)
    )  # fmt: skip
    return union_all(writers, former, shares, notes, asked, signed)


def _no(kind: Any) -> Any:
    return cast(null(), kind if not isinstance(kind, type) else kind())


# --- The pages of notes, the sign of a page, the letters -----------------------------------------


@dataclass(frozen=True, slots=True)
class Noted:
    """One note as people read it; ``author`` is empty once the account is gone."""

    id: int
    target: str
    author_id: int | None
    author: str
    text: str
    written_at: datetime
    settled_at: datetime | None


def notes(session: Session, response_id: int) -> list[Noted]:
    """Return every note of a response, the oldest first."""
    statement: AnySelect = (
        select(
            Note.id,
            Note.target,
            Note.author_id,
            func.coalesce(User.display_name, ""),
            Note.text,
            Note.written_at,
            Note.resolved_at,
        )
        .outerjoin(User, User.id == Note.author_id)
        .where(Note.response_id == response_id)
        .order_by(Note.id)
    )
    return [Noted(*tuple(row)) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Signs:
    """Who writes the response, and the last save of one section."""

    writers: Sequence[Writer]
    revision: int
    saved_by: int | None
    saved_at: datetime | None


def signs(session: Session, response_id: int, section: str) -> Signs:
    """Return who is there, and how the section was saved last; one statement."""
    found = session.execute(_signs_statement(), {"response": response_id, "part": section}).all()
    writers = [
        Writer(row.user_id, row.display_name, row.role == "signatory", row.section, row.seen_at)
        for row in found
    ]
    saved = found[0] if found else None
    if saved is None or saved.revision is None:
        return Signs(writers, 0, None, None)
    return Signs(writers, saved.revision, saved.saved_by, saved.saved_at)


@cache
def _signs_statement() -> AnySelect:
    # Built once: each open page asks for it three times a minute.
    here = and_(
        ResponseSection.response_id == CoAuthor.response_id,
        ResponseSection.section == bindparam("part", type_=String),
    )
    statement: AnySelect = (
        select(
            CoAuthor.user_id,
            User.display_name,
            CoAuthor.role,
            CoAuthor.section,
            CoAuthor.seen_at,
            ResponseSection.revision,
            ResponseSection.saved_by,
            ResponseSection.saved_at,
        )
        .join(User, User.id == CoAuthor.user_id)
        .outerjoin(ResponseSection, here)
        .where(CoAuthor.response_id == bindparam("response", type_=Identifier))
        .order_by(User.display_name, CoAuthor.user_id)
    )
    return statement


def addresses(session: Session, response_id: int) -> Mapping[int, tuple[str, bool]]:
    """Return, by co-author, their address and whether they sign."""
    statement = (
        select(CoAuthor.user_id, User.email, CoAuthor.role)
        .join(User, User.id == CoAuthor.user_id)
        .where(CoAuthor.response_id == response_id)
        .order_by(User.email)
    )
    return {row[0]: (row[1], row[2] == "signatory") for row in session.execute(statement)}
