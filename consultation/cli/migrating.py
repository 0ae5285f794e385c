"""The migrations. What they need weighs 12 MB and half a second: no server loads this."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_alembic import Alembic
from flask_alembic.cli import cli

from consultation.db import Base

_migrations = Alembic(metadatas=Base.metadata, command_name="")


def migrations(app: Flask | None = None) -> Alembic:
    """Return the migrations of ``app``, of the current one without; used within its context."""
    app = app or current_app._get_current_object()  # type: ignore[attr-defined]
    if "alembic" not in app.extensions:
        _migrations.init_app(app)
    return _migrations


@click.group("db", commands=cli.commands)
@click.pass_context
@with_appcontext
def group(context: click.Context) -> None:
    """Migrate the database."""
    context.obj = migrations()
