"""The personal link: a page with a button, and what the button does."""

from __future__ import annotations

import re

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from consultation.accounts import entry
from consultation.accounts.models import User
from consultation.accounts.views import door
from consultation.accounts.views.desk import browser, vault
from consultation.accounts.views.session import open_session
from consultation.db import db
from consultation.invitations.actions import entering
from consultation.invitations.actions.entering import Situation
from consultation.invitations.queries import person as person_queries
from consultation.invitations.rules.entrance import may_join
from consultation.invitations.views.desk import blueprint, links
from consultation.tasks.queue import wake
from consultation.web.access import public
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.security import leave_out_of_search_engines

LONGEST_TOKEN = 100
NOT_OURS = re.compile(r"[^\w-]+$", re.ASCII)
"""What a mail program, or a hand, takes along after the address: a full stop, a bracket."""

CHOICES = {"actuel": True, "invite": False}
"""What the two buttons of the page post: the account in use, or the invited address."""


@blueprint.get("/invitation/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Show the button of a personal link: programs that open links press nothing."""
    leave_out_of_search_engines()
    at = _situation(token)
    if at is None or at.decide(_visitor(), keeps_own=None) == "over":
        return render("invitations/link_over.html", at=at), 410
    return _page(token, at)


@blueprint.post("/invitation/<token>")
@public
@limiter.limit("30 per minute")
def use_link(token: str) -> ResponseReturnValue:
    """Let the person in, or ask for a confirmation by letter."""
    leave_out_of_search_engines()
    at = _situation(token)
    decided = (
        at.decide(_visitor(), keeps_own=CHOICES.get(request.form.get("compte", "")))
        if at
        else "over"
    )
    if at is None or decided == "over":
        return render("invitations/link_over.html", at=at), 410
    if decided == "choose":
        return _page(token, at), 409
    if decided == "confirm":
        return _confirm(at)
    return _let_in(at, decided)


def _let_in(at: Situation, decided: str) -> ResponseReturnValue:
    moment = now()
    slug = at.consultation.slug
    if decided == "join":
        user = current_user._get_current_object()
        entering.join(db.session, at, user, moment)
        db.session.commit()
        flash(f"Vous répondez à cette invitation avec le compte {user.email}.", "ok")
        return _onward(slug)
    try:
        act = entering.open_account if decided == "open" else entering.enter
        user = act(db.session, at, moment)
        entry.record_sign_in(db.session, user, moment)
        db.session.commit()
    except IntegrityError:
        # The button pressed twice: the other request opened the account.
        db.session.rollback()
        return redirect(request.path, 303)
    open_session(user, by="invitation")
    flash(f"Vous êtes connecté avec l’adresse {user.email}.", "ok")
    return _onward(slug)


def _confirm(at: Situation) -> ResponseReturnValue:
    """Send a letter to the invited address: its owner has an account of their own."""
    base = current_app.extensions["settings"].public_url
    path = url_for("consultations.show", slug=at.consultation.slug)
    email = at.contact.email
    if not door.just_asked(email):
        visit = entry.Visit(browser(), path, base, now())
        entry.request_link(db.session, vault(), visit, email)
        db.session.commit()
        wake("mail")
        door.remember_asking(email)
    return redirect(url_for("accounts.link_sent", suite=path), 303)


def _onward(slug: str) -> ResponseReturnValue:
    return redirect(url_for("consultations.show", slug=slug), 303)


def _situation(token: str) -> Situation | None:
    token = NOT_OURS.sub("", token)
    if len(token) > LONGEST_TOKEN:
        return None
    invitation = person_queries.by_link(db.session, links().token_hash(token))
    return entering.situation(db.session, invitation, now()) if invitation else None


def _visitor() -> int | None:
    user: User = current_user
    return user.id if current_user.is_authenticated else None


def _page(token: str, at: Situation) -> str:
    visitor = _visitor()
    decided = at.decide(visitor, keeps_own=None)
    return render(
        "invitations/link.html",
        token=token,
        at=at,
        consultation=at.consultation,
        choose=decided == "choose",
        may_join=visitor is not None and may_join(at.link, visitor),
        errors=[],
    )
