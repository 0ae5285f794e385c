"""Commands whose errors are one sentence, with exit code 2."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from consultation.settings import SettingsError

NO_DATABASE = (
    "The database does not answer or is not up to date: check DATABASE_URL, "
    "then run: flask --app wsgi db upgrade"
)


class WrongError(click.ClickException):
    """Something is wrong with the command or with what it works on; the message says what to do."""

    exit_code = 2


class Sentence(click.Command):
    """A command that never shows a traceback for a mistake of its user."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; a wrong one is a sentence."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            help_at = f"{ctx.command_path} --help"
            text = error.format_message().replace("\n", " ").rstrip(".")
            raise WrongError(f"{text}; see: {help_at}") from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what it cannot do is a sentence."""
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise WrongError(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise WrongError(NO_DATABASE) from error


class Group(click.Group):
    """A group of commands that speak in sentences; an unknown one is a sentence too."""

    command_class = Sentence

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name those that exist."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            known = ", ".join(self.list_commands(ctx))
            raise WrongError(f"There is no command {args[0]!r} here; there is: {known}") from error
