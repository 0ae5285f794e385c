"""Follow the messages of campaigns in the outbox: ask again when they leave, note what became."""

from __future__ import annotations

import re
from datetime import datetime
from typing import cast

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.db import upsert
from consultation.invitations import standing
from consultation.invitations.dsn import condemns
from consultation.invitations.models import Bounce, Contact, Invitation, Sending
from consultation.invitations.rules.audience import REASONS, STANDINGS, Kind, still_wanted
from consultation.mail.delivery import NOT_AN_ADDRESS
from consultation.mail.followers import Ending
from consultation.mail.models import OutboxMessage

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class Campaigns:
    """The follower of the messages whose key begins with ``invitation:``."""

    def before(self, session: Session, key: str, now: datetime) -> str | None:
        """Return why the message must no longer leave: its person stands elsewhere by now."""
        sending = _sending(session, key)
        if sending is None:
            return REASONS["removed"]
        if sending.campaign.state == "cancelled":
            return REASONS["cancelled"]
        reason = _no_longer(session, sending, now)
        return REASONS[reason] if reason else None

    def after(self, session: Session, key: str, ending: Ending, reason: str, now: datetime) -> None:
        """Write how the message ended in the log of its person.

        It begins by a write, which waits for its turn: on SQLite what reads first cannot write
        once another worker did.
        """
        session.execute(
            update(Sending)
            .where(Sending.outbox_key == key)
            .values(state=ending, reason=reason, settled_at=now)
            .execution_options(synchronize_session=False)
        )
        sending = _sending(session, key)
        if sending is None:
            return
        if ending == "sent":
            _note_sent(sending, now)
        elif ending in ("refused", "given_up"):
            status = status_in(reason)
            note_bounce(
                session,
                sending,
                permanent=ending == "refused" and (not status or condemns(status)),
                status=status,
                said=reason,
                digest=f"delivery:{sending.id}",
                now=now,
            )
        session.flush()


def catch_up(session: Session, now: datetime, most: int = 500) -> None:
    """Note what the outbox knows and the log does not: a worker died between the two."""
    forgotten = session.execute(
        select(OutboxMessage.key, OutboxMessage.sent_at, OutboxMessage.last_error)
        .join(Sending, Sending.outbox_key == OutboxMessage.key)
        .where(
            Sending.state == "posted",
            or_(OutboxMessage.sent_at.is_not(None), OutboxMessage.failed_at.is_not(None)),
        )
        .limit(most)
    ).all()
    for key, sent_at, error in forgotten:
        ending = "sent" if sent_at else _ending_of(error or "")
        Campaigns().after(session, key, ending, error or "", sent_at or now)


def _ending_of(error: str) -> Ending:
    if error in REASONS.values():
        return "dropped"
    return "refused" if error.startswith("5") or error == NOT_AN_ADDRESS else "given_up"


def _sending(session: Session, key: str) -> Sending | None:
    statement = (
        select(Sending)
        .where(Sending.outbox_key == key)
        .options(joinedload(Sending.campaign), joinedload(Sending.contact))
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def _no_longer(session: Session, sending: Sending, now: datetime) -> str | None:
    row = session.execute(
        standing.contacts(standing.code(), Invitation.revoked_at)
        .join(Invitation, Invitation.id == sending.invitation_id)
        .where(Contact.id == sending.contact_id)
    ).one()
    consultation = session.get_one(
        Consultation, sending.campaign.consultation_id, populate_existing=True
    )
    return still_wanted(
        cast(Kind, sending.campaign.kind),
        STANDINGS[row[0]],
        phase(consultation, now),
        revoked=row[1] is not None,
    )


def _note_sent(sending: Sending, now: datetime) -> None:
    sending.contact.last_message_at = now
    if sending.campaign.kind == "invitation" and sending.contact.invited_at is None:
        sending.contact.invited_at = now


def note_bounce(
    session: Session,
    sending: Sending,
    *,
    permanent: bool,
    status: str,
    said: str,
    digest: str,
    now: datetime,
) -> bool:
    """Record what a server said of an address, once per ``digest``; tell whether it was new.

    A permanent refusal stops every further message to the contact; the others are counted.
    """
    new = session.scalar(
        upsert(session, Bounce)
        .values(
            contact_id=sending.contact_id,
            sending_id=sending.id,
            at=now,
            permanent=permanent,
            status=status[:12],
            said=said[:500],
            digest=digest,
        )
        .on_conflict_do_nothing()
        .returning(Bounce.id)
    )
    if new is None:
        return False
    values = (
        {Contact.bounced_at: now}
        if permanent
        else {Contact.temporary_bounces: Contact.temporary_bounces + 1}
    )
    session.execute(
        update(Contact)
        .where(Contact.id == sending.contact_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return True


def status_in(text: str) -> str:
    """Return the enhanced status (RFC 3463) that an answer holds, or one made from its code."""
    found = _STATUS.search(text)
    if found:
        return found[1]
    return f"{text[0]}.0.0" if text[:3].isdigit() and text[0] in "245" else ""
