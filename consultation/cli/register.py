"""The commands of the platform, given to the application."""

from __future__ import annotations

from flask import Flask

from consultation.cli import (
    accounts,
    audit,
    demo,
    importing,
    invitations,
    mail,
    settings,
    transparency,
)

COMMANDS = (
    demo.group,
    importing.group,
    audit.group,
    mail.group,
    invitations.group,
    transparency.group,
    accounts.group,
    settings.command,
)


def register(app: Flask) -> None:
    """Add every command to ``flask``."""
    for command in COMMANDS:
        app.cli.add_command(command)
