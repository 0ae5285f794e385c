"""Make a consultation whose questionnaire is being written, and fill the forms of the editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient
from lxml import html as lxml_html
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.authoring import queries
from consultation.consultations.models import Consultation
from consultation.questionnaires.drafts import StoredVersion
from consultation.questionnaires.format import Questionnaire, decode
from tests.responses.making import Form

EDITOR = "/espace/poles/questionnaire"


def address(*parts: str) -> str:
    """Return the address of a page of the editor."""
    return "/".join([EDITOR, *parts])


def question(key: str) -> str:
    return address("questions", key)


def form_of(page: TestResponse, marker: str = "_vu") -> Form:
    """Return the form of ``page`` that holds the field ``marker``, without its buttons."""
    document = lxml_html.document_fromstring(page.get_data(as_text=True))
    (form,) = document.xpath(f"//form[.//*[@name='{marker}']]")
    fields: dict[str, list[str]] = {}
    for area in form.xpath(".//textarea"):
        # A browser drops the line end that opens a text area; this parser keeps it.
        area.text = (area.text or "").removeprefix("\n")
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    return Form(form.get("action") or page.request.path, fields)


def change(
    client: FlaskClient, path: str, changes: Mapping[str, Any] | None = None, **more: Any
) -> TestResponse:
    """Open a page of the editor, change fields of its form, press its button."""
    form = form_of(client.get(path))
    return send(client, form, changes, **more)


def send(
    client: FlaskClient, form: Form, changes: Mapping[str, Any] | None = None, **more: Any
) -> TestResponse:
    """Send a form already open, with changes; ``None`` leaves a field out (a box unticked)."""
    data = {**form.fields, **(changes or {}), **more}
    return client.post(form.action, data={k: v for k, v in data.items() if v is not None})


def stored(session: Session, consultation: Consultation) -> StoredVersion | None:
    """Return the draft as it is in the table."""
    session.expire_all()
    return queries.stored(session, consultation.id, consultation.version_id)[0]


def drafted(session: Session, consultation: Consultation) -> Questionnaire:
    """Return the questionnaire of the draft."""
    found = stored(session, consultation)
    assert found is not None
    return decode(found.definition)
