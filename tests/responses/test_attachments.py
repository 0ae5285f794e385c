"""Files: only what they say they are, never too heavy, given back to their owner alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.responses import attachments, drafts, queries
from consultation.responses.attachments import FORMATS, RefusedFile, check, clean_name
from consultation.responses.models import Attachment
from tests import cast
from tests.responses.answers import PERSON
from tests.responses.making import answer, begin, form_of, section

CONTRIBUTION = "/consultations/poles/contribution"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ACCEPTED = ["pdf", "odt", "docx"]


def archive(*entries: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP of these entries."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as made:
        for name, content in entries:
            made.writestr(name, content)
    return data.getvalue()


ODT = archive(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>"))
DOCX = archive(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>"))
XLSX = archive(("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", b"<a/>"))
MACROS = archive(
    ("[Content_Types].xml", b"<a/>"), ("word/document.xml", b""), ("word/vbaProject.bin", b"x")
)
BOMB = archive(
    ("mimetype", b"application/vnd.oasis.opendocument.text"),
    ("content.xml", bytes(40_000_000)),
    method=zipfile.ZIP_DEFLATED,
)


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("avis.pdf", PDF, "application/pdf"),
        ("AVIS.PDF", PDF, "application/pdf"),
        ("avis.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("avis.docx", DOCX, FORMATS["docx"].media_type),
    ],
)
def test_a_good_file_is_accepted(name: str, data: bytes, media_type: str) -> None:
    assert check(name, data, ACCEPTED, 5) == media_type


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("avis.exe", b"MZ", "joignez un fichier au format PDF, ODT ou DOCX"),
        ("avis", PDF, "joignez un fichier au format PDF, ODT ou DOCX"),
        ("avis.pdf", b"", "ce fichier est vide"),
        ("avis.pdf", ODT, "le contenu de ce fichier n’est pas celui d’un PDF"),
        ("avis.odt", PDF, "n’est pas celui d’un ODT"),
        ("avis.odt", DOCX, "n’est pas celui d’un ODT"),
        ("avis.docx", XLSX, "n’est pas celui d’un DOCX"),
        ("avis.docx", ODT, "n’est pas celui d’un DOCX"),
        ("avis.docx", DOCX[: len(DOCX) // 2], "n’est pas celui d’un DOCX"),
        ("avis.docx", MACROS, "ce fichier contient des macros"),
        ("avis.odt", BOMB, "ce fichier est compressé à l’excès"),
        ("avis.pdf", PDF + bytes(5 * 1024 * 1024), "joignez un fichier de 5\u00a0Mo au plus"),
    ],
)
def test_another_file_is_refused_with_a_sentence(name: str, data: bytes, said: str) -> None:
    with pytest.raises(RefusedFile, match=said):
        check(name, data, ACCEPTED, 5)


@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=300) | st.just(b"PK\x03\x04" + ODT[4:]))
def test_no_bytes_make_the_check_fail(extension: str, data: bytes) -> None:
    for content in (data, ODT[: len(data)] + data, b"PK\x03\x04" + data):
        try:
            check(f"x.{extension}", content, [extension], 1)
        except RefusedFile as refusal:
            assert refusal.sentence


@given(st.text(max_size=300))
def test_a_name_is_fit_to_be_shown(name: str) -> None:
    cleaned = clean_name(name)

    assert 0 < len(cleaned) <= attachments.LONGEST_NAME
    assert not any(character in cleaned for character in "/\\\n\r\0\u202e")
    assert cleaned == clean_name(cleaned)


def attach(client: FlaskClient, name: str, data: bytes) -> TestResponse:
    form = form_of(client.get(section(8)))
    return client.post(form.action, data={**form.fields, "cahier_acteur": (io.BytesIO(data), name)})


def test_emile_attaches_a_file_takes_it_back_and_removes_it(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    assert attach(client, "../../Délibération n° 3.pdf", PDF).status_code == 303

    page = client.get(section(8))
    assert "Délibération n° 3.pdf" in page.text
    name = db_session.scalars(select(Attachment.id)).one()
    assert f'href="fichiers/{name}"' in page.text
    given = client.get(f"{CONTRIBUTION}/fichiers/{name}")
    assert given.data == PDF
    assert given.headers["Content-Disposition"].startswith("attachment;")
    assert given.headers["X-Content-Type-Options"] == "nosniff"

    form = form_of(page)
    reply = client.post(form.action, data=form.but(cahier_acteur__remove=name))
    assert reply.location == f"{section(8)}#q-cahier_acteur"
    assert "Délibération" not in client.get(section(8)).text
    assert client.get(f"{CONTRIBUTION}/fichiers/{name}").status_code == 404
    assert not stored(app, name).exists()


def test_a_refused_file_is_said_beside_its_question_and_the_rest_is_saved(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    form = form_of(client.get(section(8)))
    fields = form.but(proposition="Gardée malgré tout")
    upload = (io.BytesIO(b"MZ"), "virus.exe")
    page = client.post(form.action, data={**fields, "cahier_acteur": upload})

    assert page.status_code == 422
    sentence = "Question\u00a037\u00a0: joignez un fichier au format PDF, ODT ou DOCX"
    assert f'href="#f-cahier_acteur">{sentence}' in page.text
    assert "<title>Erreur\u00a0: " in page.text
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None and draft.answers == {"proposition": "Gardée malgré tout"}
    assert db_session.scalars(select(Attachment)).all() == []


def test_a_button_pressed_twice_attaches_once(
    emile: User, client: FlaskClient, db_session: Session
) -> None:
    form = form_of(client.get(section(8)))
    for _ in range(2):
        upload = (io.BytesIO(PDF), "avis.pdf")
        reply = client.post(form.action, data={**form.fields, "cahier_acteur": upload})
        assert reply.status_code == 303

    assert len(db_session.scalars(select(Attachment)).all()) == 1


def test_a_second_file_is_refused_when_one_is_asked(emile: User, client: FlaskClient) -> None:
    form = form_of(client.get(section(8)))
    attach(client, "avis.pdf", PDF)
    late = {**form.fields, "_revision": "1", "cahier_acteur": (io.BytesIO(PDF + b" "), "b.pdf")}

    page = client.post(form.action, data=late)

    assert page.status_code == 422
    assert "Question\u00a037\u00a0: joignez un seul fichier" in page.text


def test_nobody_else_is_given_the_file(
    app: Flask, emile: User, client: FlaskClient, db_session: Session
) -> None:
    attach(client, "avis.pdf", PDF)
    name = db_session.scalars(select(Attachment.id)).one()
    nadia = app.test_client()
    begin(nadia, cast.nadia(db_session))

    assert nadia.get(f"{CONTRIBUTION}/fichiers/{name}").status_code == 404
    for wrong in ("..%2f..%2fsettings", "a" * 32, "x"):
        assert client.get(f"{CONTRIBUTION}/fichiers/{wrong}").status_code == 404


def test_a_file_already_sent_stays_with_its_submission(
    app: Flask, consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    for number in sorted(PERSON):
        answer(client, number, PERSON[number])
    attach(client, "avis.pdf", PDF)
    form = form_of(client.get(f"{CONTRIBUTION}/relire"), "_etat")
    assert "avis.pdf" in client.get(f"{CONTRIBUTION}/relire").text
    client.post(form.action, data=form.fields)
    name = db_session.scalars(select(Attachment.id)).one()

    form = form_of(client.get(section(8)))
    client.post(form.action, data=form.but(cahier_acteur__remove=name))

    sent = queries.counted_submission(db_session, consultation.id, emile.id)
    assert sent is not None and sent.answers["cahier_acteur"][0]["id"] == name
    assert client.get(f"{CONTRIBUTION}/fichiers/{name}").data == PDF
    assert stored(app, name).exists()


def test_the_script_never_sends_a_file_by_itself() -> None:
    script = Path("static/answer.js").read_text(encoding="utf-8")

    assert 'typeof value === "string"' in script


def stored(app: Flask, name: str) -> Path:
    folder: Path = app.extensions["settings"].files_path
    return folder / "attachments" / name[:2] / name
