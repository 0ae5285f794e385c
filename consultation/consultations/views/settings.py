"""The settings of a consultation: one page, a form for each thing that may change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.consultations import actions, promises, wording
from consultation.consultations.documents.actions import add_document, remove_document
from consultation.consultations.forms import (
    blame,
)
from consultation.consultations.milestones import set_milestones
from consultation.consultations.models import Consultation
from consultation.consultations.panels import panel
from consultation.consultations.rules import Refused, phase
from consultation.consultations.views.desk import blueprint, documents_store
from consultation.consultations.views.starting import publish_starter
from consultation.consultations.views.typed import FILLED, typed_form
from consultation.db import db
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.forms import Form
from consultation.web.frame import now, render
from consultation.web.typography import plural

ORGANISER = requires("organiser", of="consultation")


@blueprint.get("/espace/<slug>/reglages")
@ORGANISER
def settings(slug: str) -> ResponseReturnValue:
    """Show every setting."""
    return page(g.consultation)


@blueprint.post("/espace/<slug>/reglages/textes")
@ORGANISER
def save_texts(slug: str) -> ResponseReturnValue:
    """Save the texts."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        changed = actions.set_texts(db.session, consultation, form.texts(), **who)
        return "Textes enregistrés." if changed else "Rien n’a changé."

    return _save("texts", change)


@blueprint.post("/espace/<slug>/reglages/calendrier")
@ORGANISER
def save_schedule(slug: str) -> ResponseReturnValue:
    """Save the dates of a consultation that has not begun."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        schedule = actions.Schedule(
            form.mode.data, form.opens_at(), form.closes_at(), form.results_on.data
        )
        actions.set_schedule(db.session, consultation, schedule, **who)
        short = promises.is_short(schedule.opens_at, schedule.closes_at)
        return f"Dates enregistrées.{SHORT if short else ''}"

    return _save("schedule", change)


SHORT = " Moins de 15 jours pleins : prévenez le public assez tôt.".replace(" :", "\u00a0:")


@blueprint.post("/espace/<slug>/reglages/prolonger")
@ORGANISER
def extend(slug: str) -> ResponseReturnValue:
    """Move the closing later."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        actions.extend(db.session, consultation, form.closes_at(), form.reason.data, **who)
        told = panel("extended", db.session, consultation, form.reason.data, who["now"])
        letters = f" {plural(told, *LETTERS)}." if told else ""
        return f"Consultation prolongée. La raison est publiée dans l’historique.{letters}"

    answer = _save("extension", change, refused=409)
    wake("mail")
    return answer


LETTERS = (
    "personne qui a un brouillon est prévenue par courriel",
    "personnes qui ont un brouillon sont prévenues par courriel",
)
"""One, and many."""


@blueprint.post("/espace/<slug>/reglages/regles")
@ORGANISER
def save_safeguards(slug: str) -> ResponseReturnValue:
    """Save the rules of comments and results."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        wanted = actions.Safeguards(
            form.comments_mode.data,
            form.minimum_organisations.data,
            form.minimum_individuals.data,
            form.dominance.data / 100,
            form.target.data,
        )
        actions.set_safeguards(db.session, consultation, wanted, **who)
        return "Règles enregistrées."

    return _save("safeguards", change)


@blueprint.post("/espace/<slug>/reglages/etapes")
@ORGANISER
def save_milestones(slug: str) -> ResponseReturnValue:
    """Save the milestones."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        set_milestones(db.session, consultation, form.steps.data, **who)
        return "Étapes enregistrées."

    return _save("steps", change)


