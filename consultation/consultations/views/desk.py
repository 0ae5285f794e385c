"""What the pages of the room share: the blueprint, the filters, who finds what."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.consultations import queries, wording
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.lib.file_store import FileStore
from consultation.lib.prose import prose

blueprint = Blueprint("consultations", __name__)
for _filter in (
    prose,
    wording.file_type,
    wording.one_line,
    wording.step_dates,
    wording.step_state,
):
    blueprint.add_app_template_filter(_filter)


def readable(slug: str) -> Consultation:
    """Return the consultation of a public page; a 404 unless published, or the person's own."""
    consultation = queries.with_documents(db.session, slug)
    if consultation is None or not (consultation.state == "published" or _on_team(consultation)):
        raise NotFound
    return consultation


def _on_team(consultation: Consultation) -> bool:
    roles = ("organiser", "moderator", "analyst", "administrator")
    return bool(current_user.is_authenticated) and any(
        current_user.holds(role, consultation.id) for role in roles
    )


def documents_store() -> FileStore:
    """Return where the bytes of the documents are kept."""
    return FileStore(current_app.extensions["settings"].files_path / "documents")
