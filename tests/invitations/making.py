"""Make an address book, campaigns and their letters for a test."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts.keys import Keys
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.invitations.actions import address_book, campaigns
from consultation.invitations.actions.campaigns import Wanted
from consultation.invitations.letters import DEFAULTS
from consultation.invitations.links import Links
from consultation.invitations.models import Campaign, Contact, Sending
from consultation.invitations.planning import post_due
from consultation.invitations.reading.line import NewContact
from consultation.invitations.rules.schedule import Schedule
from consultation.mail.delivery import deliver_due
from consultation.mail.models import OutboxMessage
from consultation.responses.models import Response
from consultation.settings import Settings
from tests.consultations.making import DURING

KEYS = Keys("a key for tests and nothing else")
LINKS = Links(KEYS, "http://localhost")
CLAIRE = 1
"""Who organises, in the journal of the tests that sign nobody in."""


def contact(session: Session, consultation: Consultation, email: str, **more: Any) -> Contact:
    """Add one contact; ``more`` are the fields of a file or the columns of the table."""
    fields = {name: more.pop(name) for name in list(more) if name in NewContact.__slots__}
    new = NewContact(email=email, **fields)
    address_book.add_contact(session, consultation.id, new, LINKS, actor_id=CLAIRE, now=DURING)
    found = session.scalars(
        select(Contact).where(Contact.consultation_id == consultation.id, Contact.email == email)
    ).one()
    for column, value in more.items():
        setattr(found, column, value)
    session.commit()
    return found


def campaign(
    session: Session,
    consultation: Consultation,
    kind: str = "invitation",
    *,
    planned: bool = True,
    now: datetime = DURING,
    **schedule: Any,
) -> Campaign:
    """Write a campaign with the usual text, and let it leave unless ``planned`` is false."""
    subject, body = DEFAULTS[kind]
    wanted = Wanted(kind, subject, body, Schedule(**schedule))  # type: ignore[arg-type]
    made = campaigns.create(session, consultation, wanted, actor_id=CLAIRE, now=now)
    if planned:
        campaigns.schedule(session, made, consultation, actor_id=CLAIRE, now=now)
    session.commit()
    return made


def post(app: Flask, now: datetime = DURING) -> int:
    """Do what the worker does each minute: post what is due."""
    return post_due(sessionmaker(db.engine), app.extensions["settings"], lambda: now)


def deliver(settings: Settings, now: datetime = DURING) -> int:
    """Do what the worker does next: send what the outbox holds."""
    return deliver_due(sessionmaker(db.engine), settings, lambda: now)


def to_server(app: Flask, port: int) -> Settings:
    """Return the settings of the application with a mail server."""
    settings: Settings = app.extensions["settings"]
    return replace(settings, smtp_url=f"smtp://127.0.0.1:{port}")


def invite_all(app: Flask, session: Session, consultation: Consultation) -> None:
    """Send the invitation to everybody, as if the mail server had taken it."""
    campaign(session, consultation)
    post(app)
    deliver(app.extensions["settings"])
    session.expire_all()


def respond(
    session: Session, consultation: Consultation, user_id: int | None, status: str, **more: Any
) -> Response:
    """Add a response with a status, without its answers."""
    response = Response(
        consultation_id=consultation.id,
        user_id=user_id,
        version_id=consultation.version_id,
        status=status,
        submission_id=1 if status == "sent" else None,
        created_at=DURING,
        updated_at=DURING,
        **more,
    )
    session.add(response)
    session.commit()
    return response


def posted(session: Session, email: str) -> list[OutboxMessage]:
    """Return the messages of campaigns posted to an address, in order."""
    statement = select(OutboxMessage).where(
        OutboxMessage.recipient == email, OutboxMessage.key.like("invitation:%")
    )
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def states(session: Session) -> dict[str, str]:
    """Return the state of the last sending to each address."""
    session.expire_all()
    rows = session.execute(select(Contact.email, Sending.state).join(Sending).order_by(Sending.id))
    return {row[0]: row[1] for row in rows}


def path_in(body: str, kind: str = "invitation") -> str:
    """Return the local address of the link of a letter: ``invitation`` or ``desabonnement``."""
    found = re.search(rf"http\S+/{kind}/\S+", body)
    assert found, body
    return urlsplit(found[0]).path


Clock = Callable[[], datetime]
