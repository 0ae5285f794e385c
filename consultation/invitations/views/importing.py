"""Import a file of contacts: choose it, look at what it brings, confirm, read the report."""

from __future__ import annotations

from flask import Response, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.consultations.documents.rules import clean_name
from consultation.db import db
from consultation.invitations.actions import address_book
from consultation.invitations.forms import ImportForm
from consultation.invitations.models import ContactImport
from consultation.invitations.queries import book as book_queries
from consultation.invitations.reading import model_file
from consultation.invitations.reading.columns import CORRECTION
from consultation.invitations.reading.sheet import LARGEST
from consultation.invitations.views import wording
from consultation.invitations.views.desk import (
    ORGANISER,
    actor_pairs,
    blueprint,
    consultation,
    here,
    known,
    links,
    person,
    region_pairs,
)
from consultation.questionnaires.formats.report import UnreadableFile
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.typography import plural

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/espace/<slug>/invitations/importer")
@ORGANISER
def choose_file(slug: str) -> ResponseReturnValue:
    """Ask for a file."""
    return _page(ImportForm(None))


@blueprint.post("/espace/<slug>/invitations/importer")
@ORGANISER
@limiter.limit("60 per hour")
def prepare(slug: str) -> ResponseReturnValue:
    """Read a file and show what it would bring."""
    form = ImportForm()
    if not form.validate():
        return _page(form), 422
    try:
        given = _prepared()
    except UnreadableFile as error:
        db.session.rollback()
        form.file.errors = [str(error).rstrip(".")]
        return _page(form), 422
    db.session.commit()
    return redirect(here("preview", number=given.id), 303)


def _prepared() -> ContactImport:
    file = request.files["file"]
    return address_book.prepare_import(
        db.session,
        consultation().id,
        file_name=clean_name(file.filename or "contacts.csv"),
        data=file.stream.read(LARGEST + 1),
        known=known(),
        actor_id=person().id,
        now=now(),
    )


@blueprint.get("/espace/<slug>/invitations/importer/<int:number>")
@ORGANISER
def preview(slug: str, number: int) -> ResponseReturnValue:
    """Show what a file would bring, or brought: the report line by line."""
    given = _found(number)
    return render(
        "invitations/preview.html",
        consultation=consultation(),
        given=given,
        report=given.report,
        names={**dict(actor_pairs()), **dict(region_pairs())},
        words=wording,
    )


@blueprint.post("/espace/<slug>/invitations/importer/<int:number>/confirmer")
@ORGANISER
def confirm(slug: str, number: int) -> ResponseReturnValue:
    """Add what the file brings."""
    given = _found(number)
    added = address_book.confirm_import(
        db.session, given, links(), known=known(), actor_id=person().id, now=now()
    )
    db.session.commit()
    if added or not given.report.get("added"):
        flash(f"{plural(added, 'contact ajouté', 'contacts ajoutés')}.", "ok")
    return redirect(here("preview", number=number), 303)


@blueprint.post("/espace/<slug>/invitations/importer/<int:number>/abandonner")
@ORGANISER
def discard(slug: str, number: int) -> ResponseReturnValue:
    """Forget a file."""
    address_book.discard_import(db.session, _found(number))
    db.session.commit()
    flash("Fichier oublié.", "ok")
    return redirect(here("index"), 303)


@blueprint.get("/espace/<slug>/invitations/importer/<int:number>/a-corriger.csv")
@ORGANISER
def lines_to_correct(slug: str, number: int) -> ResponseReturnValue:
    """Give the lines left out, each with its reason, to correct and import again."""
    report = _found(number).report
    rows = [[*CORRECTION, *report["header"]]]
    rows += [[str(x["number"]), x["sentence"], *x["cells"]] for x in report["lines"]]
    return _file(model_file.as_csv(rows), "lignes-a-corriger.csv", CSV)


@blueprint.get("/espace/<slug>/invitations/modele.csv")
@ORGANISER
def model_csv(slug: str) -> ResponseReturnValue:
    """Give the model as CSV."""
    return _file(model_file.model_csv(), "modele-contacts.csv", CSV)


@blueprint.get("/espace/<slug>/invitations/modele.xlsx")
@ORGANISER
def model_xlsx(slug: str) -> ResponseReturnValue:
    """Give the model as a workbook, with the words that its columns accept."""
    words = [
        ("Type d’acteur", [name for _, name in actor_pairs()]),
        ("Région", [name for _, name in region_pairs()]),
    ]
    return _file(model_file.model_xlsx(words), "modele-contacts.xlsx", XLSX)


def _found(number: int) -> ContactImport:
    found = book_queries.imported(db.session, consultation().id, number)
    if found is None:
        raise NotFound
    return found


def _file(data: bytes, name: str, media_type: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(form: ImportForm) -> str:
    return render(
        "invitations/import.html", consultation=consultation(), form=form, errors=form.summary()
    )
