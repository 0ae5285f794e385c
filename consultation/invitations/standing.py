"""Where each contact stands, as SQL: the numbers of ``rules.audience``, computed by the database.

A contact is matched with the account that used their link and with the confirmed account of their
address. Their own response counts, and those they write with others; of what their organisation
does without them (the SIREN of their profile, or of the contact) only what is sent counts.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, and_, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import FunctionElement, SQLColumnExpression

from consultation.accounts.models import Membership, Organisation, User
from consultation.invitations.models import Campaign, Contact, Sending
from consultation.invitations.rules.audience import ASKED, PARTICIPATIONS
from consultation.responses.models import CoAuthor, Response

person = aliased(User, name="person")
"""The confirmed account of a contact's address, in the statements of :func:`contacts`."""

_OWN = case({"draft": 2, "withdrawn": 3, "sent": 4}, value=Response.status, else_=0)
_SHARED = case({"withdrawn": 1, "draft": 2, "sent": 4}, value=Response.status, else_=0)
_OFFICIAL = case({"sent": 4}, value=Response.status, else_=0)
_MEANING = dict(enumerate(("none", "withdrawn", "draft", "withdrawn", "sent")))
"""How far a person went, and a response they share: who withdrew their own is left alone, even
when co-authors have a draft; what co-authors withdrew says nothing of the person's own draft."""


class Greatest(FunctionElement[int]):
    """The greatest of several numbers of one row: the two databases name it differently."""

    name = "greatest"
    type = Integer()
    inherit_cache = True


@compiles(Greatest)
def _greatest(element: Any, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@compiles(Greatest, "sqlite")
def _greatest_on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


def contacts(*columns: Any) -> Select[Any]:
    """Select ``columns`` of contacts and of ``person``; the caller adds conditions."""
    own = and_(person.email == Contact.email, person.email_confirmed_at.is_not(None))
    return select(*columns).select_from(Contact).outerjoin(person, own)


def participation() -> ColumnElement[int]:
    """Return the index in ``PARTICIPATIONS`` of the furthest participation of a contact."""
    who = [Contact.user_id, person.id]
    rank = Greatest(
        _furthest(_OWN, Response.organisation_id.is_(None), Response.user_id.in_(who)),
        _furthest(_SHARED, CoAuthor.response_id == Response.id, CoAuthor.user_id.in_(who)),
        _furthest(
            _OFFICIAL,
            *_answers_for(Organisation.siren),
            Organisation.id == Membership.organisation_id,
            Membership.user_id.in_(who),
        ),
        _furthest(_OFFICIAL, *_answers_for(func.substr(Contact.siret, 1, 9))),
    )
    meant = {number: PARTICIPATIONS.index(name) for number, name in _MEANING.items()}
    return case(meant, value=rank, else_=0)


def _answers_for(siren: SQLColumnExpression[Any]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the response that answers for a SIREN, its own or absorbed."""
    holder = aliased(Response)
    return (
        holder.consultation_id == Contact.consultation_id,
        holder.siren == siren,
        Response.id == func.coalesce(holder.merged_into, holder.id),
    )


def _furthest(rank: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    found: ScalarSelect[int] = (
        select(func.coalesce(func.max(rank), 0))
        .where(
            Response.consultation_id == Contact.consultation_id,
            Response.merged_into.is_(None),
            *conditions,
        )
        .correlate(Contact, person)
        .scalar_subquery()
    )
    return found


def asked() -> ColumnElement[int]:
    """Return the index in ``ASKED``: whether an invitation was posted, whether one left."""
    posted = (
        select(Sending.id)
        .join(Campaign, Campaign.id == Sending.campaign_id)
        .where(
            Sending.contact_id == Contact.id,
            Campaign.kind == "invitation",
            Sending.state.in_(("posted", "sent", "bounced")),
        )
        .correlate(Contact)
        .exists()
    )
    return case(
        (Contact.invited_at.is_not(None), ASKED.index("invited")),
        (posted, ASKED.index("waiting")),
        else_=ASKED.index("never"),
    )


def code() -> ColumnElement[int]:
    """Return the code of the standing (``rules.audience.Standing.code``) of a contact."""
    return (
        participation()
        + 4 * asked()
        + case((Contact.unsubscribed_at.is_not(None), 12), else_=0)
        + case((Contact.bounced_at.is_not(None), 24), else_=0)
    )
