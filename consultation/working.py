"""The background work of every room, under the names that the factory gives to the queue.

Imported by the process that does it: the web servers ask for it and carry none of its libraries.
Each function is called within an application context, and is safe to call twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts.keeping import forget_what_is_over
from consultation.audit.actions import seal
from consultation.authoring.confirming import ask_to_confirm
from consultation.coauthors.keeping import tidy
from consultation.comments.actions import forget_unconfirmed
from consultation.consultations.announcing import announce
from consultation.db import db
from consultation.exports.background import make_waiting
from consultation.invitations.actions import openings as asked_openings
from consultation.invitations.keeping import forget_what_is_over as forget_old_invitations
from consultation.invitations.planning import post_due
from consultation.lib.file_store import FileStore
from consultation.mail.delivery import deliver_due
from consultation.results.warming import warm
from consultation.settings import Settings
from consultation.tasks.queue import wake
from consultation.transparency.actions import extend
from consultation.transparency.rules import signing_key
from consultation.web.frame import now


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _clock() -> Callable[[], datetime]:
    clock: Callable[[], datetime] = current_app.extensions["clock"]
    return clock


def _committed(action: Callable[[Session, datetime], object]) -> None:
    action(db.session, now())
    db.session.commit()


def mail() -> None:
    """Deliver the letters of the outbox."""
    deliver_due(sessionmaker(db.engine), _settings(), _clock())


def invitations() -> None:
    """Post the invitations and reminders that are due, and let them leave at once."""
    if post_due(sessionmaker(db.engine), _settings(), _clock()):
        wake("mail")


def openings() -> None:
    """Write to those who asked to know when a consultation opens."""
    posted = asked_openings.tell(db.session, _settings().public_url, now())
    db.session.commit()
    if posted:
        wake("mail")


def consultations() -> None:
    """Tell the teams of what opens and closes."""
    told = announce(db.session, _settings().public_url, now())
    db.session.commit()
    if told:
        wake("mail")


def authoring() -> None:
    """Ask those whose answer changed its meaning to confirm it."""
    _committed(lambda session, moment: ask_to_confirm(session, _settings().public_url, moment))


def audit() -> None:
    """Chain the events of the journal."""
    _committed(lambda session, _now: seal(session))


def accounts() -> None:
    """Forget tokens and tries that are over."""
    _committed(forget_what_is_over)


def comments() -> None:
    """Forget the comments that nobody confirmed."""
    _committed(forget_unconfirmed)


def address_books() -> None:
    """Forget the address books whose time is over."""
    _committed(forget_old_invitations)


def opening_requests() -> None:
    """Forget the requests to be told of an opening that are over."""
    _committed(asked_openings.forget_what_is_over)


def co_authors() -> None:
    """Forget what co-authors no longer need."""
    _committed(tidy)


def results() -> None:
    """Count ahead of the readers."""
    warm(db.session)


def exports() -> None:
    """Make the files that were asked for."""
    files = FileStore(_settings().files_path / "exports")
    make_waiting(sessionmaker(db.engine), files, _clock())


def transparency() -> None:
    """Add what was sent to the log, and sign its head."""
    key = signing_key(_settings().secret_key)
    _committed(lambda session, moment: extend(session, key, moment))
