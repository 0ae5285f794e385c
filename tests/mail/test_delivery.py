"""Letters leave the outbox over real SMTP: once, to the right person, whatever the server does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from consultation.db import db
from consultation.mail import transports
from consultation.mail.actions import post
from consultation.mail.delivery import deliver_due
from consultation.mail.models import OutboxMessage
from consultation.mail.rules import LEASE, RETRIES
from consultation.settings import Settings
from tests.mail.servers import Postmaster, accept_only, certificate, free_port, mute, smtp_server

NOW = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def postmaster() -> Postmaster:
    return Postmaster()


@pytest.fixture
def port(postmaster: Postmaster) -> Iterator[int]:
    with smtp_server(postmaster) as port:
        yield port


@pytest.fixture
def settings(app: Flask, port: int) -> Settings:
    return replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")


def write(session: Session, key: str = "receipt:1", **changes: object) -> None:
    letter: dict[str, object] = {
        "key": key,
        "to": "emile@example.org",
        "subject": "Votre reçu : 12 réponses",
        "text": "Bonjour Émile,\n\nVotre reçu est joint.\n",
        "now": NOW,
        **changes,
    }
    post(session, **letter)  # type: ignore[arg-type]
    session.commit()


def deliver(settings: Settings, now: datetime = NOW) -> int:
    return deliver_due(sessionmaker(db.engine), settings, lambda: now)


def only(session: Session) -> OutboxMessage:
    session.expire_all()
    return session.scalars(select(OutboxMessage)).one()


# --- the letter ------------------------------------------------------------------------------


def test_emile_reads_his_letter_with_its_accents(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    unsubscribe = {"List-Unsubscribe": "<https://example.org/moi>"}
    write(db_session, headers=unsubscribe)
    assert deliver(settings) == 1
    [message] = postmaster.received
    assert message["Subject"] == "Votre reçu : 12 réponses"
    assert message["From"] == "ne-pas-repondre@example.org"
    assert message["To"] == "emile@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://example.org/moi>"
    assert message["Date"].datetime == NOW
    assert "Bonjour Émile," in message.get_content()
    assert postmaster.recipients == ["emile@example.org"]


def test_a_letter_sent_is_not_sent_again_and_its_text_is_not_kept(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    write(db_session)
    assert deliver(settings) == 1
    assert deliver(settings, NOW + timedelta(days=1)) == 0
    assert len(postmaster.received) == 1
    message = only(db_session)
    assert (message.sent_at, message.body) == (NOW, "")


def test_a_letter_posted_twice_is_one_letter(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    write(db_session, text="premier")
    write(db_session, text="second")
    assert deliver(settings) == 1
    assert "premier" in postmaster.received[0].get_content()


def test_a_letter_leaves_with_the_transaction_that_posted_it(
    db_session: Session, settings: Settings
) -> None:
    post(db_session, key="k", to="a@example.org", subject="s", text="t", now=NOW)
    db_session.rollback()
    assert deliver(settings) == 0


def test_a_letter_for_later_waits(db_session: Session, settings: Settings) -> None:
    write(db_session, now=NOW + timedelta(hours=1))
    assert deliver(settings) == 0
    assert deliver(settings, NOW + timedelta(hours=1)) == 1


def test_a_subject_with_line_ends_adds_no_header(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    write(
        db_session,
        subject="Bonjour\r\nBcc: lea@example.org\r\n\r\nTexte",
        headers={"X-Consultation": "poles\r\nBcc: lea@example.org"},
    )
    deliver(settings)
    [message] = postmaster.received
    assert message["Bcc"] is None
    assert message["Subject"] == "Bonjour Bcc: lea@example.org Texte"
    assert postmaster.recipients == ["emile@example.org"]


@pytest.mark.parametrize("name", ["Bcc", "to", "Subject", "X: y", "X\r\nBcc", ""])
@pytest.mark.one_database
def test_a_caller_cannot_take_the_headers_of_the_delivery(db_session: Session, name: str) -> None:
    with pytest.raises(ValueError):
        write(db_session, headers={name: "x"})


def test_nadia_has_an_address_with_an_accent(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    write(db_session, to="nadia@optique-rhône.example.org")
    assert deliver(settings) == 1
    assert postmaster.recipients == ["nadia@" + "optique-rhône.example.org".encode("idna").decode()]


@pytest.mark.parametrize(
    "to", ["nobody", "a@", "@b.fr", "a@b.fr, c@d.fr", "é@b.fr", "a@b.fr>\r\nRCPT TO:<c@d.fr", ""]
)
def test_what_is_not_an_address_is_given_up_without_stopping_the_others(
    db_session: Session, settings: Settings, postmaster: Postmaster, to: str
) -> None:
    write(db_session, "bad", to=to)
    write(db_session, "good")
    assert deliver(settings) == 1
    assert postmaster.recipients == ["emile@example.org"]
    bad = db_session.scalars(select(OutboxMessage).where(OutboxMessage.key == "bad")).one()
    assert bad.failed_at == NOW
    assert bad.last_error


def test_two_hundred_letters_take_one_connection(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    for number in range(200):
        post(
            db_session,
            key=f"k{number}",
            to=f"p{number}@example.org",
            subject="s",
            text="t",
            now=NOW,
        )
    db_session.commit()
    assert deliver(settings) == 200
    assert len(postmaster.connections) == 1
    assert len(set(postmaster.recipients)) == 200


# --- servers have moods ----------------------------------------------------------------------


def test_a_refused_recipient_is_given_up_and_the_reason_kept(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    postmaster.refuse["emile@example.org"] = "550 5.1.1 no such user"
    write(db_session)
    write(db_session, "other", to="nadia@example.org")
    assert deliver(settings) == 1
    message = db_session.scalars(
        select(OutboxMessage).where(OutboxMessage.key == "receipt:1")
    ).one()
    assert message.failed_at == NOW
    assert message.last_error == "550 5.1.1 no such user"
    assert message.body == ""
    assert deliver(settings, NOW + timedelta(days=3)) == 0


def test_a_server_that_says_later_is_asked_later(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    postmaster.refuse["emile@example.org"] = "451 4.7.1 greylisted"
    write(db_session)
    assert deliver(settings) == 0
    waiting = only(db_session)
    assert (waiting.attempts, waiting.due_at) == (1, NOW + RETRIES[0])
    assert waiting.body != ""
    postmaster.refuse.clear()
    assert deliver(settings, NOW + timedelta(seconds=59)) == 0
    assert deliver(settings, NOW + RETRIES[0]) == 1


def test_after_a_day_and_a_half_of_later_the_letter_is_given_up(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    postmaster.refuse["emile@example.org"] = "451 4.7.1 greylisted"
    write(db_session)
    now = NOW
    for _ in range(len(RETRIES)):
        deliver(settings, now)
        now = only(db_session).due_at
    deliver(settings, now)
    given_up = only(db_session)
    assert given_up.failed_at == now
    assert given_up.attempts == len(RETRIES) + 1
    assert timedelta(hours=24) < now - NOW < timedelta(hours=36)


def test_a_content_refused_for_good_is_given_up(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    postmaster.refuse_content = ["554 looks like spam"]
    write(db_session)
    assert deliver(settings) == 0
    assert only(db_session).failed_at == NOW


def test_a_connection_cut_in_the_middle_is_opened_again(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    postmaster.hang_up = 1
    for number in range(3):
        write(db_session, f"k{number}", to=f"p{number}@example.org")
    assert deliver(settings) == 2
    assert deliver(settings, NOW + RETRIES[0]) == 1
    assert sorted(postmaster.recipients) == [f"p{n}@example.org" for n in range(3)]


def test_a_server_out_of_reach_costs_no_attempt(app: Flask, db_session: Session) -> None:
    away = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{free_port()}")
    write(db_session)
    assert deliver(away) == 0
    message = only(db_session)
    assert (message.attempts, message.failed_at) == (0, None)
    assert message.due_at == NOW + timedelta(minutes=1)
    assert message.last_error


GREETING = b"220 ready"
TAKES = [GREETING, b"250 hello", b"250 from", b"250 to", b"354 go on"]


@pytest.mark.parametrize(("said", "attempts"), [([], 0), ([GREETING], 0), (TAKES, 1)])
def test_a_server_that_falls_silent_holds_the_worker_once_and_not_for_each_letter(
    app: Flask, db_session: Session, settings: Settings, postmaster: Postmaster,
    monkeypatch: pytest.MonkeyPatch, said: list[bytes], attempts: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(transports, "TIMEOUT_SECONDS", 0.3)
    for number in range(3):
        write(db_session, f"k{number}", to=f"p{number}@example.org")
    with mute(said) as (port, taken):
        silent = replace(app.extensions["settings"], smtp_url=f"smtp://127.0.0.1:{port}")
        assert deliver(silent) == 0
        # Whatever else wakes the mail in that minute, nobody waits for this server again.
        write(db_session, "late", to="p3@example.org")
        assert deliver(silent, NOW + timedelta(seconds=59)) == 0
        assert len(taken) == 1
        deliver(silent, NOW + timedelta(seconds=60))
        assert len(taken) == 2

    first = db_session.scalars(select(OutboxMessage).where(OutboxMessage.key == "k0")).one()
    assert first.last_error is not None and "n’a rien répondu" in first.last_error
    assert (first.attempts, first.failed_at) == (attempts, None)
    assert deliver(settings, NOW + timedelta(minutes=5)) == 4
    assert sorted(postmaster.recipients) == [f"p{number}@example.org" for number in range(4)]


def test_what_is_no_answer_of_a_server_is_said_in_french(
    app: Flask, db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    postmaster.hang_up = 1
    write(db_session)
    deliver(settings)
    assert only(db_session).last_error == "Le serveur de courrier a coupé la connexion"
    for url, sentence in (
        (f"smtp://127.0.0.1:{free_port()}", "Le serveur de courrier refuse la connexion"),
        ("smtp://serveur.invalid", "Le nom du serveur de courrier est inconnu"),
    ):
        away = replace(app.extensions["settings"], smtp_url=url)
        deliver(away, NOW + timedelta(minutes=5))
        said = only(db_session).last_error
        assert said is not None and said.startswith(sentence)
        db_session.execute(update(OutboxMessage).values(due_at=NOW))
        db_session.commit()


def test_a_letter_sent_twice_after_a_crash_is_one_letter_for_its_reader(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    write(db_session)
    deliver(settings)
    message = only(db_session)
    message.sent_at, message.body = None, "Bonjour"
    db_session.commit()
    deliver(settings)
    first, second = postmaster.received
    assert first["Message-ID"] == second["Message-ID"]


# --- several workers -------------------------------------------------------------------------


def test_four_workers_at_once_send_each_letter_once(
    db_session: Session, settings: Settings, postmaster: Postmaster
) -> None:
    for number in range(40):
        post(
            db_session,
            key=f"k{number}",
            to=f"p{number}@example.org",
            subject="s",
            text="t",
            now=NOW,
        )
    db_session.commit()
    barrier, sent, engine = Barrier(4), [], db.engine

    def work() -> None:
        barrier.wait()
        sent.append(deliver_due(sessionmaker(engine), settings, lambda: NOW))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 40
    assert sorted(postmaster.recipients) == sorted(f"p{n}@example.org" for n in range(40))


def test_a_letter_held_by_a_dead_worker_is_sent_when_its_lease_ends(
    db_session: Session, settings: Settings
) -> None:
    write(db_session)
    message = only(db_session)
    message.lease, message.leased_until = "dead", NOW + LEASE
    db_session.commit()
    assert deliver(settings, NOW + LEASE - timedelta(seconds=1)) == 0
    assert deliver(settings, NOW + LEASE) == 1


# --- ways in ---------------------------------------------------------------------------------


@pytest.mark.one_database
def test_starttls_then_a_password(
    app: Flask,
    db_session: Session,
    postmaster: Postmaster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    options = {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": accept_only("poste@regions", "p@ss:word/+ 1"),
    }
    write(db_session)
    with smtp_server(postmaster, **options) as port:
        user = "poste%40regions:p%40ss%3Aword%2F+%201"
        url = f"smtp://{user}@localhost:{port}"
        assert deliver(replace(app.extensions["settings"], smtp_url=url)) == 1


@pytest.mark.one_database
def test_encryption_from_the_start(
    app: Flask,
    db_session: Session,
    postmaster: Postmaster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    public, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    write(db_session)
    with smtp_server(postmaster, ssl_context=context) as port:
        url = f"smtps://localhost:{port}"
        assert deliver(replace(app.extensions["settings"], smtp_url=url)) == 1


@pytest.mark.one_database
def test_a_server_nobody_vouches_for_receives_nothing(
    app: Flask, db_session: Session, postmaster: Postmaster, tmp_path: Path
) -> None:
    _, context = certificate(tmp_path)
    write(db_session)
    with smtp_server(postmaster, tls_context=context) as port:
        url = f"smtp://localhost:{port}"
        assert deliver(replace(app.extensions["settings"], smtp_url=url)) == 0
    assert postmaster.received == []
    assert "certificat" in (only(db_session).last_error or "").lower()


@pytest.mark.one_database
def test_a_wrong_password_loses_no_letter(
    app: Flask, db_session: Session, postmaster: Postmaster
) -> None:
    options = {"auth_require_tls": False, "authenticator": accept_only("user", "right")}
    write(db_session)
    with smtp_server(postmaster, **options) as port:
        url = f"smtp://user:wrong@127.0.0.1:{port}"
        assert deliver(replace(app.extensions["settings"], smtp_url=url)) == 0
        assert only(db_session).attempts == 0
        url = f"smtp://user:right@127.0.0.1:{port}"
        later = NOW + timedelta(minutes=1)
        assert deliver(replace(app.extensions["settings"], smtp_url=url), later) == 1


@pytest.mark.one_database
def test_in_the_demonstration_letters_are_files_and_lines_of_the_console(
    app: Flask, db_session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = app.extensions["settings"]
    link = f"http://localhost/connexion/lien/{'a' * 60}"
    write(db_session, text=f"Ouvrez le lien reçu :\n{link}\n")
    assert deliver(settings) == 1
    assert link in capsys.readouterr().out
    [file] = (settings.instance_path / "mail").glob("*.eml")
    content = file.read_text(encoding="utf-8")
    assert "To: emile@example.org" in content
    assert "Ouvrez le lien reçu" in content
    assert f"\n{link}\n" in content
