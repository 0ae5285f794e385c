"""The space of those who work on consultations: their list, the dashboard, a new one."""

from __future__ import annotations

import re
import unicodedata

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.consultations import actions, promises, queries, rules
from consultation.consultations.curve import curve
from consultation.consultations.forms import ROLES, NewForm, blame, choices
from consultation.consultations.models import Consultation
from consultation.consultations.panels import panel
from consultation.consultations.views.desk import blueprint
from consultation.consultations.views.starting import publish_starter, starter_choices
from consultation.db import db
from consultation.web.access import requires
from consultation.web.frame import now, render, staff_tabs

CREATORS = ("organiser", "administrator")
RESERVED = ("nouvelle",)
NO_STARTER = "aucun"
NO_STARTER_LABEL = "Aucun pour le moment\u00a0: il sera écrit ou importé ensuite"


@blueprint.get("/espace")
@requires()
def workspace() -> ResponseReturnValue:
    """List the consultations where the person holds a role."""
    moment = now()
    listed = [_entry(consultation) for consultation in _mine()]
    return render(
        "consultations/workspace.html",
        listed=listed,
        phases={c.id: rules.phase(c, moment) for c, _, _ in listed},
        may_create=any(current_user.holds(role) for role in CREATORS),
    )


def _mine() -> list[Consultation]:
    on_site = any(grant.consultation_id is None for grant in current_user.grants)
    if on_site:
        return list(queries.every(db.session))
    identifiers = {grant.consultation_id for grant in current_user.grants}
    return list(queries.among(db.session, identifiers)) if identifiers else []


def _entry(consultation: Consultation) -> tuple[Consultation, list[str], list[tuple[str, str]]]:
    held = {g.role for g in current_user.grants if g.consultation_id in (None, consultation.id)}
    names = {**ROLES, "administrator": "Administrateur"}
    links = [
        (tab.label, url_for(tab.endpoint, slug=consultation.slug))
        for tab in staff_tabs(consultation)
    ]
    return consultation, [name for role, name in names.items() if role in held], links


@blueprint.get("/espace/<slug>")
@requires("organiser", "analyst", of="consultation")
def dashboard(slug: str) -> ResponseReturnValue:
    """Show who takes part, and what to do while there is time."""
    consultation, moment = g.consultation, now()
    progress = panel("progress", db.session, consultation, moment)
    kinds = [document.kind for document in consultation.documents]
    draft = consultation.state == "draft"
    return render(
        "consultations/dashboard.html",
        consultation=consultation,
        now=moment,
        phase=rules.phase(consultation, moment),
        days=rules.days_remaining(consultation, moment),
        progress=progress,
        curve=curve(progress["days"], consultation, moment) if progress else None,
        moderation=panel("moderation", db.session, consultation, moment),
        invitations=panel("invitations", db.session, consultation, moment),
        officials=panel("official_responses", db.session, consultation, moment),
        lacking=promises.missing(consultation, kinds, moment) if draft else [],
    )


@blueprint.get("/espace/nouvelle")
@requires(*CREATORS, of="site")
def new() -> ResponseReturnValue:
    """Show the form of a new consultation."""
    return _page(_with_choices(NewForm(None)))


@blueprint.post("/espace/nouvelle")
@requires(*CREATORS, of="site")
def create() -> ResponseReturnValue:
    """Create a draft and open its settings."""
    form = _with_choices(NewForm())
    if form.validate():
        try:
            consultation = _create(form)
            db.session.commit()
            flash("Brouillon créé. Complétez les modalités, puis publiez.", "ok")
            return redirect(url_for("consultations.settings", slug=consultation.slug), 303)
        except rules.Refused as refused:
            db.session.rollback()
            blame(form, refused)
    return _page(form), 422


def _create(form: NewForm) -> Consultation:
    title = form.title.data or ""
    slug = form.slug.data or slug_of(title)
    if slug in RESERVED or len(slug) < 3:
        raise rules.Refused("slug", "Choisissez une autre adresse, par exemple poles-2022")
    schedule = actions.Schedule(
        form.mode.data, form.opens_at(), form.closes_at(), form.results_on.data
    )
    who = {"creator": current_user._get_current_object(), "now": now()}
    consultation = actions.create(db.session, slug, title, schedule, **who)
    if form.starter.data != NO_STARTER:
        version = publish_starter(form.starter.data, slug)
        who_now = {"actor_id": current_user.id, "now": now()}
        actions.set_version(db.session, consultation, version.id, **who_now)
    return consultation


def slug_of(title: str) -> str:
    """Return an address made from a title: « L’été des pôles » gives « l-ete-des-poles »."""
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:80].rstrip("-")


def _with_choices(form: NewForm) -> NewForm:
    form.starter.choices = [*starter_choices(), *choices({NO_STARTER: NO_STARTER_LABEL})]
    return form


def _page(form: NewForm) -> str:
    return render("consultations/new.html", form=form, errors=form.summary())
