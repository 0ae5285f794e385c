"""The first page of the editor: what is said once for the whole questionnaire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from consultation.authoring import actions, lists, reading, rules
from consultation.authoring.actions import Overtaken
from consultation.authoring.overview import Fault
from consultation.authoring.reading import Read, Whole
from consultation.authoring.typed import Typed
from consultation.authoring.views import pages
from consultation.authoring.views.adding import add
from consultation.authoring.views.desk import (
    ORGANISER,
    Desk,
    blueprint,
    desk,
    started_desk,
    who,
)
from consultation.authoring.views.saving import Next, Wrong, save, show
from consultation.db import db
from consultation.questionnaires.format import Computed, Questionnaire
from consultation.questionnaires.formats.doors import WRITERS
from consultation.web.frame import render
from consultation.web.refusals import refuse

CHANGED = "Le brouillon a changé depuis cette page. Relisez-le, puis recommencez."


@dataclass(frozen=True)
class WholePart:
    """The settings."""

    language: str = ""
    what: str = "les réglages"

    def find(self, at: Desk) -> Whole:
        return reading.whole_of(at.questionnaire)

    def read(self, typed: Typed, before: Whole, at: Desk) -> Read:
        language = pages.language_of(at, typed, self.language)
        around = at.around("", language)
        return reading.whole(typed, before, around, at.overview.keys)

    def put(self, at: Desk, before: Whole, after: Whole) -> Questionnaire:
        return reading.with_whole(at.questionnaire, after)

    def press(
        self, at: Desk, questionnaire: Questionnaire, after: Whole, button: str
    ) -> tuple[Questionnaire, Next]:
        verb, _, language = button.partition(":")
        if verb in ("question", "section"):
            return add(at, questionnaire, verb)
        if verb == "langue" and language in questionnaire.languages:
            return questionnaire, Next(at.url("editor", langue=language), "Réglages enregistrés.")
        return questionnaire, Next(self.url(at), "Réglages enregistrés.")

    def page(self, at: Desk, part: Whole, typed: Typed | None, wrong: Wrong) -> str:
        questionnaire = at.questionnaire
        return pages.editor_page(
            "whole",
            at,
            "",
            action=self.url(at),
            seen=rules.fingerprint(part),
            language=pages.language_of(at, typed, self.language),
            settings=part,
            typed={name: typed.raw(name) for name in typed.values} if typed else {},
            wrong=wrong,
            individual_sentence=at.overview.sentence(part.individual),
            individual_faults=at.overview.faults_in("individual", part.individual),
            individual_mark=_mark(typed.raw("individual") if typed else ""),
            computed=_computed(at, part, typed),
            lists=[
                *(("liste", name, len(found)) for name, found in questionnaire.lists.items()),
                *(("echelle", name, len(found)) for name, found in questionnaire.scales.items()),
            ],
            writers=[(name, writer.label) for name, writer in WRITERS.items()],
        )

    def url(self, at: Desk) -> str:
        return at.url("editor")


def _mark(source: str) -> str:
    return lists.pointed_at(source) if source.strip() else ""


@dataclass(frozen=True, slots=True)
class ComputedRow:
    """One computed value of the page, or the empty one that adds another."""

    name: str
    key: str
    source: str
    sentence: str
    faults: Sequence[Fault] = ()
    mark: str = ""


def _computed(at: Desk, part: Whole, typed: Typed | None) -> Sequence[ComputedRow]:
    rows = []
    for place, each in enumerate([*part.computed, Computed(key="", expression="")]):
        name = f"computed.{place}"
        key, source = each.key, each.expression
        if typed is not None:
            key = typed.raw(f"{name}.key", key)
            source = typed.raw(f"{name}.expression", source)
        said = at.overview.sentence(each.expression)
        faults = at.overview.faults_in(name, each.expression)
        rows.append(ComputedRow(name, key, source, said, faults, _mark(source)))
    return rows


@blueprint.get("")
@ORGANISER
def editor(slug: str) -> ResponseReturnValue:
    """Show the settings of the whole, or the ways to start."""
    at = desk()
    if not at.started:
        return redirect(at.url("start"))
    return show(WholePart(request.args.get("langue", "")), at)


@blueprint.post("")
@ORGANISER
def save_whole(slug: str) -> ResponseReturnValue:
    """Save the settings of the whole."""
    return save(WholePart())


@blueprint.get("/controles")
@ORGANISER
def controls(slug: str) -> ResponseReturnValue:
    """List every check."""
    return render("authoring/controls.html", desk=started_desk())


@blueprint.post("/abandonner")
@ORGANISER
def discard(slug: str) -> ResponseReturnValue:
    """Remove the draft; what is published stays."""
    at = started_desk()
    typed = Typed(request.form.to_dict(flat=False))
    if at.draft is None or at.published is None:
        refuse(409, "Il n’y a pas de brouillon à abandonner.")
    if typed.revision != at.revision:
        refuse(409, CHANGED)
    try:
        actions.discard_draft(db.session, at.consultation, at.draft, **who())
    except Overtaken:
        db.session.rollback()
        refuse(409, CHANGED)
    db.session.commit()
    flash("Brouillon abandonné.", "ok")
    return redirect(at.url("editor"), 303)
