"""``flask invitations``: what the mail servers send back, and what is due."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import sessionmaker

from consultation.cli.speaking import Group, WrongError
from consultation.db import db
from consultation.invitations.actions.bounces import record_notification
from consultation.invitations.dsn import LARGEST
from consultation.invitations.planning import post_due

SAID = {
    "permanent": "permanent",
    "temporary": "temporary",
    "known": "already read",
    "delivered": "delivered after all",
    "unknown": "about no message of ours",
    "other": "not a delivery notification",
}


@click.group("invitations", cls=Group)
def group() -> None:
    """Work with invitations and reminders."""


@group.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@with_appcontext
def bounces(files: tuple[str, ...]) -> None:
    """Record what mail servers sent back.

    FILE is a message, an mbox, a maildir (read in place: nothing in it changes) or - for the
    standard input, so that a mail server can pipe each message of the mailbox of bounces.
    """
    clock, found = current_app.extensions["clock"], Counter[str]()
    for name in files:
        for data in _messages(name):
            found[record_notification(db.session, data, clock())] += 1
            db.session.commit()
    click.echo(f"{found.total()} messages read.")
    for outcome, said in SAID.items():
        if found[outcome]:
            click.echo(f"  {found[outcome]} {said}")


@group.command()
@with_appcontext
def post() -> None:
    """Post the invitations and reminders that are due; `flask mail deliver` sends them."""
    settings, clock = current_app.extensions["settings"], current_app.extensions["clock"]
    posted = post_due(sessionmaker(db.engine), settings, clock)
    click.echo(f"{posted} messages posted.")


def _messages(name: str) -> Iterator[bytes]:
    """Yield the messages of a file, of a maildir or of the standard input."""
    if name == "-":
        yield from _split(sys.stdin.buffer.read(LARGEST))
        return
    path = Path(name)
    try:
        if path.is_dir():
            for file in _of_maildir(path):
                with file.open("rb") as message:
                    yield message.read(LARGEST)
        else:
            yield from _split(path.read_bytes())
    except OSError as error:
        raise WrongError(f"{name} cannot be read ({error.strerror}): check its name.") from error


def _of_maildir(folder: Path) -> list[Path]:
    if not (folder / "cur").is_dir():
        raise WrongError(f"{folder} is a folder and not a maildir: it has no folder named cur.")
    found = [file for part in ("new", "cur") for file in (folder / part).glob("*")]
    return sorted(file for file in found if file.is_file())


def _split(data: bytes) -> Iterator[bytes]:
    """Yield the messages of an mbox, or the one message that ``data`` is."""
    if not data.startswith(b"From "):
        if data.strip():
            yield data
        return
    message: list[bytes] = []
    for line in data.splitlines(keepends=True):
        if line.startswith(b"From ") and message and not message[-1].strip():
            yield b"".join(message)
            message = []
            continue
        if line.startswith(b"From ") and not message:
            continue
        message.append(line)
    if message:
        yield b"".join(message)
