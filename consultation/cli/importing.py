"""``flask questionnaires import``: read a file of another tool, say what was understood."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from consultation.authoring import queries
from consultation.authoring.actions import Overtaken, save_draft
from consultation.cli.questionnaires import group as group
from consultation.cli.speaking import WrongError
from consultation.consultations.queries import by_slug
from consultation.db import db
from consultation.questionnaires.formats.report import Import, Report, UnreadableFile
from consultation.questionnaires.formats.sandbox import read_apart

LARGEST = 60_000_000
TOO_LARGE = "Ce fichier dépasse 60\u00a0Mo\u00a0: ce n’est pas un questionnaire."
NOT_READ = "Ce fichier n’existe pas ou ne peut pas être lu. Vérifiez son chemin."


class UnreadableError(WrongError):
    """The file cannot be read; only the sentence is printed."""

    def show(self, file: Any = None) -> None:
        """Print the sentence alone, on the error output."""
        click.echo(self.format_message(), file=file, err=True)


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report; store nothing.")
@click.option("--report", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--consultation", "slug", help="The consultation that gets the draft.")
@click.option("--replace", is_flag=True, help="Replace the draft that the consultation has.")
@with_appcontext
def import_file(file: Path, dry_run: bool, report: str, slug: str | None, replace: bool) -> None:
    """Read FILE (XLSForm, LimeSurvey, JSON, YAML, text) and make it a draft.

    Exit code 2 with one sentence on the error output when the file cannot be read; a report in
    JSON is printed all the same, empty but for that sentence.
    """
    if not dry_run and not slug:
        raise WrongError("Name the --consultation that gets the draft, or ask for a --dry-run")
    try:
        found = _read(file)
    except UnreadableError as error:
        if report == "json":
            click.echo(_as_json(_refusal(file, error)))
        raise
    if not dry_run:
        _store(found, slug or "", replace)
    click.echo(_as_json(found.report) if report == "json" else _as_text(found.report))


def _read(file: Path) -> Import:
    try:
        with file.open("rb") as stream:  # the size of a pipe is known at its end
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise UnreadableError(TOO_LARGE)
        return read_apart(data, file.name)
    except OSError as error:
        raise UnreadableError(NOT_READ) from error
    except UnreadableFile as error:
        raise UnreadableError(str(error)) from error


def _store(found: Import, slug: str, replace: bool) -> None:
    consultation = by_slug(db.session, slug)
    if consultation is None:
        raise WrongError(f"There is no consultation {slug!r}")
    draft, published = queries.stored(db.session, consultation.id, consultation.version_id)
    if draft is not None and not replace:
        raise WrongError(f"{slug} has a draft already: add --replace to lose it")
    try:
        save_draft(
            db.session,
            consultation,
            draft,
            published,
            found.questionnaire,
            verb="import_questionnaire",
            actor_id=None,
            now=datetime.now(UTC),
        )
    except Overtaken as error:
        db.session.rollback()
        raise WrongError("Somebody saved the draft at the same moment: try again") from error
    db.session.commit()


def _refusal(file: Path, error: UnreadableError) -> Report:
    """Return a report that holds nothing but the reason why the file was not read."""
    report = Report("unreadable")
    report.problem(file.name, error.message)
    return report


def _as_json(report: Report) -> str:
    return json.dumps(report.as_json(), ensure_ascii=False, indent=1)


def _as_text(report: Report) -> str:
    conditions, constraints = report.conditions, report.constraints
    lines = [
        f"{report.format}, {', '.join(report.languages)}",
        f"{report.sections} sections, {report.questions} questions, {report.rows} rows, "
        f"{report.options} options",
        f"conditions: {conditions.translated} translated, {conditions.reported} reported",
        f"constraints: {constraints.translated} translated, {constraints.reported} reported",
        *(f"{kind}: {count}" for kind, count in sorted(report.kinds.items())),
        *(f"{problem.where}: {problem.what}" for problem in report.problems),
    ]
    return "\n".join(lines)
