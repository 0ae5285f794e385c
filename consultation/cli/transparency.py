"""``flask transparency``: the log of submissions."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from consultation.cli.speaking import Group, WrongError
from consultation.db import db
from consultation.transparency import queries
from consultation.transparency.models import LogLeaf

MOST_NAMED = 20
"""Submissions named in an error: the first ones are enough to begin looking."""


@click.group("transparency", cls=Group)
def group() -> None:
    """Verify the log of submissions."""


@group.command()
@with_appcontext
def verify() -> None:
    """Compute every leaf and every head again, and compare with what is stored."""
    altered = list(queries.altered(db.session))
    if altered:
        named = ", ".join(str(number) for number in altered[:MOST_NAMED])
        raise WrongError(f"{len(altered)} submissions are not what the log says: {named}.")
    broken = list(queries.broken_heads(db.session))
    if broken:
        raise WrongError(f"The log does not hold: the head of {broken[0]} leaves is not its root.")
    leaves = db.session.scalar(select(func.count()).select_from(LogLeaf)) or 0
    click.echo(
        f"The log holds: {leaves} leaves, {queries.count_erased(db.session)} of them erased, "
        f"{queries.count_heads(db.session)} heads."
    )
