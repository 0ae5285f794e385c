"""Send what the outbox holds. Several workers may do it at once: each message has one owner."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from consultation.mail.followers import Ending, objection, tell
from consultation.mail.letter import compose
from consultation.mail.models import OutboxMessage
from consultation.mail.rules import LEASE, next_attempt, one_line
from consultation.mail.transports import Folder, Outcome, Server, Transport
from consultation.settings import Settings

UNREACHABLE_WAIT = timedelta(minutes=1)
NOT_AN_ADDRESS = "Cette adresse n’est pas valable"
MOST_AT_ONCE = 500
"""Messages of one call: the next call takes the others."""


def deliver_due(
    session_factory: Callable[[], Session], settings: Settings, clock: Callable[[], datetime]
) -> int:
    """Send what is due over one connection; return how many messages were sent.

    A server that keeps us waiting ends the round, and this process leaves it alone for a minute:
    each message would hold a thread of the worker as long.

    A message is first leased, in a transaction of its own, so that no two workers send it. A
    worker that dies leaves its lease to expire: the message is then sent again, with the same
    Message-ID.
    """
    if _is_resting(settings.smtp_url, clock()):
        return 0
    transport = transport_for(settings)
    sent = 0
    try:
        with session_factory() as session:
            for _ in range(MOST_AT_ONCE):
                message = _lease_next(session, clock())
                if message is None:
                    break
                outcome = _unwanted(session, message, clock()) or _send(
                    transport, message, settings.mail_sender
                )
                _settle(session, message, outcome, clock())
                sent += outcome.kind == "sent"
                if outcome.hung:
                    _resting[settings.smtp_url] = clock()
                if outcome.hung or outcome.kind == "unreachable":
                    break
    finally:
        transport.close()
    return sent


_resting: dict[str | None, datetime] = {}
"""When each server was last found to hang, by its address."""


def _is_resting(address: str | None, now: datetime) -> bool:
    since = _resting.get(address)
    return since is not None and since <= now < since + UNREACHABLE_WAIT


def transport_for(settings: Settings) -> Transport:
    """Return the SMTP server of the settings, or the folder of the demonstration."""
    if settings.smtp_url:
        return Server(settings.smtp_url)
    return Folder(settings.instance_path / "mail")


def _lease_next(session: Session, now: datetime) -> OutboxMessage | None:
    """Take the message that has been due for longest; ``None`` when nothing is due."""
    while True:
        found = session.scalar(
            select(OutboxMessage.id)
            .where(*_free(now))
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(1)
        )
        if found is None:
            session.rollback()
            return None
        lease = secrets.token_hex(16)
        taken = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == found, *_free(now))
            .values(lease=lease, leased_until=now + LEASE)
            .returning(OutboxMessage.id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        session.commit()
        if taken:
            return session.get_one(OutboxMessage, found, populate_existing=True)


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.failed_at.is_(None),
        OutboxMessage.due_at <= now,
        or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now),
    )


def _unwanted(session: Session, message: OutboxMessage, now: datetime) -> Outcome | None:
    reason = objection(session, message.key, now)
    return Outcome("dropped", reason) if reason else None


def _send(transport: Transport, message: OutboxMessage, sender: str) -> Outcome:
    try:
        letter = compose(
            key=message.key,
            sender=sender,
            to=message.recipient,
            subject=message.subject,
            body=message.body,
            headers=message.headers,
            posted_at=message.created_at,
        )
    except ValueError:
        return Outcome("refused", NOT_AN_ADDRESS)
    return transport.send(letter, message.id)


def _settle(session: Session, message: OutboxMessage, outcome: Outcome, now: datetime) -> None:
    """Write down what became of the message, unless its lease went to somebody else."""
    values = _after(message, outcome, now)
    ours = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.lease == message.lease)
        .values(lease=None, leased_until=None, **values)
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    session.commit()
    ending = _ending(outcome, values)
    if ours and ending:
        tell(session, message.key, ending, one_line(outcome.reason)[:500], now)
        session.commit()


def _ending(outcome: Outcome, values: dict[str, object]) -> Ending | None:
    """Return how the message ended, or ``None`` when it will be tried again."""
    if outcome.kind in ("sent", "refused", "dropped"):
        return outcome.kind
    return "given_up" if "failed_at" in values else None


def _after(message: OutboxMessage, outcome: Outcome, now: datetime) -> dict[str, object]:
    if outcome.kind == "sent":
        attempts = message.attempts + 1
        return {"sent_at": now, "attempts": attempts, "body": "", "last_error": None}
    reason = one_line(outcome.reason)[:500]
    if outcome.kind == "unreachable":
        return {"due_at": now + UNREACHABLE_WAIT, "last_error": reason}
    attempts = message.attempts + (outcome.kind != "dropped")
    again = next_attempt(attempts, now) if outcome.kind == "later" else None
    if again is None:
        return {"failed_at": now, "attempts": attempts, "body": "", "last_error": reason}
    return {"due_at": again, "attempts": attempts, "last_error": reason}
