"""``flask mail``: the outbox."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from consultation.cli.speaking import Group
from consultation.db import db
from consultation.mail.delivery import deliver_due


@click.group("mail", cls=Group)
def group() -> None:
    """Work with the outbox."""


@group.command()
@with_appcontext
def deliver() -> None:
    """Send every message that is due."""
    settings, clock = current_app.extensions["settings"], current_app.extensions["clock"]
    sent = deliver_due(sessionmaker(db.engine), settings, clock)
    click.echo(f"{sent} messages sent.")
