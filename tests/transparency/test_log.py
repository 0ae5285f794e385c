"""Every submission is a leaf of an append-only tree, and anyone can check it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from consultation.db import db
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.path import walk
from consultation.responses import proof
from consultation.responses.models import Response, Submission
from consultation.transparency import queries, rules
from consultation.transparency.actions import extend
from consultation.transparency.models import LogHead, LogLeaf, LogTile
from tests import cast
from tests.responses.making import consulted, short

NOW = datetime(2022, 2, 10, 13, 32, tzinfo=UTC)
KEY = rules.signing_key("a secret of the tests")
QUESTIONNAIRE = short({"kind": "short_text", "key": "avis", "label": {"fr": "Votre avis ?"}})


@pytest.fixture
def consultation_id(app: Flask, db_session: Session) -> int:
    consultation = consulted(db_session, QUESTIONNAIRE)
    user = cast.emile(db_session)
    db_session.add(
        Response(
            id=1, consultation_id=consultation.id, user_id=user.id, organisation_id=None,
            version_id=consultation.version_id, status="draft", created_at=NOW, updated_at=NOW,
        )
    )  # fmt: skip
    db_session.commit()
    return consultation.id


def send(session: Session, consultation_id: int, count: int, first: int = 1) -> list[int]:
    """Store submissions the way sending does, without the pages."""
    version = compile_version(decode(QUESTIONNAIRE))
    version_id = session.get_one(Response, 1).version_id
    rows = []
    for number in range(first, first + count):
        answers = {"avis": f"réponse {number}"}
        held = {
            "consultation_id": consultation_id, "number": number, "answers": answers,
            "profile": {"actor_type": "particulier", "region": "53"},
            "submitted_at": NOW + timedelta(seconds=number), "salt": f"{number:032x}",
        }  # fmt: skip
        leaf = proof.leaf_hash(proof.document(version=version.digest, **held))
        walk(version, answers, NOW.date())
        rows.append(
            Submission(
                **held, response_id=1, version_id=version_id, codes=b"", unit=1, individual=True,
                leaf_hash=leaf, receipt=proof.receipt(leaf),
            )
        )  # fmt: skip
    session.add_all(rows)
    session.commit()
    return [row.id for row in rows]


def test_the_root_is_the_one_another_implementation_finds(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 13)
    extend(db_session, KEY, NOW)
    send(db_session, consultation_id, 300, first=14)
    extend(db_session, KEY, NOW + timedelta(minutes=2))
    db_session.commit()

    tree = InmemoryTree(algorithm="sha256")
    for entry in db_session.scalars(select(LogLeaf.entry).order_by(LogLeaf.position)):
        tree.append_entry(bytes.fromhex(entry))
    heads = queries.heads(db_session)
    assert [head.size for head in heads] == [313, 13]
    assert heads[0].root == tree.get_root().hex()
    assert len(db_session.scalars(select(LogTile)).all()) == 1
    assert list(queries.broken_heads(db_session)) == []


def test_extending_twice_adds_nothing_and_signs_nothing(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 3)

    assert extend(db_session, KEY, NOW) == 3
    assert extend(db_session, KEY, NOW + timedelta(hours=3)) == 0
    assert extend(db_session, KEY, NOW + timedelta(hours=4)) == 0
    assert queries.count_heads(db_session) == 1


def test_a_submission_that_commits_late_is_not_forgotten(
    db_session: Session, consultation_id: int
) -> None:
    first, second, third = send(db_session, consultation_id, 3)
    late = db_session.get_one(Submission, second)
    kept = {c.name: getattr(late, c.name) for c in Submission.__table__.columns}
    db_session.delete(late)
    db_session.commit()
    extend(db_session, KEY, NOW + timedelta(minutes=1))
    db_session.add(Submission(**kept))
    db_session.commit()

    assert extend(db_session, KEY, NOW + timedelta(minutes=3)) == 1
    order = select(LogLeaf.submission_id).order_by(LogLeaf.position)
    assert db_session.scalars(order).all() == [first, third, second]


def test_two_workers_at_once_give_each_submission_one_place(
    app: Flask, db_session: Session, consultation_id: int
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    send(db_session, consultation_id, 40)
    make = sessionmaker(db.engine)

    def work(_: int) -> int:
        with make.begin() as session:
            return extend(session, KEY, NOW)

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(work, range(4)))

    assert sorted(added) == [0, 0, 0, 40]
    positions = db_session.scalars(select(LogLeaf.position).order_by(LogLeaf.position)).all()
    assert list(positions) == list(range(40))


def files(session: Session, submission_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    receipt = queries.receipt_of(session, submission_id)
    assert receipt is not None
    public = KEY.public_key().public_bytes_raw().hex()
    return receipt, queries.published(session, public)


def test_every_receipt_is_proved_and_an_altered_one_is_not(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 9)
    extend(db_session, KEY, NOW)

    for identifier in sent:
        receipt, heads = files(db_session, identifier)
        assert rules.verify(receipt, heads).proved
        receipt["document"]["answers"]["avis"] += "."
        assert not rules.verify(receipt, heads).proved


def test_a_receipt_against_the_heads_of_another_site_is_not_proved(
    db_session: Session, consultation_id: int
) -> None:
    [sent] = send(db_session, consultation_id, 1)
    extend(db_session, KEY, NOW)
    receipt, heads = files(db_session, sent)
    forged = rules.sign(
        rules.signing_key("another"), 1, bytes.fromhex(heads["heads"][0]["root"]), NOW
    ).as_json()

    assert not rules.verify(receipt, {**heads, "heads": [forged]}).proved
    assert not rules.verify(receipt, {**heads, "heads": []}).proved
    assert not rules.verify({}, heads).proved
    assert not rules.verify(receipt, {"format": 3}).proved


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s)))
def test_any_json_is_not_proved_and_never_an_exception(value: Any) -> None:
    receipt = dict.fromkeys(("format", "document", "position", "proof", "head"), value)

    assert not rules.verify(receipt, receipt).proved
    assert not rules.verify(
        {**receipt, "format": rules.RECEIPT_FORMAT, "head": {"size": 1, "root": value}},
        {"format": rules.HEADS_FORMAT, "heads": [{"size": 1, "root": value}], "key": value},
    ).proved


COLUMNS = ("answers", "profile", "number", "submitted_at", "salt", "leaf_hash", "consultation_id")


@pytest.mark.parametrize("column", COLUMNS)
def test_any_stored_column_that_is_altered_is_caught(
    db_session: Session, consultation_id: int, column: str
) -> None:
    sent = send(db_session, consultation_id, 5)
    extend(db_session, KEY, NOW)
    assert list(queries.altered(db_session)) == []
    row = db_session.get_one(Submission, sent[2])
    value = getattr(row, column)
    other: Any = {"avis": "autre"}
    if isinstance(value, str):
        other = value[:-1] + ("0" if value[-1] != "0" else "1")
    elif isinstance(value, datetime):
        other = value + timedelta(microseconds=1)
    elif isinstance(value, int):
        other = consulted(db_session, QUESTIONNAIRE, slug="autre").id if "id" in column else 77
    db_session.execute(update(Submission).where(Submission.id == row.id).values({column: other}))
    db_session.expire_all()

    assert list(queries.altered(db_session)) == [sent[2]]


def test_any_byte_of_the_answers_that_is_flipped_is_caught(
    db_session: Session, consultation_id: int
) -> None:
    [sent] = send(db_session, consultation_id, 1)
    extend(db_session, KEY, NOW)
    text = db_session.get_one(Submission, sent).answers["avis"]
    for place in range(len(text)):
        flipped = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        db_session.execute(update(Submission).values(answers={"avis": flipped}))
        db_session.expire_all()

        assert list(queries.altered(db_session)) == [sent]


def test_a_leaf_rewritten_in_the_log_breaks_the_head(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 5)
    extend(db_session, KEY, NOW)
    db_session.execute(update(LogLeaf).where(LogLeaf.position == 2).values(entry="00" * 32))

    assert list(queries.broken_heads(db_session)) == [5]


def test_erasing_a_submission_keeps_the_tree_valid(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 5)
    extend(db_session, KEY, NOW)
    db_session.delete(db_session.get_one(Submission, sent[1]))
    db_session.commit()

    assert list(queries.broken_heads(db_session)) == []
    assert list(queries.altered(db_session)) == []
    assert queries.receipt_of(db_session, sent[1]) is None
    assert rules.verify(*files(db_session, sent[4])).proved


def test_an_earlier_head_is_a_prefix_of_a_later_one(
    db_session: Session, consultation_id: int
) -> None:
    from consultation.lib import merkle

    send(db_session, consultation_id, 3)
    extend(db_session, KEY, NOW)
    send(db_session, consultation_id, 300, first=4)
    extend(db_session, KEY, NOW + timedelta(minutes=2))
    new, old = queries.heads(db_session)
    steps = queries.consistency(db_session, 3, 303)

    assert merkle.extends(bytes.fromhex(old.root), 3, bytes.fromhex(new.root), 303, steps)
    with pytest.raises(ValueError, match="no such head"):
        queries.consistency(db_session, 3, 100)


@pytest.mark.one_database
def test_the_command_says_proved_without_a_database(
    db_session: Session, consultation_id: int, tmp_path: Path
) -> None:
    [sent] = send(db_session, consultation_id, 1)
    extend(db_session, KEY, NOW)
    receipt, heads = files(db_session, sent)
    (tmp_path / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    (tmp_path / "heads.json").write_text(json.dumps(heads), "utf-8")

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "consultation.verify", *arguments]
        return subprocess.run(line, capture_output=True, text=True, env={}, check=False)

    here = (str(tmp_path / "receipt.json"), str(tmp_path / "heads.json"))
    proved = command(*here)
    assert (proved.returncode, proved.stdout.split(".")[0]) == (0, "Proved")
    receipt["document"]["answers"] = {}
    (tmp_path / "receipt.json").write_text(json.dumps(receipt), "utf-8")
    assert command(*here).returncode == 1
    assert command("nowhere.json", here[1]).returncode == 2
    assert command().returncode == 2


@pytest.mark.one_database
def test_anyone_reads_the_heads_and_émile_alone_takes_his_proof(
    app: Flask, client: FlaskClient, db_session: Session, consultation_id: int
) -> None:
    empty = client.get("/preuve")
    assert "Aucune tête n’est encore publiée" in empty.get_data(as_text=True)
    [sent] = send(db_session, consultation_id, 1)
    response = db_session.get_one(Response, 1)
    response.status, response.submission_id = "sent", sent
    db_session.commit()
    address = f"/consultations/{_slug(db_session)}/contribution/preuve.json"
    cast.sign_in(client, cast.emile(db_session))
    assert client.get(address).status_code == 409

    secret = rules.signing_key(app.extensions["settings"].secret_key)
    extend(db_session, secret, NOW)
    db_session.commit()

    receipt = client.get(address).get_json()
    heads = client.get("/preuve/tetes.json").get_json()
    assert rules.verify(receipt, heads).proved
    assert heads["heads"][0]["root"][:16] in client.get("/preuve").get_data(as_text=True)
    assert client.get("/preuve/coherence/1/1.json").get_json()["proof"] == []
    assert client.get("/preuve/coherence/1/9.json").status_code == 404
    cast.sign_in(client, cast.nadia(db_session))
    assert client.get(address).status_code == 404


def _slug(session: Session) -> str:
    from consultation.consultations.models import Consultation

    return session.scalars(select(Consultation.slug)).first() or ""


def test_the_head_survives_in_the_database_as_it_was_signed(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 2)
    extend(db_session, KEY, NOW)
    db_session.expire_all()

    [row] = db_session.scalars(select(LogHead)).all()
    assert rules.is_signed(queries.heads(db_session)[0].as_json())
    assert row.size == 2
