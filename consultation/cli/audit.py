"""``flask audit``: the journal's chain."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from consultation.audit.actions import seal
from consultation.audit.models import AuditEvent
from consultation.audit.queries import first_broken_position
from consultation.cli.speaking import Group, WrongError
from consultation.db import db

AT_ONCE = 1000


@click.group("audit", cls=Group)
def group() -> None:
    """Seal and verify the journal."""


@group.command("seal")
@with_appcontext
def seal_journal() -> None:
    """Chain every event that is not chained yet."""
    sealed = 0
    with tqdm(total=_count(db.session, False), unit=" events", disable=None) as bar:
        while done := seal(db.session, AT_ONCE):
            db.session.commit()
            sealed += done
            bar.update(done)
    click.echo(f"{sealed} events sealed.")


@group.command()
@with_appcontext
def verify() -> None:
    """Compute the whole chain again and compare."""
    total = _count(db.session, True)
    with tqdm(total=total, unit=" events", disable=None) as bar:
        broken = first_broken_position(db.session, lambda _event: bar.update())
    if broken is not None:
        raise WrongError(f"The journal does not hold: the chain breaks at event {broken}.")
    waiting = _count(db.session, False)
    click.echo(f"The journal holds: {total} events chained, {waiting} waiting to be.")


def _count(session: Session, sealed: bool) -> int:
    condition = AuditEvent.hash.is_not(None) if sealed else AuditEvent.hash.is_(None)
    return session.scalar(select(func.count(AuditEvent.id)).where(condition)) or 0
