"""``flask accounts``: roles, for the first administrator and for repairs."""

from __future__ import annotations

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from consultation.accounts import queries
from consultation.accounts.actions import grant_role
from consultation.accounts.models import User
from consultation.accounts.rules.roles import ROLES
from consultation.cli.speaking import Group, WrongError
from consultation.consultations.queries import by_slug
from consultation.db import db


@click.group("accounts", cls=Group)
def group() -> None:
    """Give roles to accounts."""


@group.command()
@click.argument("email")
@click.argument("role", metavar="ROLE", type=click.Choice(list(ROLES)))
@click.option("--consultation", "slug", help="Only there; everywhere when it is not given.")
@with_appcontext
def grant(email: str, role: str, slug: str | None) -> None:
    """Give ROLE (organiser, moderator, analyst, administrator) to the account of EMAIL."""
    user = _account(db.session, email)
    where = _consultation(db.session, slug) if slug else None
    now: datetime = current_app.extensions["clock"]()
    new = grant_role(db.session, user, role, where, actor_id=None, now=now)
    db.session.commit()
    place = f"on {slug}" if slug else "on the whole site"
    click.echo(f"{user.email} {'is now' if new else 'already was'} {role} {place}.")


def _account(session: Session, email: str) -> User:
    user = queries.by_email(session, email.strip().lower())
    if user is None:
        raise WrongError(f"There is no account for {email}: sign up with it first.")
    return user


def _consultation(session: Session, slug: str) -> int:
    consultation = by_slug(session, slug)
    if consultation is None:
        raise WrongError(f"There is no consultation at the address {slug!r}.")
    return consultation.id