@blueprint.post("/espace/<slug>/reglages/questionnaire")
@ORGANISER
def choose_questionnaire(slug: str) -> ResponseReturnValue:
    """Choose the questionnaire of a draft."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        version = publish_starter(form.starter.data, consultation.slug)
        actions.set_version(db.session, consultation, version.id, **who)
        return "Questionnaire choisi."

    return _save("questionnaire", change)


@blueprint.post("/espace/<slug>/reglages/documents")
@ORGANISER
def add_a_document(slug: str) -> ResponseReturnValue:
    """Add a document."""

    def change(form: Any, consultation: Consultation, **who: Any) -> str:
        add_document(
            db.session,
            documents_store(),
            consultation,
            title=form.title.data,
            kind=form.kind.data,
            name=form.file.data.filename,
            data=form.file.data.read(),
            **who,
        )
        return "Document ajouté."

    return _save("document", change)


@blueprint.post("/espace/<slug>/reglages/documents/<int:number>/retirer")
@ORGANISER
def remove_a_document(slug: str, number: int) -> ResponseReturnValue:
    """Remove a document."""
    found = [document for document in g.consultation.documents if document.id == number]
    if not found:
        raise NotFound

    def change(_form: Any, consultation: Consultation, **who: Any) -> str:
        remove_document(db.session, consultation, found[0], **who)
        return "Document retiré."

    return _save("document", change, checked=False)


@blueprint.post("/espace/<slug>/reglages/publier")
@ORGANISER
def publish(slug: str) -> ResponseReturnValue:
    """Publish the consultation, or say everything that it lacks."""
    try:
        actions.publish(db.session, g.consultation, actor_id=current_user.id, now=now())
    except actions.NotPublishableError as error:
        return page(g.consultation, lacking=error.lacking), 422
    db.session.commit()
    flash("Consultation publiée.", "ok")
    return redirect(url_for("consultations.settings", slug=slug), 303)


def _save(
    name: str, change: Callable[..., str], *, checked: bool = True, refused: int = 422
) -> ResponseReturnValue:
    """Change what form ``name`` says and come back to it, or show it again with its errors."""
    consultation, form = g.consultation, typed_form(name)
    status = 422
    if not checked or form.validate():
        try:
            notice = change(form, consultation, actor_id=current_user.id, now=now())
            db.session.commit()
            flash(notice, "ok")
            where = url_for("consultations.settings", slug=consultation.slug, _anchor=name)
            return redirect(where, 303)
        except Refused as refusal:
            db.session.rollback()
            blame(form, refusal)
            status = refused
    return page(consultation, **{name: form}), status


def page(consultation: Consultation, lacking: list[Refused] | None = None, **typed: Form) -> str:
    """Draw every form, filled from the consultation except those that were ``typed``."""
    forms = {name: typed.get(name) or fill(consultation) for name, fill in FILLED.items()}
    stage = phase(consultation, now())
    errors = [error for name, form in typed.items() for error in _errors(name, form, stage)]
    errors += [(anchor_of(refused, forms), refused.sentence) for refused in lacking or ()]
    kinds = [document.kind for document in consultation.documents]
    return render(
        "consultations/settings.html",
        consultation=consultation,
        forms=forms,
        errors=errors,
        phase=stage,
        lacking=promises.missing(consultation, kinds, now()),
        anchor_of=anchor_of,
        overseas=wording.overseas,
        short=promises.is_short(consultation.opens_at, consultation.closes_at),
        waiting=panel("waiting_for_opening", db.session, consultation),
    )


SHOWN_IN = {
    "schedule": ("draft", "coming"),
    "extension": ("open",),
    "questionnaire": ("draft",),
}
"""The forms that are only drawn in some phases."""


def _errors(name: str, form: Form, stage: str) -> list[tuple[str, str]]:
    if stage in SHOWN_IN.get(name, (stage,)):
        return form.summary()
    # Typed in a page that has grown old: its fields are gone, their section is still there.
    section = "questionnaire" if name == "questionnaire" else "schedule"
    return [(section, sentence) for _, sentence in form.summary()]


def anchor_of(refused: Refused, forms: dict[str, Form]) -> str:
    """Return the identifier of the field that ``refused`` is about."""
    sections = {"documents": "document", "version_id": "questionnaire", "closes_at": "schedule"}
    texts = forms["texts"]
    for name in (refused.field, f"{refused.field}_fr"):
        if name in texts:
            return str(texts[name].id)
    return sections.get(refused.field, "publication")
