"""Starting a questionnaire: from nothing, a model, a file or a pasted text.

What a file holds is shown before anything is stored: it travels in the page, signed.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from consultation.authoring.actions import Overtaken
from consultation.authoring.forms import EmptyForm, FileForm, PasteForm, StarterForm
from consultation.authoring.kinds import NAMES
from consultation.authoring.typed import Typed
from consultation.authoring.views.adding import SECTION
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint, desk
from consultation.authoring.views.saving import author, write
from consultation.consultations.views.starting import starter_choices
from consultation.db import db
from consultation.questionnaires.format import FormatError, Questionnaire, Section, decode, encode
from consultation.questionnaires.formats.keys import plain_key
from consultation.questionnaires.formats.neutral import report_on
from consultation.questionnaires.formats.report import Import, UnreadableFile
from consultation.questionnaires.formats.sandbox import read_apart, report_of
from consultation.questionnaires.starters.shelf import names, starter
from consultation.web.forms import Form
from consultation.web.frame import render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse

FORMATS = {
    "xlsform": "XLSForm",
    "limesurvey": "LimeSurvey",
    "json": "JSON de la plateforme",
    "yaml": "YAML de la plateforme",
    "text": "Texte",
    "model": "Modèle",
    "empty": "Questionnaire vide",
}
LOST = "Ce contenu n’est plus lisible. Importez à nouveau le fichier."
TOO_LONG = "Ce questionnaire est trop long pour être importé. Divisez-le en deux fichiers."
LONGEST = 2_500_000


@blueprint.get("/depart")
@ORGANISER
def start(slug: str) -> ResponseReturnValue:
    """Show the four ways to start."""
    return _page(desk())


@blueprint.post("/depart/vide")
@ORGANISER
def start_empty(slug: str) -> ResponseReturnValue:
    """Start from nothing but a title."""
    at, form = desk(), EmptyForm(prefix="vide")
    if not form.validate():
        return _page(at, vide=form), 422
    title = form.title.data or ""
    section = Section(key="partie", title={"fr": SECTION})
    code = plain_key(title, "questionnaire")
    questionnaire = Questionnaire(code=code, title={"fr": title}, sections=[section])
    return _offer(at, Import(questionnaire, report_on(questionnaire, "empty")))


@blueprint.post("/depart/modele")
@ORGANISER
def start_from_model(slug: str) -> ResponseReturnValue:
    """Start from a ready-made questionnaire."""
    at, form = desk(), _with_choices(StarterForm(prefix="modele"))
    if not form.validate():
        return _page(at, modele=form), 422
    found = starter(form.starter.data)
    return _offer(at, Import(found, report_on(found, "model")))


@blueprint.post("/depart/texte")
@ORGANISER
@limiter.limit("120 per hour")
def start_from_text(slug: str) -> ResponseReturnValue:
    """Read a pasted text, and show what was understood."""
    at, form = desk(), PasteForm(prefix="texte")
    if form.validate():
        try:
            return _report(at, read_apart((form.text.data or "").encode(), "collage.txt"))
        except UnreadableFile as error:
            form.text.errors = [str(error)]
    return _page(at, texte=form), 422


@blueprint.post("/depart/fichier")
@ORGANISER
@limiter.limit("120 per hour")
def start_from_file(slug: str) -> ResponseReturnValue:
    """Read a file apart, and show what was understood."""
    at, form = desk(), FileForm(prefix="fichier")
    if form.validate():
        file = form.file.data
        try:
            return _report(at, read_apart(file.read(), _plain_name(file.filename)))
        except UnreadableFile as error:
            form.file.errors = [str(error)]
    return _page(at, fichier=form), 422


def _plain_name(name: str | None) -> str:
    return (name or "").replace("\0", "")[-200:]


@blueprint.post("/depart/accepter")
@ORGANISER
def accept(slug: str) -> ResponseReturnValue:
    """Make what was shown the draft."""
    at, typed = desk(), Typed(request.form.to_dict(flat=False))
    try:
        content = _signer().loads(typed.raw("_contenu"))
        found = Import(decode(content["questionnaire"]), report_of(content["report"]))
    except (BadData, FormatError):
        refuse(400, LOST)
    if typed.revision != at.revision:
        return _report(at, found, late=True), 409
    if at.draft is not None and "remplacer" not in typed:
        return _report(at, found, untold=True), 422
    return _store(at, found)


def _offer(at: Desk, found: Import) -> ResponseReturnValue:
    """Store what is started from nothing or from a model, unless it would replace a draft."""
    return _report(at, found) if at.draft is not None else _store(at, found)


def _store(at: Desk, found: Import) -> ResponseReturnValue:
    try:
        write(at, found.questionnaire, "tout", "import_questionnaire")
    except Overtaken:
        db.session.rollback()
        return _report(desk(), found, late=True), 409
    flash("Brouillon créé. Rien n’est public avant la publication.", "ok")
    return redirect(at.url("editor"), 303)


def _report(at: Desk, found: Import, *, late: bool = False, untold: bool = False) -> str:
    """Show what was understood, and every line that was not."""
    content = {"questionnaire": encode(found.questionnaire), "report": found.report.as_json()}
    signed = _signer().dumps(content)
    if len(signed) > LONGEST:
        refuse(413, TOO_LONG)
    sentence = "Cochez la case pour remplacer le brouillon"
    return render(
        "authoring/report.html",
        desk=at,
        consultation=at.consultation,
        report=found.report,
        format=FORMATS.get(found.report.format, found.report.format),
        kinds=[(NAMES[kind], n) for kind, n in found.report.kinds.items() if kind in NAMES],
        questionnaire=found.questionnaire,
        names=NAMES,
        content=signed,
        author=author(at) if late else "",
        late=late,
        untold=sentence if untold else "",
        errors=[("remplacer", sentence)] if untold else [],
    )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="questionnaire-import")


def _with_choices(form: StarterForm) -> StarterForm:
    form.starter.choices = starter_choices()
    return form


def _page(at: Desk, **typed: Form) -> str:
    forms: dict[str, Any] = {
        "vide": typed.get("vide") or EmptyForm(None, prefix="vide"),
        "modele": typed.get("modele") or _with_choices(StarterForm(None, prefix="modele")),
        "texte": typed.get("texte") or PasteForm(None, prefix="texte"),
        "fichier": typed.get("fichier") or FileForm(None, prefix="fichier"),
    }
    errors = [error for form in typed.values() for error in form.summary()]
    return render("authoring/start.html", desk=at, forms=forms, errors=errors, models=len(names()))
