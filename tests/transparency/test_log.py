"""Every submission is a leaf of an append-only tree, and anyone can check it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from functools import reduce
from operator import delitem, getitem, setitem
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from consultation.consultations.models import Consultation
from consultation.db import db
from consultation.responses.models import Response, Submission
from consultation.transparency import queries, rules, verifying
from consultation.transparency.actions import extend
from consultation.transparency.models import LogHead, LogLeaf, LogTile
from tests import cast
from tests.consultations.making import CLOSES
from tests.responses.making import consulted, short
from tests.transparency.making import KEY, NOW, files, send

ROOT = str(Path(__file__).resolve().parents[2])
QUESTIONNAIRE_TWO = short({"kind": "short_text", "key": "avis", "label": {"fr": "Et encore ?"}})


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


def test_every_receipt_is_proved_and_an_altered_one_is_not(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 9)
    extend(db_session, KEY, NOW)

    for identifier in sent:
        receipt, heads = files(db_session, identifier)
        assert verifying.verify(receipt, heads).proved
        receipt["document"]["answers"]["avis"] += "."
        assert not verifying.verify(receipt, heads).proved


def test_a_receipt_against_the_heads_of_another_site_is_not_proved(
    db_session: Session, consultation_id: int
) -> None:
    [sent] = send(db_session, consultation_id, 1)
    extend(db_session, KEY, NOW)
    receipt, heads = files(db_session, sent)
    forged = rules.sign(
        rules.signing_key("another"), 1, bytes.fromhex(heads["heads"][0]["root"]), NOW
    ).as_json()

    assert not verifying.verify(receipt, {**heads, "heads": [forged]}).proved
    assert not verifying.verify(receipt, {**heads, "heads": []}).proved
    assert not verifying.verify({}, heads).proved
    assert not verifying.verify(receipt, {"format": 3}).proved


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_not_proved_and_never_an_exception(value: Any) -> None:
    receipt = dict.fromkeys(("format", "document", "position", "proof", "head"), value)

    assert not verifying.verify(receipt, receipt).proved
    assert not verifying.verify(
        {**receipt, "format": rules.RECEIPT_FORMAT, "head": {"size": 1, "root": value}},
        {"format": rules.HEADS_FORMAT, "heads": [{"size": 1, "root": value}], "key": value},
    ).proved


COLUMNS = tuple(column.name for column in Submission.__table__.columns)


def damaged(value: Any, place: int, bit: int) -> Any:
    """Return ``value`` with one bit of one byte turned, of the same type."""
    if isinstance(value, dict):
        keys = sorted(value)
        key = keys[place % len(keys)]
        return {**value, key: damaged(value[key], place, bit)}
    if value is None:  # nobody signed: somebody adds a signature
        return 1 << bit
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ 1 << bit
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1 << bit)
    data = bytearray(value if isinstance(value, bytes) else value.encode("latin-1"))
    data[place % len(data)] ^= 1 << (bit % 7)
    if isinstance(value, bytes):
        return bytes(data)
    return data.decode("latin-1").replace("\0", "?")  # PostgreSQL keeps no such character


def write(session: Session, identifier: int, column: str, value: Any) -> None:
    """Alter a row behind the back of the application, as somebody with the database would."""
    if column in ("response_id", "version_id", "consultation_id"):
        value = _another(session, column)
    session.execute(update(Submission).where(Submission.id == identifier).values({column: value}))
    session.expire_all()


def _another(session: Session, column: str) -> int:
    """Return the identifier of another row: the database refuses one that leads nowhere."""
    other = consulted(session, QUESTIONNAIRE_TWO, slug="autre")
    if column == "consultation_id":
        return other.id
    if column == "version_id":
        assert other.version_id is not None
        return other.version_id
    response = Response(
        id=77, consultation_id=other.id, version_id=other.version_id, status="draft",
        created_at=NOW, updated_at=NOW, user_id=None,
    )  # fmt: skip
    session.add(response)
    session.flush()
    return response.id


@pytest.mark.parametrize("column", COLUMNS)
def test_any_stored_column_that_is_altered_is_caught(
    db_session: Session, consultation_id: int, column: str
) -> None:
    sent = send(db_session, consultation_id, 5)
    extend(db_session, KEY, NOW + timedelta(hours=2))
    db_session.commit()
    assert list(queries.altered(db_session)) == []
    value = getattr(db_session.get_one(Submission, sent[2]), column)
    write(db_session, sent[2], column, damaged(value, 3, 6) if column != "id" else 4_000)

    assert list(queries.altered(db_session)) == [4_000 if column == "id" else sent[2]]


@pytest.mark.parametrize("column", [c for c in COLUMNS if c != "id" and not c.endswith("_id")])
@settings(max_examples=25)
@given(place=st.integers(0, 200), bit=st.integers(0, 12))
def test_any_byte_that_is_flipped_in_any_column_is_caught(
    db_session: Session, consultation_id: int, column: str, place: int, bit: int
) -> None:
    db_session.rollback()
    known = db_session.scalars(select(Submission.id)).all()
    [sent] = known or send(db_session, consultation_id, 1)
    extend(db_session, KEY, NOW)
    db_session.commit()
    value = getattr(db_session.get_one(Submission, sent), column)
    found = damaged(value, place, bit)
    assume(found != value)
    write(db_session, sent, column, found)

    assert list(queries.altered(db_session)) == [sent]


def test_a_submission_renumbered_into_the_future_is_caught_after_the_log_took_it(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 3)
    extend(db_session, KEY, NOW)
    write(db_session, sent[1], "id", sent[2] + 50)

    assert extend(db_session, KEY, NOW + timedelta(minutes=2)) == 1
    assert list(queries.altered(db_session)) == [sent[2] + 50]


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
    assert verifying.verify(*files(db_session, sent[4])).proved


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


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """Yield where each value of a document is."""
    if path:
        yield path
    for key, held in value.items() if isinstance(value, dict) else ():
        yield from places(held, *path, key)
    for index, held in enumerate(value) if isinstance(value, list) else ():
        yield from places(held, *path, index)


def with_change(value: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """Return a copy of a document in which what is at ``path`` was changed."""
    found = deepcopy(value)
    change(reduce(getitem, path[:-1], found), path[-1])
    return found


LIES = (
    None, True, False, 0, 1, -1, 2.0, 1.5, float("inf"), float("nan"), 10**400, "", "2", "00" * 32,
    "\ud800", [], {}, [[]], reduce(lambda inner, _: [inner], range(5_000), "deep"),
)  # fmt: skip


@pytest.mark.one_database
def test_a_receipt_altered_in_any_field_proves_nothing(
    db_session: Session, consultation_id: int
) -> None:
    sent = send(db_session, consultation_id, 7)
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))
    receipt, heads = files(db_session, sent[2])
    assert verifying.verify(receipt, heads).proved

    for path in places(receipt):
        held = reduce(getitem, path, receipt)
        for lie in (*LIES, damaged(held, 1, 2) if isinstance(held, str) else 4):
            if type(lie) is type(held) and lie == held:
                continue
            altered = with_change(receipt, path, lambda at, key, lie=lie: setitem(at, key, lie))
            assert not verifying.verify(altered, heads).proved, (path, lie)
        assert not verifying.verify(with_change(receipt, path, delitem), heads).proved, path
    for steps in (receipt["proof"][1:], receipt["proof"][::-1], [*receipt["proof"], "00" * 32]):
        assert not verifying.verify({**receipt, "proof": steps}, heads).proved


@pytest.mark.one_database
def test_heads_of_another_key_or_that_contradict_each_other_prove_nothing(
    db_session: Session, consultation_id: int
) -> None:
    [sent] = send(db_session, consultation_id, 1)
    extend(db_session, KEY, NOW)
    receipt, heads = files(db_session, sent)
    [head] = heads["heads"]
    other = rules.signing_key("the secret of another site")
    theirs = rules.sign(other, 1, bytes.fromhex(head["root"]), NOW).as_json()

    elsewhere = {**heads, "key": theirs["key"]}
    for wrong in (
        elsewhere,
        {**elsewhere, "heads": [theirs]},
        {**heads, "heads": [theirs]},
        {**heads, "heads": [{**head, "signature": theirs["signature"]}]},
        {**heads, "heads": [head, rules.sign(KEY, 1, b"\0" * 32, NOW).as_json()]},
        {**heads, "heads": []},
        {**heads, "heads": {}},
        {"format": heads["format"]},
    ):
        assert not verifying.verify(receipt, wrong).proved, wrong
    swapped = {**receipt, "head": theirs}
    assert not verifying.verify(swapped, {**heads, "heads": [theirs]}).proved


ALONE = """
import socket, sys
def refuse(*_): raise OSError("no network here")
socket.socket = socket.create_connection = refuse
class NoRoom:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("flask", "sqlalchemy", "psycopg", "sqlite3", "huey"):
            raise ImportError(f"{name} is not needed to verify")
