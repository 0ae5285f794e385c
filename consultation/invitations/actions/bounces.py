"""Record the notifications that mail servers send back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from consultation.invitations.dsn import read_notification
from consultation.invitations.following import note_bounce
from consultation.invitations.queries import person as person_queries

Outcome = Literal["permanent", "temporary", "known", "delivered", "unknown", "other"]
"""``known``: read before. ``unknown``: about no message of ours. ``other``: no notification."""


def record_notification(session: Session, data: bytes, now: datetime) -> Outcome:
    """Record one message of the mailbox of bounces and say what it was.

    It must quote the Message-ID of a message of a campaign: an address alone proves nothing.
    """
    notification = read_notification(data)
    if notification is None:
        return "other"
    sending = person_queries.by_reference(session, notification.references)
    if sending is None:
        return "unknown"
    verdict = notification.about(sending.contact.email)
    if verdict is None:
        return "delivered"
    new = note_bounce(
        session,
        sending,
        permanent=verdict.permanent,
        status=verdict.status,
        said=verdict.said,
        digest=notification.digest,
        now=now,
    )
    if not new:
        return "known"
    if verdict.permanent and sending.state == "sent":
        sending.state, sending.reason = "bounced", verdict.said
    return "permanent" if verdict.permanent else "temporary"
