"""A consultation opens and closes by itself, at the second; its team and its drafts are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts.models import Organisation
from consultation.audit.models import AuditEvent
from consultation.consultations.announcing import announce
from consultation.db import db
from consultation.mail.models import OutboxMessage
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.consultations.making import BEFORE, CLOSES, DURING, OPENS, a_consultation
from tests.consultations.test_staff import send

SITE = "https://consultations.example.org"
SECOND = timedelta(seconds=1)


def letters(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    rows = select(OutboxMessage.recipient, OutboxMessage.subject).order_by(OutboxMessage.id)
    return [(row[0], row[1]) for row in session.execute(rows)]


def told(session: Session, now: datetime) -> int:
    """Do what the worker does each minute."""
    number = announce(session, SITE, now)
    session.commit()
    return number


def test_the_team_is_told_once_of_the_opening_and_once_of_the_closing(db_session: Session) -> None:
    consultation = a_consultation(db_session)
    cast.claire(db_session, consultation.id)
    cast.lea(db_session, consultation.id)
    cast.emile(db_session)

    moments = [OPENS - SECOND, OPENS, OPENS + 60 * SECOND, DURING, CLOSES, CLOSES + SECOND]
    moments += [CLOSES + 60 * SECOND, CLOSES + timedelta(days=9)]
    assert [told(db_session, moment) for moment in moments] == [0, 1, 0, 0, 0, 1, 0, 0]
    team = ("claire@example.org", "lea@example.org")
    assert letters(db_session) == [
        *((who, "La consultation est ouverte : L’avenir des pôles de compétitivité")
          for who in team),
        *((who, "La consultation est terminée : L’avenir des pôles de compétitivité")
          for who in team),
    ]  # fmt: skip
    first = db_session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
    assert first is not None
    assert "ouverte depuis le 20 janvier 2022 à 9\u00a0h\u00a000" in first.body
    assert f"{SITE}/espace/poles" in first.body
    last = db_session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert last is not None
    assert "terminée depuis le 7 mars 2022 à 18\u00a0h\u00a000" in last.body
    assert "0\u00a0contribution est reçue. Les brouillons" in last.body
    events = (
        select(AuditEvent.verb, AuditEvent.actor_id)
        .where(AuditEvent.verb.like("%_consult%"))
        .order_by(AuditEvent.id)
    )
    assert db_session.execute(events).all() == [
        ("open_consultation", None),
        ("close_consultation", None),
    ]


@pytest.mark.one_database
def test_the_worker_announces_and_the_letter_leaves(app: Flask, db_session: Session) -> None:
    consultation = a_consultation(db_session)
    cast.claire(db_session, consultation.id)
    app.extensions["clock"] = lambda: OPENS
    app.extensions["queue"].run("consultations")
    app.extensions["queue"].run("mail")
    db_session.expire_all()
    [letter] = db_session.scalars(select(OutboxMessage)).all()
    assert letter.sent_at == OPENS


def test_a_draft_and_old_news_are_not_announced(db_session: Session) -> None:
    a_consultation(db_session, state="draft", published_at=None)
    old = a_consultation(db_session, slug="ancienne")
    cast.claire(db_session, old.id)

    assert told(db_session, OPENS + timedelta(days=1, seconds=1)) == 0
    assert told(db_session, OPENS + timedelta(days=1, seconds=2)) == 0
    db_session.refresh(old)
    assert old.announced == "open"
    assert letters(db_session) == []


def test_two_workers_at_once_tell_the_team_once(app: Flask, db_session: Session) -> None:
    consultation = a_consultation(db_session)
    cast.claire(db_session, consultation.id)
    make = sessionmaker(db.engine)

    def work(_: int) -> int:
        with app.app_context(), make.begin() as session:
            return announce(session, SITE, OPENS)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [0, 0, 0, 1]
    assert len(letters(db_session)) == 1


@pytest.mark.parametrize(
    "opens_at",
    [
        datetime(2022, 3, 27, 1, 0, tzinfo=UTC),  # 3 h 00, the hour before does not exist
        datetime(2022, 10, 30, 0, 30, tzinfo=UTC),  # 2 h 30, for the first time
    ],
)
@pytest.mark.one_database
def test_the_page_opens_and_closes_at_the_second_on_the_nights_when_the_clocks_change(
    app: Flask, db_session: Session, client: FlaskClient, opens_at: datetime
) -> None:
    closes_at = opens_at + timedelta(days=20)
    a_consultation(db_session, opens_at=opens_at, closes_at=closes_at)
    seen = []
    for moment in (opens_at - SECOND, opens_at, closes_at, closes_at + SECOND):
        app.extensions["clock"] = lambda moment=moment: moment
        page = client.get("/consultations/poles").text
        seen.append(("Commencer" in page, "terminée" in page))
    assert seen == [(False, False), (True, False), (True, False), (False, True)]


@pytest.mark.one_database
def test_claire_types_the_hours_of_the_nights_when_the_clocks_change(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    consultation = a_consultation(db_session)
    app.extensions["clock"] = lambda: BEFORE
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    fields = {
        "schedule-mode": "open",
        "schedule-opens_day": "2022-03-27",
        "schedule-opens_time": "02:30",
        "schedule-closes_day": "2022-10-30",
        "schedule-closes_time": "02:30",
    }
    path = "/espace/poles/reglages"
    skipped = send(client, f"{path}/calendrier", path, **fields)
    assert skipped.status_code == 422
    assert "celle-ci n’existe pas ce jour-là à Paris" in skipped.text
    assert 'value="02:30"' in skipped.text

    fields["schedule-opens_time"] = "03:00"
    assert send(client, f"{path}/calendrier", path, **fields).status_code == 303
    db_session.refresh(consultation)
    assert consultation.opens_at == datetime(2022, 3, 27, 1, 0, tzinfo=UTC)
    assert consultation.closes_at == datetime(2022, 10, 30, 1, 30, tzinfo=UTC)
    assert send(client, f"{path}/calendrier", path, **fields).status_code == 303
    db_session.refresh(consultation)
    assert consultation.closes_at == datetime(2022, 10, 30, 1, 30, tzinfo=UTC)


# --- an extension -------------------------------------------------------------------------------


def test_those_who_have_a_draft_are_told_of_an_extension_once(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    app.extensions["clock"] = lambda: DURING
    consultation = a_consultation(db_session)
    begun = {cast.emile(db_session).id: "draft", cast.nadia(db_session).id: "sent"}
    for user_id, status in begun.items():
        db_session.add(
            Response(
                consultation_id=consultation.id,
                user_id=user_id,
                version_id=consultation.version_id,
                status=status,
                submission_id=1 if status == "sent" else None,
                created_at=DURING,
                updated_at=DURING,
            )
        )
    db_session.commit()
    share_with_lea(db_session, consultation.id, consultation.version_id)
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    path = "/espace/poles/reglages"
    fields = {
        "extension-closes_day": "2022-03-21",
        "extension-closes_time": "23:59",
        "extension-reason": "À la demande des pôles.",
    }

    answer = send(client, f"{path}/prolonger", path, **fields)
    assert answer.status_code == 303
    assert "2\u00a0personnes qui ont un brouillon sont prévenues" in client.get(path).text
    assert send(client, f"{path}/prolonger", path, **fields).status_code == 409
    letter, other = db_session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient))
    assert (letter.recipient, other.recipient) == ("emile@example.org", "lea@example.org")
    assert "prolongée jusqu’au 21 mars 2022 à 23\u00a0h\u00a059 (heure de Paris)" in letter.body
    assert "À la demande des pôles." in letter.body
    assert letter.body.endswith("/consultations/poles/contribution\n")
    assert "Prolongée du 7 mars 2022" in client.get("/consultations/poles").text
    fields["extension-closes_day"] = "2022-03-28"
    send(client, f"{path}/prolonger", path, **fields)
    assert db_session.scalar(select(func.count(OutboxMessage.id))) == 4


def share_with_lea(session: Session, consultation_id: int, version_id: int | None) -> None:
    """Let Léa write the draft of an organisation."""
    organisation = Organisation(name="Un pôle", actor_type="pole", created_at=DURING)
    session.add(organisation)
    session.flush()
    shared = Response(
        consultation_id=consultation_id,
        organisation_id=organisation.id,
        version_id=version_id,
        status="draft",
        created_at=DURING,
        updated_at=DURING,
    )
    session.add(shared)
    session.flush()
    session.add(
        CoAuthor(
            response_id=shared.id,
            user_id=cast.lea(session).id,
            role="author",
            entry="domain",
            joined_at=DURING,
        )
    )
    session.commit()
