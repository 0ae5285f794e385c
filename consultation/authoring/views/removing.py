"""Removing a question, a section or a list: what it takes with it is said first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.authoring import queries, rules
from consultation.authoring.actions import Overtaken
from consultation.authoring.typed import Typed
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint, started_desk
from consultation.authoring.views.named import FIELDS, users, without_named
from consultation.authoring.views.saving import BUSY, TRIES, write
from consultation.db import db
from consultation.questionnaires import editing
from consultation.questionnaires.editing import NoSuchPartError
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.question import say
from consultation.responses.queries import drafts_answering
from consultation.web.frame import render
from consultation.web.refusals import refuse
from consultation.web.typography import plural

CHANGED = "Une autre personne vient de changer ce que vous supprimez. Relisez-le d’abord."


@dataclass(frozen=True)
class Removal:
    """What would be removed: its name, its words, its fingerprint, the questionnaire without it."""

    title: str
    label: str
    button: str
    seen: str
    keys: frozenset[str]
    left: Questionnaire
    then: str


def _removal(at: Desk, key: str) -> Removal:
    questionnaire = at.questionnaire
    try:
        section, question = editing.find(questionnaire, key)
    except NoSuchPartError:
        return _section_removal(at, key)
    return Removal(
        f"Supprimer la {at.overview.name(key).lower()}\u00a0?",
        say(question.label),
        "Supprimer la question",
        rules.fingerprint(question),
        frozenset((key,)),
        editing.remove_question(questionnaire, key),
        at.url("section", key=section.key),
    )


def _section_removal(at: Desk, key: str) -> Removal:
    try:
        section = editing.section_of(at.questionnaire, key)
    except NoSuchPartError as error:
        raise NotFound from error
    return Removal(
        f"Supprimer la {at.overview.name(key).lower()}\u00a0?",
        say(section.title),
        "Supprimer la partie et ses questions" if section.questions else "Supprimer la partie",
        rules.fingerprint(section),
        frozenset(question.key for question in section.questions),
        editing.remove_section(at.questionnaire, key),
        at.url("editor"),
    )


def consequences(at: Desk, removal: Removal) -> Iterator[str]:
    """Yield what the removal does to answers and to other questions."""
    keys = sorted(removal.keys)
    if len(keys) > 1:
        yield f"{plural(len(keys), 'question disparaît', 'questions disparaissent')} avec elle."
    published = [key for key in keys if at.published_question(key) is not None]
    sent = queries.answered(db.session, at.consultation.id, published)
    drafts = {key: drafts_answering(db.session, at.consultation.id, key) for key in published[:20]}
    for key in published:
        if sent[key] or drafts.get(key):
            given = plural(sent[key], "contribution envoyée", "contributions envoyées")
            begun = plural(drafts.get(key, 0), "brouillon", "brouillons")
            name = at.overview.name(key)
            yield (
                f"{name}\u00a0: {given} et {begun} y répondent. Les réponses envoyées restent "
                "dans la version publiée, les brouillons ne la montrent plus."
            )
    for reader in _readers(at, removal.keys):
        yield f"{at.overview.name(reader)}\u00a0: sa condition en dépend, elle sera à corriger."
    if not published and not at.published:
        yield "Personne n’a encore vu ce questionnaire."


def _readers(at: Desk, keys: frozenset[str]) -> list[str]:
    items = at.overview.shown.items.values()
    return [item.key for item in items if item.key not in keys and item.reads & keys]


@blueprint.get("/supprimer/<key>")
@ORGANISER
def confirm_removal(slug: str, key: str) -> ResponseReturnValue:
    """Say what removing a question or a section does."""
    at = started_desk()
    removal = _removal(at, key)
    return render(
        "authoring/removal.html",
        desk=at,
        back=at.place(key),
        title=removal.title,
        label=removal.label,
        button=removal.button,
        seen=removal.seen,
        consequences=list(consequences(at, removal)),
        action=at.url("remove", key=key),
    )


@blueprint.post("/supprimer/<key>")
@ORGANISER
def remove(slug: str, key: str) -> ResponseReturnValue:
    """Remove a question or a section, as it was when its removal was asked."""
    typed = Typed(request.form.to_dict(flat=False))
    for _ in range(TRIES):
        at = started_desk()
        removal = _removal(at, key)
        if removal.seen != typed.seen:
            refuse(409, CHANGED)
        try:
            write(at, removal.left, removal.button)
        except Overtaken:
            db.session.rollback()
            continue
        flash("Suppression enregistrée dans le brouillon.", "ok")
        return redirect(removal.then, 303)
    refuse(409, BUSY)


@blueprint.get("/listes/<sort>/<name>/supprimer")
@ORGANISER
def confirm_named_removal(slug: str, sort: str, name: str) -> ResponseReturnValue:
    """Ask before a list or a scale goes."""
    at = started_desk()
    _known(at, sort, name)
    return render(
        "authoring/removal.html",
        desk=at,
        back=at.url("named", sort=sort, name=name),
        title="Supprimer cette liste\u00a0?",
        label=name,
        button="Supprimer la liste",
        seen="",
        consequences=["Aucune question ne l’utilise."],
        action=at.url("remove_named", sort=sort, name=name),
    )


@blueprint.post("/listes/<sort>/<name>/supprimer")
@ORGANISER
def remove_named(slug: str, sort: str, name: str) -> ResponseReturnValue:
    """Remove a list or a scale that no question uses."""
    for _ in range(TRIES):
        at = started_desk()
        _known(at, sort, name)
        try:
            write(at, without_named(at.questionnaire, sort, name), "une liste")
        except Overtaken:
            db.session.rollback()
            continue
        flash("Liste supprimée.", "ok")
        return redirect(at.url("editor"), 303)
    refuse(409, BUSY)


def _known(at: Desk, sort: str, name: str) -> None:
    if sort not in FIELDS or name not in getattr(at.questionnaire, FIELDS[sort]):
        raise NotFound
    if used := users(at.questionnaire, sort, name):
        names = ", ".join(at.overview.name(key).lower() for key in used[:5])
        refuse(409, f"Cette liste sert encore\u00a0: {names}. Changez d’abord ces questions.")
