"""``flask questionnaires``: check a questionnaire file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from consultation.cli.speaking import Group, WrongError
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.format import (
    SCHEMA,
    FormatError,
    Questionnaire,
    decode,
    derived_schema,
    digest,
)
from consultation.questionnaires.rules import findings


@click.group("questionnaires", cls=Group)
def group() -> None:
    """Work with questionnaire files."""


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE, in our JSON format, can be published, and why not."""
    questionnaire = _read(file)
    found = findings(questionnaire)
    for finding in found:
        click.echo(f"{finding.where or '(whole)'}: {finding.what}")
    if found:
        raise WrongError(f"{file.name} cannot be published: correct the points above.")
    click.echo(_summary(questionnaire))


@group.command()
def schema() -> None:
    """Write the JSON Schema of the format again, after a change of its types."""
    text = json.dumps(derived_schema(), ensure_ascii=False, indent=1)
    SCHEMA.write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"{SCHEMA.name} is written.")


def _read(file: Path) -> Questionnaire:
    try:
        return decode(file.read_bytes())
    except (FormatError, UnicodeDecodeError, OSError) as error:
        raise WrongError(f"{file.name} is not a questionnaire: {error}") from error


def _summary(questionnaire: Questionnaire) -> str:
    version = compile_version(questionnaire)
    questions = max((item.number for item in version.items.values()), default=0)
    return (
        f"{len(version.sections)} sections, {questions} questions, "
        f"{len(version.triggers)} of them decide what is shown; digest {digest(questionnaire)}"
    )