sys.meta_path.insert(0, NoRoom())
from consultation.verify import main
sys.exit(main(sys.argv[1:]))
"""
"""The command, where nothing of the platform but its arithmetic can be imported."""


@pytest.mark.one_database
def test_the_command_says_proved_alone_with_two_files(
    db_session: Session, consultation_id: int, tmp_path: Path
) -> None:
    [sent] = send(db_session, consultation_id, 1)
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))
    receipt, heads = files(db_session, sent)
    assert len(heads["closings"]) == 1

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-I", "-c", f"import sys; sys.path.append({ROOT!r})\n{ALONE}"]
        return subprocess.run(
            [*line, *arguments], capture_output=True, text=True, env={}, cwd=tmp_path, check=False
        )

    def write_down() -> None:
        (tmp_path / "receipt.json").write_text(json.dumps(receipt), "utf-8")
        (tmp_path / "heads.json").write_text(json.dumps(heads), "utf-8")

    write_down()
    proved = command("receipt.json", "heads.json")
    assert (proved.returncode, proved.stdout.split(".")[0]) == (0, "Proved"), proved.stderr
    assert heads["key"] in proved.stdout  # whoever made both files signed with another
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "saved.json").write_text(json.dumps(receipt), encoding)
        assert command("saved.json", "heads.json").returncode == 0, encoding
    for unreadable in (
        json.dumps(receipt)[:-40],
        "[" * 100_000,
        json.dumps([receipt]),
        json.dumps(receipt)[:-1] + ', "document": {}}',
        "",
    ):
        (tmp_path / "saved.json").write_text(unreadable, "utf-8")
        refused = command("saved.json", "heads.json")
        assert (refused.returncode, refused.stderr[:11]) == (2, "Cannot read"), refused.stderr
        assert "Traceback" not in refused.stderr
    receipt["document"]["answers"] = {}
    write_down()
    assert command("receipt.json", "heads.json").returncode == 1
    assert command("nowhere.json", "heads.json").returncode == 2
    assert command().returncode == 2


@pytest.mark.one_database
def test_the_command_is_a_module(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "consultation.verify", "nowhere.json", "heads.json"]
    found = subprocess.run(line, capture_output=True, text=True, env={}, cwd=ROOT, check=False)
    assert (found.returncode, found.stderr.startswith("Cannot read")) == (2, True)


# --- the closing --------------------------------------------------------------------------------


def test_a_head_is_signed_when_a_consultation_closes_and_only_then(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 4)
    extend(db_session, KEY, NOW)
    extend(db_session, KEY, CLOSES)
    extend(db_session, KEY, CLOSES + rules.CLOSING_SETTLES)
    assert queries.closings(db_session) == []

    signed_at = CLOSES + rules.CLOSING_SETTLES + timedelta(seconds=1)
    extend(db_session, KEY, signed_at)
    extend(db_session, KEY, signed_at + timedelta(days=1))
    db_session.commit()
    db_session.expire_all()

    [closing] = queries.closings(db_session)
    [head] = queries.heads(db_session)
    said = (closing.consultation, closing.closed_at, closing.submissions, closing.signed_at)
    assert said == (consultation_id, CLOSES, 4, signed_at)
    assert (closing.size, closing.root) == (head.size, head.root)
    assert rules.is_signed(closing.as_json())
    assert not rules.is_signed({**closing.as_json(), "submissions": 3})
    assert list(queries.broken_heads(db_session)) == []


def test_what_is_sent_in_the_last_second_is_under_the_closing(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 2)
    extend(db_session, KEY, NOW)
    send(db_session, consultation_id, 1, first=3)

    assert extend(db_session, KEY, CLOSES + timedelta(minutes=2)) == 1
    [closing] = queries.closings(db_session)
    assert (closing.size, closing.submissions) == (3, 3)


def test_a_consultation_without_an_answer_closes_on_the_empty_tree(
    db_session: Session, consultation_id: int
) -> None:
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))

    [closing] = queries.closings(db_session)
    assert (closing.size, closing.submissions) == (0, 0)
    assert list(queries.broken_heads(db_session)) == []


def test_an_answer_slipped_in_after_the_closing_is_not_proved(
    db_session: Session, consultation_id: int
) -> None:
    send(db_session, consultation_id, 2)
    extend(db_session, KEY, CLOSES + timedelta(minutes=2))
    [late] = send(db_session, consultation_id, 1, first=3)
    extend(db_session, KEY, CLOSES + timedelta(hours=2))

    receipt, heads = files(db_session, late)
    verdict = verifying.verify(receipt, heads)
    assert (verdict.proved, "after the closing" in verdict.sentence) == (False, True)
    forged = {**heads["closings"][0], "size": 3}
    assert not verifying.verify(receipt, {**heads, "closings": [forged]}).proved


def test_an_extension_moves_the_closing_head(db_session: Session, consultation_id: int) -> None:
    consultation = db_session.get_one(Consultation, consultation_id)
    consultation.closes_at = CLOSES + timedelta(days=10)
    db_session.commit()
    extend(db_session, KEY, CLOSES + timedelta(minutes=5))
    assert queries.closings(db_session) == []

    extend(db_session, KEY, CLOSES + timedelta(days=10, minutes=5))
    [closing] = queries.closings(db_session)
    assert closing.closed_at == CLOSES + timedelta(days=10)


# --- who reads it -------------------------------------------------------------------------------


@pytest.mark.one_database
def test_awa_verifies_the_whole_log_with_one_command(
    app: Flask, db_session: Session, consultation_id: int
) -> None:
    run = app.test_cli_runner().invoke
    sent = send(db_session, consultation_id, 3)
    extend(db_session, KEY, NOW)
    db_session.delete(db_session.get_one(Submission, sent[0]))
    db_session.commit()
    holds = run(args=["transparency", "verify"])
    assert (holds.exit_code, holds.output) == (
        0,
        "The log holds: 3 leaves, 1 of them erased, 1 heads.\n",
    )

    db_session.execute(update(Submission).where(Submission.id == sent[1]).values(codes=b"\1\1"))
    db_session.commit()
    altered = run(args=["transparency", "verify"])
    assert (altered.exit_code, f"says: {sent[1]}." in altered.output) == (2, True)

    db_session.execute(update(Submission).where(Submission.id == sent[1]).values(codes=b"\1"))
    db_session.delete(db_session.get_one(Submission, sent[1]))
    db_session.execute(update(LogLeaf).where(LogLeaf.position == 1).values(entry="00" * 32))
    db_session.commit()
    assert "does not hold" in run(args=["transparency", "verify"]).output


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
    assert verifying.verify(receipt, heads).proved
    assert heads["heads"][0]["root"][:16] in client.get("/preuve").get_data(as_text=True)
    assert client.get("/preuve/coherence/1/1.json").get_json()["proof"] == []
    assert client.get("/preuve/coherence/1/9.json").status_code == 404
    cast.sign_in(client, cast.nadia(db_session))
    assert client.get(address).status_code == 404


def _slug(session: Session) -> str:
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
