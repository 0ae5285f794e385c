"""The commands of the platform, given to the application."""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "accounts": "accounts:group",
    "audit": "audit:group",
    "db": "migrating:group",
    "demo": "demo:group",
    "invitations": "invitations:group",
    "mail": "mail:group",
    "questionnaires": "importing:group",
    "settings": "settings:command",
    "transparency": "transparency:group",
}
"""Where each command is, in this room. One is loaded when it is asked for: a server asks none."""


class Commands(AppGroup):
    """The commands of ``flask``: ours, and those that extensions add."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"consultation.cli.{module}"), name)
        return found


def register(app: Flask) -> None:
    """Add every command to ``flask``."""
    app.cli = Commands(app.cli.name, commands=app.cli.commands)
