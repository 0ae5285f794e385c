"""Claire takes the results away; nobody's name leaves with them."""

from __future__ import annotations

import copy
import csv
import io
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.exports import actions, individual, rules
from consultation.exports.background import make_waiting
from consultation.exports.formats.delimited import EXCEL_FR, OPEN_DATA, Delimited
from consultation.exports.models import ExportJob
from consultation.exports.rules import KINDS, RefusedExportError, check, file_name
from consultation.lib.file_store import FileStore
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.layout import vector
from consultation.questionnaires.path import submitted, walk
from consultation.responses.models import Response, Submission
from consultation.responses.proof import receipt
from consultation.settings import ROOT
from tests import cast
from tests.house.statements import counted_statements
from tests.responses.making import consulted

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
WHY = "Synthèse des textes libres"


@pytest.fixture
def closed(app: Flask, db_session: Session) -> Consultation:
    """A small consultation that sixty people answered, two of them alone in their group."""
    app.extensions["clock"] = lambda: NOW
    consultation = consulted(db_session, SMALL)
    version = compile_version(decode(SMALL))
    for number in range(1, SENT + 1):
        send(db_session, consultation, version, number)
    db_session.commit()
    return consultation


def send(
    session: Session, consultation: Consultation, version: CompiledVersion, number: int
) -> None:
    """Store what a respondent sent, with its vector."""
    user = User(
        email=f"p{number}@example.org", display_name=f"Personne {number}", created_at=NOW,
        email_confirmed_at=NOW,
    )  # fmt: skip
    session.add(user)
    session.flush()
    answers: dict[str, Any] = {
        "acteur": "rare" if number <= 2 else ("pme", "region")[number % 2],
        "region": ("53", "76")[number % 3 == 0],
        "avis": {"a": str(1 + number % 4), "b": "nsp"},
        "montant": number * 10,
        "texte": "=1+1" if number == 7 else f"Été n° {number}",
        "secteur": ["autre"],
        "secteur.other": "mer",
        "organisme": f"Société {number}",
    }
    path = walk(version, answers, NOW.date())
    kept = submitted(version, path)
    response = Response(
        consultation_id=consultation.id, user_id=user.id, version_id=consultation.version_id,
        status="draft", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    session.add(response)
    session.flush()
    leaf = sha256(str(number).encode()).hexdigest()
    submission = Submission(
        response_id=response.id, consultation_id=consultation.id,
        version_id=consultation.version_id, number=1, answers=kept,
        profile={"actor_type": "entreprise_pme", "region": "53"},
        codes=vector(version, path, kept), unit=number, individual=False, salt="0" * 32,
        leaf_hash=leaf, receipt=receipt(leaf), submitted_at=NOW,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    response.status, response.submission_id = "sent", submission.id


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": v, "label": {"fr": f"Choix {v}"}} for v in values]


SENT = 60
SMALL = {
    "code": "petite",
    "title": {"fr": "Petite"},
    "breakdowns": ["acteur", "region"],
    "sections": [
        {
            "key": "un",
            "title": {"fr": "Une"},
            "questions": [
                {"kind": "single", "key": "acteur", "label": {"fr": "Qui ?"},
                 "options": options("pme", "region", "rare")},
                {"kind": "single", "key": "region", "label": {"fr": "Où ?"},
                 "options": options("53", "76")},
                {"kind": "short_text", "key": "organisme", "label": {"fr": "Organisme"},
                 "publication": "never"},
            ],
        },
        {
            "key": "deux",
            "title": {"fr": "Deux : l’avis"},
            "questions": [
                {"kind": "matrix", "key": "avis", "label": {"fr": "Avis ?"},
                 "rows": options("a", "b"),
                 "points": [*options("1", "2", "3", "4"),
                            {"value": "nsp", "label": {"fr": "Sans avis"}, "no_opinion": True}]},
                {"kind": "number", "key": "montant", "label": {"fr": "Combien ?"},
                 "sensitive": True},
                {"kind": "long_text", "key": "texte", "label": {"fr": "Texte"},
                 "publication": "verbatim"},
                {"kind": "multiple", "key": "secteur", "label": {"fr": "Secteur"},
                 "options": [*options("num"),
                             {"value": "autre", "label": {"fr": "Autre"}, "other": True}]},
            ],
        },
    ],
}  # fmt: skip


def asked(client: FlaskClient, slug: str, kind: str, purpose: str = "") -> Any:
    page = client.get(f"/espace/{slug}/exports").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    fields = {"csrf_token": token, "kind": kind, "purpose": purpose}
    return client.post(f"/espace/{slug}/exports", data=fields)


def stored(client: FlaskClient) -> FileStore:
    return FileStore(client.application.extensions["settings"].files_path / "exports")


def file_of(client: FlaskClient, session: Session, slug: str, kind: str) -> bytes:
    assert asked(client, slug, kind, WHY).status_code == 302
    make_waiting(sessionmaker(db.engine), stored(client), lambda: NOW)
    session.expire_all()
    latest = select(ExportJob).where(ExportJob.kind == kind).order_by(ExportJob.id.desc())
    job = session.scalars(latest).first()
    assert job is not None
    assert job.state == "done"
    with client.get(f"/espace/{slug}/exports/{job.id}") as answer:
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        return answer.get_data()


def test_claire_reads_the_open_data_file_and_it_follows_its_schema(
    client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    cast.sign_in(client, cast.claire(db_session, closed.id))
    data = file_of(client, db_session, closed.slug, "aggregated_csv")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
    schema_file = ROOT / "consultation/exports/data/schema_resultats.json"
    fields = {f["name"]: f for f in json.loads(schema_file.read_text("utf-8"))["fields"]}

    assert list(rows[0]) == list(fields)
    for row in rows:
        for name, field in fields.items():
            allowed = field.get("constraints", {}).get("enum")
            assert not allowed or row[name] in allowed
        assert row["effectif"] == "" or int(row["effectif"]) >= 0
        if row["secret"] != "non":
            assert "" in (row["effectif"], row["base"], row["part"], row["moyenne"])
        else:
            assert row["effectif"] != "" or row["moyenne"] == "" or float(row["moyenne"])
    secrets = {row["secret"] for row in rows}
    assert "non" in secrets
    assert secrets - {"non"}
    assert len(pd.read_csv(io.BytesIO(data))) == len(rows)


def test_the_file_for_excel_in_french_opens_with_accents_and_commas(
    client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    cast.sign_in(client, cast.claire(db_session, closed.id))
    data = file_of(client, db_session, closed.slug, "aggregated_csv_fr")

    assert data.startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(io.BytesIO(data), sep=";", decimal=",")
    assert read["part"].dropna().between(0, 1).all()
    assert read["libelle"].str.contains("é").any()


def test_the_workbook_has_a_sheet_per_section_with_bases_and_masked_cells(
    client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    cast.sign_in(client, cast.claire(db_session, closed.id))
    book = load_workbook(
        io.BytesIO(file_of(client, db_session, closed.slug, "aggregated_xlsx")), read_only=True
    )
    names = book.sheetnames
    read_me = [[c.value for c in row] for row in book[names[0]].iter_rows()]
    first = [[c.value for c in row] for row in book[names[1]].iter_rows()]

    assert names[0] == "Lisez-moi"
    assert len(names) == 3
    assert any("11 unités" in str(row[1]) for row in read_me)
    assert first[0][6:8] == ["Effectif", "Base"]
    assert any("masqué" in str(row[10]) for row in first[1:])
    book.close()


def test_individual_answers_hold_no_name_no_address_and_nothing_never_published(
    client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    cast.sign_in(client, cast.claire(db_session, closed.id))
    data = file_of(client, db_session, closed.slug, "individual_csv").decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(data)))
    book = file_of(client, db_session, closed.slug, "codebook_csv").decode("utf-8")
    described = [line["colonne"] for line in csv.DictReader(io.StringIO(book))]

    assert len(rows) == SENT
    assert list(rows[0]) == described
    assert "organisme" not in described
    assert "@" not in data
    assert "Société" not in data
    assert {"acteur", "avis_a", "secteur_autre", "secteur_other"} <= set(described)
    assert rows[6]["texte"] == "'=1+1"
    assert {row["secteur_other"] for row in rows} == {"mer"}
    assert {row["nature"] for row in rows} == {"personnelle"}
    assert "officielle = signée pour un organisme" in book


@pytest.mark.parametrize(("first", "second"), [("never", "aggregated"), ("aggregated", "never")])
def test_what_was_or_is_never_published_leaves_under_no_version(first: str, second: str) -> None:
    raw = [copy.deepcopy(SMALL) for _ in range(2)]
    for each, rule in zip(raw, (first, second), strict=True):
        each["sections"][0]["questions"][2]["publication"] = rule  # type: ignore[index]
    old, new = (compile_version(decode(each)) for each in raw)
    sent = SimpleNamespace(
        answers={"organisme": "Optique"}, profile={}, submitted_at=NOW, official=True
    )

    assert "Optique" not in individual.row(1, sent, old, new).values()
    assert ("organisme" in {c.name for c in individual.columns([new, old])}) == (first == "never")


def test_individual_answers_need_a_purpose_and_are_journalled_first(
    client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    cast.sign_in(client, cast.claire(db_session, closed.id))
    refused = asked(client, closed.slug, "individual_csv", "  oui ")

    assert refused.status_code == 422
    assert "Indiquez à quoi serviront ces réponses" in refused.get_data(as_text=True)
    assert db_session.scalars(select(ExportJob)).all() == []
    file_of(client, db_session, closed.slug, "individual_csv")
    verbs = db_session.scalars(select(AuditEvent.verb)).all()
    assert "export_individual" in verbs


@pytest.mark.one_database
def test_emile_and_lea_cannot_see_the_exports(
    client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    address = f"/espace/{closed.slug}/exports"
    assert client.get(address).status_code == 302
    for person in (cast.emile(db_session), cast.lea(db_session, closed.id)):
        cast.sign_in(client, person)
        assert client.get(address).status_code == 403


@pytest.mark.one_database
def test_the_file_of_another_consultation_is_not_found_and_an_old_one_is_over(
    app: Flask, client: FlaskClient, db_session: Session, closed: Consultation
) -> None:
    claire = cast.claire(db_session)
    cast.sign_in(client, claire)
    file_of(client, db_session, closed.slug, "codebook_csv")
    number = db_session.scalars(select(ExportJob.id)).one()

    other = consulted(db_session, SMALL, slug="autre")
    assert client.get(f"/espace/{other.slug}/exports/{number}").status_code == 404
    app.extensions["clock"] = lambda: NOW + timedelta(days=7)
    cast.sign_in(client, claire)
    assert client.get(f"/espace/{closed.slug}/exports/{number}").status_code == 410


def test_a_large_export_is_made_by_the_worker_and_two_workers_make_it_once(
    app: Flask, db_session: Session, closed: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    claire = cast.claire(db_session, closed.id)
    job = actions.request(
        db_session, closed, kind="individual_csv", purpose=WHY, user_id=claire.id,
        user_name="Claire", now=NOW,
    )  # fmt: skip
    db_session.commit()
    store = FileStore(app.extensions["settings"].files_path / "exports")
    sessions = sessionmaker(db.engine)

    assert actions.claim(db_session, job.id, NOW)
    assert not actions.claim(db_session, job.id, NOW)
    db_session.commit()
    assert make_waiting(sessions, store, lambda: NOW) == 0
    assert make_waiting(sessions, store, lambda: NOW + timedelta(hours=1)) == 1
    db_session.expire_all()
    assert (job.state, job.done) == ("done", SENT)
    assert make_waiting(sessions, store, lambda: NOW + timedelta(days=9)) == 0
    db_session.expire_all()
    assert job.state == "expired"


def test_the_number_of_statements_does_not_depend_on_the_columns(
    app: Flask, db_session: Session, closed: Consultation, tmp_path: Any
) -> None:
    with counted_statements() as statements:
        actions._individual_csv(db_session, closed, tmp_path / "x", NOW, lambda _: None)

    assert len(statements) <= 6


CELLS = st.text(max_size=30) | st.integers() | st.floats(allow_nan=False) | st.none()


@given(st.lists(CELLS, min_size=2, max_size=2), st.sampled_from([OPEN_DATA, EXCEL_FR]))
def test_no_cell_is_a_formula_and_every_text_comes_back(cells: list[Any], dialect: Any) -> None:
    stream = io.StringIO(newline="")
    Delimited(stream, ("a", "b"), dialect).add_cells(cells)
    stream.seek(1 if dialect.mark else 0)
    _, back = csv.reader(stream, delimiter=dialect.delimiter)

    for cell, text in zip(cells, back, strict=True):
        if isinstance(cell, str):
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert text.removeprefix("'") == cell.replace("\x00", "").removeprefix("'")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_name_of_file(kind: str) -> None:
    assert file_name("poles", kind, NOW).startswith(f"poles-{kind.split('_')[0]}")


@given(st.text(max_size=600), st.sampled_from([*KINDS, "x", ""]))
def test_a_request_is_accepted_or_refused_with_a_sentence(purpose: str, kind: str) -> None:
    try:
        check(kind, purpose)
    except RefusedExportError as refused:
        assert str(refused).endswith(".")
    else:
        assert kind in KINDS
        assert not KINDS[kind].individual or len(purpose) >= rules.SHORTEST_PURPOSE
