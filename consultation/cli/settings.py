"""``flask settings``: every setting, its value and what it is for."""

from __future__ import annotations

from operator import attrgetter

import click
from flask import current_app
from flask.cli import with_appcontext

from consultation.cli.reference import ENTRIES, Entry
from consultation.cli.speaking import Sentence
from consultation.settings import Settings


@click.command("settings", cls=Sentence)
@with_appcontext
def command() -> None:
    """List every setting with its value, secrets apart."""
    settings: Settings = current_app.extensions["settings"]
    for entry in ENTRIES:
        click.echo(f"{entry.name}={shown(entry, settings)}\n    {entry.text}")


def shown(entry: Entry, settings: Settings) -> str:
    """Return the value to show: never that of a secret, only whether there is one."""
    value = attrgetter(entry.field)(settings)
    if entry.secret:
        return "(set)" if value else "(not set)"
    return "" if value is None else str(value)
