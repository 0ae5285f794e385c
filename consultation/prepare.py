"""What a start does before it serves: migrate, load the lists and, for a trial, the demonstration.

A process of its own, ``python -m consultation.prepare``, so that what the demonstration needs does
not stay in the memory of the server. Its output is the greeting: the accounts to try.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from consultation.app import create_app
from consultation.cli.migrating import migrations
from consultation.db import db
from consultation.settings import Settings, SettingsError
from consultation.territories.actions import load as load_territories
from consultation.web.templates import compile_templates

if TYPE_CHECKING:
    from flask import Flask

UNREACHABLE = "The database of DATABASE_URL does not answer: start it, or correct the address."
_STARTING_LOCK = 7_241_002
"""An arbitrary number: the key of PostgreSQL's advisory lock that one start holds."""


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Prepare what the settings of ``environ`` say; return the exit status."""
    try:
        app = create_app(environ=environ)
        with app.app_context():
            _prepare(app)
        compile_templates(app)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except OperationalError as error:
        print(f"{UNREACHABLE} ({_first_line(error)})", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _prepare(app: Flask) -> None:
    with _alone():
        migrations().upgrade()
        load_territories(db.session)
        db.session.commit()
        settings: Settings = app.extensions["settings"]
        if settings.environment == "demonstration":
            _demonstrate(app)


def _demonstrate(app: Flask) -> None:
    from consultation.demo.load import RefusedError, load  # numpy and typst: not for the servers

    try:
        found = load(app, respondents=800, seed=2022)
    except RefusedError as error:
        raise SettingsError(str(error)) from error
    print(f"Demonstration accounts, all with the password {found.password}")
    for part in found.parts:
        print(f"  {part.email:<26}{part.role}")


@contextmanager
def _alone() -> Iterator[None]:
    """Let one node at a time prepare a shared database."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _STARTING_LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _STARTING_LOCK})


def _first_line(error: OperationalError) -> str:
    return str(error.orig).splitlines()[0]


if __name__ == "__main__":
    sys.exit(main())
