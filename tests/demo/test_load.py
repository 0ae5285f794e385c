"""Loading the demonstration: what is there after.

What is drawn is the same on both databases; the tests that write and read in ways of their own run
on both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from consultation.accounts import queries as accounts
from consultation.accounts.models import Credential, Organisation, User
from consultation.audit.models import AuditEvent
from consultation.coauthors.queries.team import members
from consultation.comments.models import Comment
from consultation.consultations import promises
from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.db import Base, db
from consultation.demo import inviting, populate
from consultation.demo.load import DemoAccounts, RefusedError, load
from consultation.demo.profiles import DOMAIN
from consultation.lib.file_store import FileStore
from consultation.mail.models import OutboxMessage
from consultation.moderation.models import Decision, Report
from consultation.questionnaires.queries import compiled
from consultation.responses import drafts, proof
from consultation.responses import queries as responses
from consultation.responses.models import Response, ResponseSection, Submission
from consultation.responses.rules import Respondent, unit
from tests import databases
from tests.demo.conftest import NOW

Loading = Callable[..., DemoAccounts]


def _consultations(session: Session) -> dict[str, Consultation]:
    return {c.slug: c for c in session.scalars(select(Consultation))}


def test_a_visitor_finds_one_open_one_closed_and_one_to_come(
    small: Loading, db_session: Session, client: FlaskClient
) -> None:
    small()
    found = _consultations(db_session)
    assert {slug: phase(c, NOW) for slug, c in found.items()} == {
        "poles-de-competitivite": "open",
        "poles-de-competitivite-2022": "closed",
        "suivi-agenda-rural": "coming",
    }
    page = client.get("/").get_data(as_text=True)
    assert all(f"/consultations/{slug}" in page for slug in found)


def test_each_consultation_says_all_it_must_and_that_it_is_a_demonstration(
    small: Loading, db_session: Session, app: Flask
) -> None:
    small()
    files = FileStore(app.extensions["settings"].files_path / "documents")
    for consultation in db_session.scalars(select(Consultation)):
        kinds = [document.kind for document in consultation.documents]
        assert promises.missing(consultation, kinds, consultation.opens_at) == []
        assert consultation.demonstration
        assert "Démonstration" in consultation.summary["fr"]
        assert consultation.milestones
        for document in consultation.documents:
            data = files.read(document.sha256)
            assert data.startswith(b"%PDF")
            assert b"pdfuaid:part" in data


@pytest.mark.one_database
def test_the_closed_one_keeps_its_real_dates(small: Loading, db_session: Session) -> None:
    small()
    closed = _consultations(db_session)["poles-de-competitivite-2022"]
    assert closed.opens_at.isoformat() == "2022-01-20T08:00:00+00:00"
    assert closed.closes_at.isoformat() == "2022-03-07T22:59:59+00:00"


def test_as_many_people_send_as_was_asked_and_some_stop_half_way(
    small: Loading, db_session: Session
) -> None:
    small()
    found = _consultations(db_session)
    closed, current = found["poles-de-competitivite-2022"], found["poles-de-competitivite"]
    counts = dict(
        db_session.execute(
            select(Response.consultation_id, func.count())
            .where(Response.status == "sent")
            .group_by(Response.consultation_id)
        ).all()
    )
    assert counts == {closed.id: 60, current.id: 12}
    drafts = db_session.scalar(select(func.count()).where(Response.status == "draft"))
    one_of_several_people = 1
    assert drafts == populate.drafts_for(60) + populate.drafts_for(12) + one_of_several_people
    assert db_session.scalar(select(func.count(ResponseSection.section)))


def test_each_submission_can_be_verified_and_counted(small: Loading, db_session: Session) -> None:
    small()
    for row in db_session.scalars(select(Submission)):
        version = compiled(db_session, row.version_id)
        leaf = proof.leaf_hash(
            proof.document(
                consultation_id=row.consultation_id,
                version=version.digest,
                number=row.number,
                answers=row.answers,
                profile=row.profile,
                submitted_at=row.submitted_at,
                salt=row.salt,
                counted=proof.counted(
                    response_id=row.response_id,
                    codes=row.codes,
                    unit=row.unit,
                    individual=row.individual,
                ),
            )
        )
        assert (row.leaf_hash, row.receipt) == (leaf, proof.receipt(leaf))
        assert len(row.codes) == version.width
        assert row.individual == (row.answers["acteur"] == "particulier")
        assert row.unit == _unit_by_the_rule(db_session, row)


def _unit_by_the_rule(session: Session, row: Submission) -> int:
    response = session.get_one(Response, row.response_id)
    user = session.get_one(User, response.user_id)
    organisation = user.organisation
    person = Respondent(
        user.id,
        organisation.id if organisation else None,
        organisation.siren if organisation else None,
    )
    version = compiled(session, row.version_id)
    return unit(version, row.answers, person, row.individual, "a key for tests and nothing else")


@pytest.mark.one_database
def test_colleagues_count_as_one_unit(small: Loading, db_session: Session) -> None:
    small(respondents=400)
    units: dict[str, set[int]] = {}
    for row in db_session.scalars(select(Submission)):
        if siret := row.answers.get("siret"):
            units.setdefault(siret, set()).add(row.unit)
    assert all(len(found) == 1 for found in units.values())
    assert len(units) < sum(1 for row in db_session.scalars(select(Submission.id)))


@pytest.mark.one_database
def test_nobody_invented_can_sign_in_or_receive_a_letter(
    small: Loading, db_session: Session
) -> None:
    accounts_of_the_cast = small().parts
    invented = db_session.scalars(select(User).where(User.email.endswith(f"@{DOMAIN}"))).all()
    credentials = set(db_session.scalars(select(Credential.user_id)))
    a_colleague = 1
    alone = 60 + 12 + populate.drafts_for(60) + populate.drafts_for(12)
    assert len(invented) == alone + a_colleague
    assert credentials.isdisjoint({user.id for user in invented})
    assert len(credentials) == len(accounts_of_the_cast)
    names = [user.display_name for user in invented]
    names += db_session.scalars(select(Organisation.name)).all()
    assert all("ficti" in name or "démonstration" in name for name in names)


@pytest.mark.one_database
def test_each_account_of_the_demonstration_has_its_role_there_only(
    small: Loading, db_session: Session
) -> None:
    found = small(password="Grenouille-verte-42")
    closed = _consultations(db_session)["poles-de-competitivite-2022"]
    for part in found.parts:
        user = accounts.by_email(db_session, part.email)
        assert user is not None
        held = {role for role in ("organiser", "moderator", "analyst") if user.holds(role)}
        assert held == set()
        if part.granted and part.granted != "administrator":
            assert user.holds(part.granted, closed.id)
    admin = accounts.by_email(db_session, "admin@example.org")
    assert admin is not None
    assert admin.holds("administrator")


@pytest.mark.one_database
def test_the_password_given_opens_every_account(
    small: Loading, app: Flask, db_session: Session
) -> None:
    found = small(password="Grenouille-verte-42")
    for part in found.parts:
        user = accounts.by_email(db_session, part.email)
        assert user is not None
        stored = accounts.credential(db_session, user.id, "password")
        assert stored is not None
        assert app.extensions["vault"].hashing.verify(stored.secret, "Grenouille-verte-42")


@pytest.mark.one_database
def test_comments_take_every_side_and_some_wait_for_the_moderator(
    small: Loading, db_session: Session
) -> None:
    small(comments=60)
    comments = db_session.scalars(select(Comment)).all()
    assert len(comments) == 60
    assert {c.position for c in comments} >= {"favourable", "reserved", "unfavourable"}
    assert {c.state for c in comments} >= {"published", "pending", "refused"}
    by_id = {c.id: c for c in comments}
    replies = [c for c in comments if c.parent_id]
    assert replies
    assert all(by_id[c.parent_id].parent_id is None for c in replies if c.parent_id)
    assert all(by_id[c.parent_id].created_at <= c.created_at for c in replies if c.parent_id)
    closed = _consultations(db_session)["poles-de-competitivite-2022"]
    assert not [c for c in comments if c.consultation_id == closed.id and c.state == "pending"]


def test_a_second_load_changes_nothing_but_the_password(
    small: Loading, db_session: Session
) -> None:
    first = small()
    before = _digest(db_session)
    second = small()
    assert (first.loaded, second.loaded) == (True, False)
    assert second.password != first.password
    assert _digest(db_session) == before


def test_asked_again_it_loads_beside(small: Loading, db_session: Session) -> None:
    small(respondents=5, comments=4)
    assert small(respondents=5, comments=4, again=True).loaded
    assert "poles-de-competitivite-2022-2" in _consultations(db_session)
    assert len(_consultations(db_session)) == 6


@pytest.mark.one_database
def test_the_same_seed_gives_the_same_data(
    app: Flask, sqlite_template: Path, tmp_path: Path
) -> None:
    digests = []
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        file = tmp_path / f"{name}.sqlite3"
        databases.copy_sqlite(sqlite_template, file)
        other = databases.build(f"sqlite:///{file}", tmp_path)
        load(other, 60, seed, now=NOW, progress=False, comments=20)
        with other.app_context():
            digests.append(_digest(db.session))
        databases.close(other)
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.one_database
def test_no_statement_ever_carries_more_than_a_batch(
    small: Loading, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(populate, "BATCH", 50)
    sizes: list[int] = []

    def measure(*args: Any) -> None:
        if args[5]:
            sizes.append(len(args[3]))

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", measure)
    try:
        small(respondents=230)
    finally:
        event.remove(engine, "before_cursor_execute", measure)
    # A draft has eight sections at the most, and a submission may be corrected; the address book
    # is written at once and is as small however many respond.
    book = inviting.ANSWERED + inviting.SILENT + 1
    assert 50 < max(sizes) <= max(2 * (50 + populate.drafts_for(50)), book)
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Response.status == "sent")) == 276


@pytest.mark.one_database
def test_a_load_that_stopped_half_way_is_not_taken_for_a_whole_one(
    small: Loading, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(populate, "BATCH", 5)
    monkeypatch.setattr(populate, "BATCHES_PER_COMMIT", 1)
    monkeypatch.setattr(populate, "draw_batch", _broken_after(3, populate.draw_batch))
    with pytest.raises(KeyboardInterrupt):
        small()
    with pytest.raises(RefusedError, match="half-way"):
        small()


def _broken_after(times: int, real: Callable[..., Any]) -> Callable[..., Any]:
    left = [times]

    def draw(*args: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return real(*args)

    return draw


@pytest.mark.one_database
@pytest.mark.own_app(
    ENVIRONMENT="production",
    SECRET_KEY="0123456789abcdef0123456789abcdef",
    PUBLIC_URL="https://consultation.example.org",
    SMTP_URL="smtp://localhost:25",
)
def test_production_never_holds_a_demonstration(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="Production"):
        load(app, 5, 1)
    rmtree(tmp_path, ignore_errors=True)


def _digest(session: Session) -> str:
    """Return a digest of every row, what each load makes new (hashes of passwords) apart."""
    session.rollback()
    total = hashlib.sha256()
    for table in Base.metadata.sorted_tables:
        if table.name not in ("credentials", "audit_events", "alembic_version"):
            rows = sorted(map(repr, session.execute(select(table)).all()))
            total.update(repr((table.name, rows)).encode())
    return total.hexdigest()


@pytest.mark.one_database
def test_every_decision_is_in_the_journal_and_one_report_waits(
    small: Loading, db_session: Session
) -> None:
    small(comments=60)
    decided = db_session.scalars(select(Comment).where(Comment.state != "pending")).all()
    decisions = db_session.scalars(select(Decision)).all()
    assert {d.comment_id for d in decisions} == {c.id for c in decided}
    assert {d.outcome for d in decisions} == {"published", "refused", "removed"}
    assert all(d.grounds and d.message for d in decisions if d.outcome != "published")
    moderated = select(func.count(AuditEvent.id)).where(AuditEvent.verb == "moderate")
    assert db_session.scalar(moderated) == len(decisions)
    waiting = db_session.scalars(select(Report).where(Report.decision_id.is_(None))).one()
    assert all(d.decided_at <= NOW for d in decisions)
    assert waiting.created_at <= NOW


@pytest.mark.one_database
def test_nothing_is_posted_to_people_who_do_not_exist(small: Loading, db_session: Session) -> None:
    small(comments=60)
    assert db_session.scalar(select(func.count(OutboxMessage.id))) == 0


@pytest.mark.one_database
def test_comments_hardly_ever_repeat_each_other(small: Loading, db_session: Session) -> None:
    small(comments=60)
    texts = db_session.execute(select(Comment.consultation_id, Comment.text)).all()
    assert len(set(texts)) >= 0.95 * len(texts)


def test_three_people_write_the_response_of_a_cluster(small: Loading, db_session: Session) -> None:
    small()
    author = accounts.by_email(db_session, "repondant@example.org")
    signatory = accounts.by_email(db_session, "signataire@example.org")
    assert author is not None and signatory is not None
    (seen,) = [one for one in responses.mine(db_session, author.id) if one.shared]
    assert seen.organisation == "Pôle fictif de la lumière" and seen.saved_at is not None
    for person, signs in ((author, False), (signatory, True)):
        draft = drafts.draft(db_session, seen.consultation_id, person.id, seen.shared)
        assert draft is not None and draft.shared is not None and draft.shared.signs is signs
    assert len(members(db_session, seen.response_id)) == 3
