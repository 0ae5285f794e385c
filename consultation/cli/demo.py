"""``flask demo``: the demonstration."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from consultation.cli.speaking import Group, WrongError
from consultation.demo.defaults import COMMENTS, MOST, RESPONDENTS, SEED, RefusedError


@click.group("demo", cls=Group)
def group() -> None:
    """Load synthetic data, all labelled as such."""


@group.command("load")
@click.option(
    "--respondents",
    type=click.IntRange(1, MOST),
    default=RESPONDENTS,
    show_default=True,
    help="Responses sent in the closed consultation; the open one has a fifth as many, 2,000 at "
    "the most, and drafts come in addition.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=SEED,
    show_default=True,
    help="The same seed and the same numbers give the same data.",
)
@click.option(
    "--comments",
    type=click.IntRange(0, 10_000),
    default=COMMENTS,
    show_default=True,
    help="Comments, on both consultations together.",
)
@click.option("--again", is_flag=True, help="Load another demonstration beside the one there is.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@with_appcontext
def load_demonstration(
    respondents: int, seed: int, comments: int, again: bool, quiet: bool
) -> None:
    """Load three consultations, their respondents and comments, and five accounts."""
    from consultation.demo.load import load  # numpy and typst: not for the servers

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        found = load(app, respondents, seed, progress=not quiet, comments=comments, again=again)
    except RefusedError as error:
        raise WrongError(str(error)) from error
    loaded = "The demonstration is loaded." if found.loaded else "It was already loaded."
    click.echo(f"{loaded} Its accounts have the password {found.password}")
    for part in found.parts:
        click.echo(f"  {part.email:<26}{part.role}")
