"""Make and revoke personal links."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.accounts import queries as people
from consultation.accounts.actions import end_sessions
from consultation.audit.actions import record
from consultation.db import upsert
from consultation.invitations.links import Links
from consultation.invitations.models import Contact, Invitation


def ensure_links(
    session: Session, links: Links, contact_ids: Sequence[int], now: datetime
) -> dict[int, Invitation]:
    """Return the live link of each contact, made when there is none."""
    found = _live(session, contact_ids)
    missing = [number for number in contact_ids if number not in found]
    if missing:
        rows = [_new_link(links, number, now) for number in missing]
        session.execute(upsert(session, Invitation).values(rows).on_conflict_do_nothing())
        found |= _live(session, missing)
    return found


def _new_link(links: Links, contact_id: int, now: datetime) -> dict[str, object]:
    nonce = secrets.token_hex(16)
    return {
        "contact_id": contact_id,
        "nonce": nonce,
        "link_hash": links.token_hash(links.token(contact_id, nonce)),
        "created_at": now,
    }


def _live(session: Session, contact_ids: Sequence[int]) -> dict[int, Invitation]:
    statement = select(Invitation).where(
        Invitation.contact_id.in_(contact_ids), Invitation.revoked_at.is_(None)
    )
    return {invitation.contact_id: invitation for invitation in session.scalars(statement)}


def revoke_link(session: Session, contact: Contact, *, actor_id: int, now: datetime) -> bool:
    """Revoke the link of a contact; return ``False`` when there was none.

    Sessions that the link opened end too. The next letter holds another link.
    """
    revoked = session.execute(
        update(Invitation)
        .where(Invitation.contact_id == contact.id, Invitation.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if revoked is None:
        return False
    user = people.by_id(session, contact.user_id) if contact.user_id else None
    if user and contact.opened_account:
        end_sessions(session, user, actor_id=actor_id, now=now)
    record(
        session,
        actor_id=actor_id,
        verb="revoke_invitation",
        subject="contact",
        subject_id=contact.id,
        consultation_id=contact.consultation_id,
        now=now,
    )
    return True
