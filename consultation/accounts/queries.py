"""Read the accounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from consultation.accounts.models import (
    Credential,
    Grant,
    Membership,
    Organisation,
    SignInToken,
    User,
)
from consultation.accounts.rules.sessions import CODE_TRIES
from consultation.rows import attach, read_rows


@dataclass(frozen=True, slots=True)
class Search:
    """People to look for: ``text`` in the name or the address, ``role`` held anywhere."""

    text: str = ""
    role: str | None = None


EVERYBODY = Search()


def by_id(session: Session, user_id: int) -> User | None:
    """Return the person with their grants and organisation, in one statement."""
    return session.scalars(_whole().where(User.id == user_id)).unique().one_or_none()


def by_email(session: Session, email: str) -> User | None:
    """Return the person of a clean address (``rules.naming.clean_email``), or ``None``."""
    return session.scalars(_whole().where(User.email == email)).unique().one_or_none()


def for_session(session: Session, user_id: int, session_version: int) -> User | None:
    """Return the person of a session that has not been ended, in one statement."""
    whose = {"user_id": user_id, "session_version": session_version}
    found = read_rows(session, _of_session(), whose)
    return _person(session, found) if found else None


@cache
def _of_session() -> Select[*tuple[Any, ...]]:
    # Built once: every page of a signed-in person asks for it.
    return (
        select(User.__table__, Membership.__table__, Organisation.__table__, Grant.__table__)
        .select_from(User.__table__)
        .outerjoin(Membership.__table__, Membership.user_id == User.id)
        .outerjoin(Organisation.__table__, Organisation.id == Membership.organisation_id)
        .outerjoin(Grant.__table__, Grant.user_id == User.id)
        .where(User.id == bindparam("user_id"))
        .where(User.session_version == bindparam("session_version"))
        .order_by(Grant.id)
    )


def _person(session: Session, found: Sequence[Sequence[Any]]) -> User:
    """Return the person of the rows of ``_of_session``: one for each grant, or one."""
    to_membership, to_organisation, to_grant = _WHERE
    first = found[0]
    user = attach(session, User, first[:to_membership])
    membership = None
    if first[to_membership] is not None:
        membership = attach(session, Membership, first[to_membership:to_organisation])
        organisation = attach(session, Organisation, first[to_organisation:to_grant])
        set_committed_value(membership, "organisation", organisation)
    set_committed_value(user, "membership", membership)
    held = [row[to_grant:] for row in found if row[to_grant] is not None]
    set_committed_value(user, "grants", [attach(session, Grant, values) for values in held])
    return user


_WHERE = tuple(
    accumulate(len(table.__table__.columns) for table in (User, Membership, Organisation))
)
"""Where the columns of the membership, of the organisation and of the grant begin in a row."""


def people(
    session: Session, search: Search = EVERYBODY, *, offset: int = 0, limit: int = 50
) -> Sequence[User]:
    """Return the people found, by address, with their grants and organisations."""
    statement = (
        select(User)
        .where(*_found(search))
        .order_by(User.email)
        .offset(offset)
        .limit(limit)
        .options(
            selectinload(User.grants),
            joinedload(User.membership).joinedload(Membership.organisation),
        )
    )
    return session.scalars(statement).unique().all()


def count_people(session: Session, search: Search = EVERYBODY) -> int:
    """Return how many people are found."""
    return session.scalar(select(func.count(User.id)).where(*_found(search))) or 0


def names(session: Session, user_ids: Iterable[int | None]) -> Mapping[int, str]:
    """Return the display names of those of ``user_ids`` who still have an account."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def team(session: Session, consultation_id: int) -> Sequence[User]:
    """Return who holds a role on the consultation, by address, with all their grants."""
    holds = exists().where(Grant.user_id == User.id, Grant.consultation_id == consultation_id)
    statement = select(User).where(holds).order_by(User.email).options(selectinload(User.grants))
    return session.scalars(statement).all()


def other_administrators(session: Session, user_id: int) -> Sequence[int]:
    """Return who else administers the site."""
    statement = select(Grant.user_id).where(
        Grant.role == "administrator", Grant.consultation_id.is_(None), Grant.user_id != user_id
    )
    return session.scalars(statement).all()


def has_members(session: Session, organisation_id: int) -> bool:
    """Whether anybody answers for the organisation."""
    found = select(exists().where(Membership.organisation_id == organisation_id))
    return bool(session.scalar(found))


def credential(session: Session, user_id: int, kind: str) -> Credential | None:
    """Return the person's password or second factor, if any."""
    statement = select(Credential).where(Credential.user_id == user_id, Credential.kind == kind)
    return session.scalars(statement).one_or_none()


def kinds_of_credentials(session: Session, user_ids: Iterable[int]) -> Mapping[int, set[str]]:
    """Return, by person, the kinds of credentials they have confirmed or need not confirm."""
    found: dict[int, set[str]] = {user_id: set() for user_id in user_ids}
    rows = session.execute(
        select(Credential.user_id, Credential.kind).where(
            Credential.user_id.in_(found),
            or_(Credential.kind != "totp", Credential.confirmed_at.is_not(None)),
        )
    )
    for user_id, kind in rows:
        found[user_id].add(kind)
    return found


def token(session: Session, link_hash: bytes) -> SignInToken | None:
    """Return the sign-in token of a link, used or not."""
    statement = select(SignInToken).where(SignInToken.link_hash == link_hash)
    return session.scalars(statement).one_or_none()


def open_tokens(session: Session, email: str, now: datetime) -> Sequence[SignInToken]:
    """Return the tokens whose code may still be typed for the account of ``email``."""
    statement = (
        select(SignInToken)
        .join(User)
        .where(
            User.email == email,
            SignInToken.used_at.is_(None),
            SignInToken.expires_at > now,
            SignInToken.failures < CODE_TRIES,
        )
        .order_by(SignInToken.id.desc())
        .limit(5)
    )
    return session.scalars(statement).all()


def last_sign_up_token(session: Session, user_id: int) -> SignInToken | None:
    """Return the token of the person's latest sign-up, used or not."""
    statement = (
        select(SignInToken)
        .where(SignInToken.user_id == user_id, SignInToken.purpose == "sign_up")
        .order_by(SignInToken.id.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def _found(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.text:
        conditions.append(
            or_(
                User.email.icontains(search.text, autoescape=True),
                User.display_name.icontains(search.text, autoescape=True),
            )
        )
    if search.role:
        conditions.append(exists().where(Grant.user_id == User.id, Grant.role == search.role))
    return conditions


def _whole() -> Select[User]:
    return select(User).options(
        joinedload(User.grants), joinedload(User.membership).joinedload(Membership.organisation)
    )
