"""The exports of a consultation: asking for one, following it, downloading it."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import sessionmaker

from consultation.db import db
from consultation.exports import actions, queries, rules
from consultation.exports.models import ExportJob
from consultation.lib.file_store import FileStore
from consultation.responses.queries import counts
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import now, render
from consultation.web.limits import limiter
from consultation.web.refusals import refuse

blueprint = Blueprint("exports", __name__)
READERS = requires("organiser", "analyst", of="consultation")


def store() -> FileStore:
    """Return where the files of exports are kept."""
    return FileStore(current_app.extensions["settings"].files_path / "exports")


@blueprint.get("/espace/<slug>/exports")
@READERS
def index(slug: str) -> ResponseReturnValue:
    """Show what can be exported and the latest exports."""
    return _page()


@blueprint.post("/espace/<slug>/exports")
@READERS
@limiter.limit("60 per hour")
def ask(slug: str) -> ResponseReturnValue:
    """Ask for an export; a short one is made at once."""
    if g.consultation.version_id is None:
        refuse(409, "Cette consultation n’a pas encore de questionnaire publié.")
    kind, purpose = request.form.get("kind", ""), request.form.get("purpose", "")
    try:
        job = actions.request(
            db.session,
            g.consultation,
            kind=kind,
            purpose=purpose,
            user_id=current_user.id,
            user_name=current_user.display_name,
            now=now(),
        )
    except rules.RefusedExportError as refused:
        db.session.rollback()
        return _page([("purpose", str(refused))], purpose), 422
    number, apart = job.id, rules.in_background(kind, job.total)
    db.session.commit()
    if apart:
        wake("exports")
        flash("L’export se prépare. Rechargez cette page pour suivre son avancement.", "ok")
    else:
        _make_now(number)
    return redirect(url_for("exports.index", slug=slug, _anchor="exports"))


def _make_now(number: int) -> None:
    sessions = sessionmaker(db.engine)
    with sessions.begin() as session:
        taken = actions.claim(session, number, now())
    if taken:
        with sessions.begin() as session:
            actions.make(session, session.get_one(ExportJob, number), store(), now())
    flash("L’export est prêt.", "ok")


@blueprint.get("/espace/<slug>/exports/<int:number>")
@READERS
def download(slug: str, number: int) -> ResponseReturnValue:
    """Send the file of an export, while its link lasts."""
    job = queries.job(db.session, g.consultation.id, number)
    if job is None:
        refuse(404, "Cet export n’existe pas.")
    if job.state == "expired" or rules.is_over(job.expires_at, now()):
        refuse(410, "Cet export a expiré après sept jours. Demandez-le à nouveau.")
    if job.digest is None:
        refuse(409, "Cet export n’est pas encore prêt. Rechargez la page des exports.")
    kind = rules.KINDS[job.kind]
    answer = send_file(
        store().path(job.digest),
        mimetype=kind.media_type,
        as_attachment=True,
        download_name=rules.file_name(slug, job.kind, job.created_at),
        conditional=False,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/espace/<slug>/exports/schema.json")
@READERS
def schema(slug: str) -> ResponseReturnValue:
    """Send the Table Schema of the open-data file."""
    path = current_app.root_path + "/consultation/exports/data/schema_resultats.json"
    return send_file(path, mimetype="application/json")


def _page(errors: list[tuple[str, str]] | None = None, purpose: str = "") -> str:
    drafts, sent = counts(db.session, g.consultation.id)
    return render(
        "exports/index.html",
        consultation=g.consultation,
        kinds=rules.KINDS,
        jobs=queries.recent(db.session, g.consultation.id),
        sent=sent,
        drafts=drafts,
        errors=errors or [],
        purpose=purpose,
        moment=now(),
        over=rules.is_over,
    )
