"""What mail servers send back: recognised, counted once, and only when it quotes our letter."""

from __future__ import annotations

import base64
import quopri
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.invitations.actions.bounces import record_notification
from consultation.invitations.actions.silence import try_again
from consultation.invitations.dsn import read_notification
from consultation.invitations.models import Bounce, Contact, Sending
from consultation.mail.letter import message_id
from tests.consultations.making import DURING, a_consultation
from tests.invitations.making import campaign, contact, invite_all, post, states

POSTFIX = """Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: ne-pas-repondre@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Tue,  1 Feb 2022 10:00:00 +0100 (CET)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <{recipient}>: Recipient address rejected:
    User unknown in virtual mailbox table

--B
Content-Type: message/rfc822

From: ne-pas-repondre@example.org
To: {recipient}
Subject: Votre avis est attendu
Message-ID: {message_id}

Bonjour
--B--
"""
EXCHANGE = """From: postmaster@outlook.example.org
To: ne-pas-repondre@example.org
Subject: Undeliverable
In-Reply-To: {message_id}
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="=_X"
MIME-Version: 1.0

--=_X
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PGI+Tm9uPC9iPg==

--=_X
Content-Type: message/delivery-status

Reporting-MTA: dns;outlook.example.org

Final-Recipient: RFC822; <{recipient}>
Action: {action}
Status: {status}

--=_X
Content-Type: text/rfc822-headers

Subject: Votre avis est attendu
MESSAGE-ID: {message_id}
--=_X--
"""
GMAIL = """Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@googlemail.example.org>
To: ne-pas-repondre@example.org
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: {message_id}
In-Reply-To: {message_id}
X-Failed-Recipients: {recipient}
Content-Type: multipart/report; boundary="000000000000a"; report-type=delivery-status

--000000000000a
Content-Type: multipart/related; boundary="000000000000b"

--000000000000b
Content-Type: multipart/alternative; boundary="000000000000c"

--000000000000c
Content-Type: text/plain; charset="UTF-8"

** Adresse introuvable **

--000000000000c
Content-Type: text/html; charset="UTF-8"

<p>Adresse introuvable</p>

--000000000000c--
--000000000000b
Content-Type: image/png; name="icon.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--000000000000b--
--000000000000a
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.example.org
Arrival-Date: Thu, 10 Feb 2022 02:00:00 -0800 (PST)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.pole.example.org. (192.0.2.1, the server for the domain.)
Diagnostic-Code: smtp; 550-{status} The email account that you tried to reach does not exist. Please
 try 550 {status} double-checking the address
Last-Attempt-Date: Thu, 10 Feb 2022 02:00:01 -0800 (PST)

--000000000000a
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Votre avis est attendu

--000000000000a--
"""
EXIM = """X-Failed-Recipients: {recipient}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@exim.example.org>
To: ne-pas-repondre@example.org
References: {message_id}
Content-Type: multipart/report; report-type=delivery-status; boundary=1644487200-eximdsn-1
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1644487200-eximdsn-1
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1644487200-eximdsn-1
Content-type: message/delivery-status

Reporting-MTA: dns; exim.example.org

Action: {action}
Final-Recipient: rfc822;{recipient}
Status: {status}
Remote-MTA: dns; mx.pole.example.org
Diagnostic-Code: smtp; 550 {status} unrouteable address

--1644487200-eximdsn-1
Content-type: message/rfc822

Return-path: <ne-pas-repondre@example.org>
Message-ID: {message_id}

--1644487200-eximdsn-1--
"""
SENDMAIL = """From: Mail Delivery Subsystem <MAILER-DAEMON@sendmail.example.org>
To: <ne-pas-repondre@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="21AA.1644487200/sendmail.example.org"
Subject: Warning: could not send message for past 4 hours
Auto-Submitted: auto-generated (warning-timeout)

--21AA.1644487200/sendmail.example.org

    **********************************************
    **      THIS IS A WARNING MESSAGE ONLY      **
    **********************************************

--21AA.1644487200/sendmail.example.org
Content-Type: message/delivery-status

Reporting-MTA: dns; sendmail.example.org
Arrival-Date: Thu, 10 Feb 2022 10:00:00 +0100

Final-Recipient: RFC822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: SMTP; 451 4.7.1 Greylisting in action
Last-Attempt-Date: Thu, 10 Feb 2022 14:00:00 +0100
Will-Retry-Until: Tue, 15 Feb 2022 10:00:00 +0100

--21AA.1644487200/sendmail.example.org
Content-Type: text/rfc822-headers

Message-Id: {message_id}
Subject: Votre avis est attendu

--21AA.1644487200/sendmail.example.org--
"""
INTERNATIONAL = """From: postmaster@mx.example.org
To: ne-pas-repondre@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=global-delivery-status; boundary="U"

--U
Content-Type: message/global-delivery-status
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; mx.example.org

Final-Recipient: utf-8; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} boîte inconnue

--U
Content-Type: message/global-headers

Message-ID: {message_id}

--U--
"""
QMAIL = """Return-Path: <>
Received: (qmail 3841 invoked for bounce); 10 Feb 2022 09:00:00 -0000
Date: 10 Feb 2022 09:00:00 -0000
From: MAILER-DAEMON@qmail.example.org
To: ne-pas-repondre@example.org
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{recipient}>:
192.0.2.1 does not like recipient.
Remote host said: 550 {status} No such user
Giving up on 192.0.2.1. ({action})

--- Below this line is a copy of the message.

Return-Path: <ne-pas-repondre@example.org>
Received: (qmail 3839 invoked by uid 89); 10 Feb 2022 09:00:00 -0000
Message-ID: {message_id}
Subject: Votre avis est attendu

Bonjour
"""
"""qmail knows no delay: it writes when it gave up."""

FORMS = {
    "postfix": POSTFIX,
    "exchange": EXCHANGE,
    "gmail": GMAIL,
    "exim": EXIM,
    "sendmail": SENDMAIL,
    "international": INTERNATIONAL,
}


def bounce(
    form: str, recipient: str, key: str, status: str = "5.1.1", action: str = "failed"
) -> bytes:
    text = form.format(
        recipient=recipient,
        message_id=message_id(key, "ne-pas-repondre@example.org"),
        status=status,
        action=action,
    )
    return text.replace("\n", "\r\n").encode()


def encoded(data: bytes, encoding: str) -> bytes:
    """Return a notification of Postfix whose machine-readable part is encoded."""
    head, kind, rest = data.partition(b"Content-Type: message/delivery-status\r\n\r\n")
    fields, boundary, tail = rest.partition(b"\r\n--B\r\n")
    assert kind and boundary
    made = base64.encodebytes(fields) if encoding == "base64" else quopri.encodestring(fields)
    head += kind[:-2] + b"Content-Transfer-Encoding: %s\r\n\r\n" % encoding.encode()
    return head + made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + boundary + tail


@pytest.fixture
def sending(app: Flask, db_session: Session) -> Sending:
    """The invitation sent to one person."""
    consultation = a_consultation(db_session)
    contact(db_session, consultation, "zoe@pole.example.org")
    invite_all(app, db_session, consultation)
    return db_session.scalars(select(Sending)).one()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_address_that_does_not_exist_receives_nothing_more(
    app: Flask, db_session: Session, sending: Sending, form: str
) -> None:
    data = bounce(form, "zoe@pole.example.org", sending.outbox_key)
    assert record_notification(db_session, data, DURING) == "permanent"
    db_session.commit()
    assert sending.contact.bounced_at == DURING
    assert states(db_session) == {"zoe@pole.example.org": "bounced"}
    campaign(db_session, consultation_of(sending), "not_started")
    assert post(app) == 0
    assert db_session.scalars(select(Bounce)).one().status == "5.1.1"


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("Action: failed", "Action: failed (gave up)"),
        ("Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1", "Diagnostic-Code: smtp; 550"),
    ],
)
def test_an_old_server_that_says_it_its_own_way_is_understood(
    db_session: Session, sending: Sending, written: str, instead: str
) -> None:
    data = bounce(POSTFIX, "zoe@pole.example.org", sending.outbox_key)
    assert written.encode() in data
    odd = data.replace(written.encode(), instead.encode())
    assert record_notification(db_session, odd, DURING) == "permanent"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("action", ["failed", "delayed"])
@pytest.mark.one_database
def test_a_report_that_was_encoded_on_its_way_is_read(
    db_session: Session, sending: Sending, encoding: str, action: str
) -> None:
    plain = bounce(POSTFIX, "zoe@pole.example.org", sending.outbox_key, action=action)
    found, expected = read_notification(encoded(plain, encoding)), read_notification(plain)
    assert found is not None
    assert expected is not None
    assert (found.references, found.verdicts) == (expected.references, expected.verdicts)
    kind = {"failed": "permanent", "delayed": "temporary"}[action]
    assert record_notification(db_session, encoded(plain, encoding), DURING) == kind


@pytest.mark.parametrize(
    ("said", "status", "kind"),
    [
        ("Remote host said: 550 5.1.1 No such user", "5.1.1", "permanent"),
        ("Remote host said: 550 No such user", "5.0.0", "permanent"),
        ("Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1", "permanent"),
        ("Remote host said: 552 5.2.2 Mailbox full", "5.2.2", "temporary"),
        (
            "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n"
            "I'm not going to try again; this message has been in the queue too long.",
            "4.4.1",
            "temporary",
        ),
        ("Sorry. It did not work out in 550 ways.", "", "temporary"),
    ],
)
@pytest.mark.one_database
def test_a_notice_of_qmail_is_read(
    db_session: Session, sending: Sending, said: str, status: str, kind: str
) -> None:
    data = bounce(QMAIL, "zoe@pole.example.org", sending.outbox_key)
    written = b"Remote host said: 550 5.1.1 No such user\r\nGiving up on 192.0.2.1. (failed)"
    assert written in data
    data = data.replace(written, said.replace("\n", "\r\n").encode())
    found = read_notification(data)
    assert found is not None
    assert [verdict.status for verdict in found.verdicts] == [status]
    assert record_notification(db_session, data, DURING) == kind
    db_session.commit()
    assert (sending.contact.bounced_at is not None) == (kind == "permanent")


def test_a_letter_that_greets_as_qmail_does_and_quotes_nothing_silences_nobody(
    db_session: Session, sending: Sending
) -> None:
    data = bounce(QMAIL, "zoe@pole.example.org", "k").partition(b"--- Below")[0]
    assert record_notification(db_session, data, DURING) == "unknown"
    assert sending.contact.bounced_at is None


def consultation_of(sending: Sending) -> Consultation:
    session = Session.object_session(sending)
    assert session is not None
    return session.get_one(Consultation, sending.campaign.consultation_id)


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("4.2.2", "delayed"),
        ("4.4.7", "failed"),
        ("5.2.2", "delayed"),
        ("5.2.2", "failed"),
        ("5.7.1", "failed"),
    ],
)
def test_what_may_pass_is_counted_and_stops_nothing(
    app: Flask, db_session: Session, sending: Sending, status: str, action: str
) -> None:
    data = bounce(POSTFIX, "zoe@pole.example.org", sending.outbox_key, status, action)
    assert record_notification(db_session, data, DURING) == "temporary"
    assert record_notification(db_session, data, DURING) == "known"
    db_session.commit()
    db_session.expire_all()
    assert (sending.contact.bounced_at, sending.contact.temporary_bounces) == (None, 1)
    campaign(db_session, consultation_of(sending), "not_started")
    assert post(app) == 1


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.one_database
def test_a_delay_is_not_a_bounce_in_any_form(
    db_session: Session, sending: Sending, form: str
) -> None:
    data = bounce(form, "zoe@pole.example.org", sending.outbox_key, "4.4.1", "delayed")
    assert record_notification(db_session, data, DURING) == "temporary"
    db_session.commit()
    assert sending.contact.bounced_at is None
    assert states(db_session) == {"zoe@pole.example.org": "sent"}


def test_a_success_is_not_a_bounce(db_session: Session, sending: Sending) -> None:
    data = bounce(POSTFIX, "zoe@pole.example.org", sending.outbox_key, "2.0.0", "delivered")
    assert record_notification(db_session, data, DURING) == "delivered"
    assert db_session.scalar(select(func.count(Bounce.id))) == 0


def test_nobody_silences_zoe_by_making_a_bounce_up(db_session: Session, sending: Sending) -> None:
    guessed = f"invitation:{sending.campaign_id}:{sending.contact_id}"
    for key in (guessed, f"{guessed}:", "receipt:1"):
        data = bounce(POSTFIX, "zoe@pole.example.org", key)
        assert record_notification(db_session, data, DURING) == "unknown"
    assert sending.contact.bounced_at is None


def test_one_member_of_a_shared_address_does_not_silence_it(
    db_session: Session, sending: Sending
) -> None:
    data = bounce(POSTFIX, "partie@pole.example.org", sending.outbox_key).replace(
        b"Reporting-MTA: dns; mx.example.org\r\n",
        b"Reporting-MTA: dns; mx.example.org\r\n\r\n"
        b"Final-Recipient: rfc822; restee@pole.example.org\r\nAction: delivered\r\n"
        b"Status: 2.0.0\r\n",
    )
    assert record_notification(db_session, data, DURING) == "temporary"
    assert sending.contact.bounced_at is None


def test_an_address_forwarded_to_one_that_is_gone_is_silenced(
    db_session: Session, sending: Sending
) -> None:
    data = bounce(EXCHANGE, "personnel@ailleurs.example.org", sending.outbox_key)
    assert record_notification(db_session, data, DURING) == "permanent"


def test_claire_may_write_again_to_an_address_she_knows_to_be_good(
    app: Flask, db_session: Session, sending: Sending
) -> None:
    data = bounce(POSTFIX, "zoe@pole.example.org", sending.outbox_key)
    record_notification(db_session, data, DURING)
    consultation = consultation_of(sending)
    assert try_again(db_session, consultation.id, None, actor_id=1, now=DURING) == 1
    campaign(db_session, consultation, "not_started")
    assert post(app) == 1


@pytest.mark.parametrize(
    "text", ["", "Bonjour", "From: a\n\nNon", "Content-Type: multipart/report"]
)
def test_an_ordinary_letter_is_no_notification(text: str) -> None:
    assert read_notification(text.encode()) is None


@settings(max_examples=300)
@given(st.binary(max_size=300))
@example(b"Content-Type: multipart/report; boundary=\x00\r\n\r\n--\x00")
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    read_notification(data)


@settings(max_examples=300)
@given(st.integers(0, 3000), st.binary(max_size=40), st.sampled_from([POSTFIX, EXCHANGE, QMAIL]))
def test_no_damaged_notification_makes_the_reader_fail(place, noise, form) -> None:
    data = bytearray(bounce(form, "zoe@pole.example.org", "k"))
    place %= len(data)
    data[place : place + len(noise)] = noise
    found = read_notification(bytes(data))
    for verdict in found.verdicts if found else ():
        assert verdict.said.isprintable()


def test_parts_within_parts_without_end_are_read_in_a_bounded_way() -> None:
    data = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
        for n in range(3000)
    )
    assert read_notification(data) is None
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 3000
    assert read_notification(nested) is None


# --- the command ---------------------------------------------------------------------------------


def run(app: Flask, *arguments: str, standard_input: bytes = b"") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(
        args=["invitations", "bounces", *arguments], input=standard_input
    )
    return result.exit_code, result.output


def test_the_command_reads_files_maildirs_and_the_standard_input(
    app: Flask, db_session: Session, sending: Sending, tmp_path: Path
) -> None:
    app.extensions["clock"] = lambda: DURING + timedelta(hours=1)
    first = bounce(POSTFIX, "zoe@pole.example.org", sending.outbox_key, "4.2.2", "delayed")
    second = bounce(EXCHANGE, "zoe@pole.example.org", sending.outbox_key)
    letter = EmailMessage()
    letter["Subject"] = "Absence"
    letter.set_content("Je suis absente.\nFrom lundi\n")
    for part in ("new", "cur", "tmp"):
        (tmp_path / "maildir" / part).mkdir(parents=True)
    (tmp_path / "maildir" / "new" / "1").write_bytes(first)
    (tmp_path / "mbox").write_bytes(
        b"From a Tue\n" + bytes(letter) + b"\nFrom b Wed\n" + first + b"\r\n"
    )
    code, output = run(
        app, str(tmp_path / "maildir"), str(tmp_path / "mbox"), "-", standard_input=second
    )
    assert code == 0, output
    assert "4 messages read." in output
    for line in ("1 permanent", "1 temporary", "1 already read", "1 not a delivery notification"):
        assert line in output, output
    db_session.expire_all()
    assert db_session.scalars(select(Contact)).one().bounced_at == DURING + timedelta(hours=1)


@pytest.mark.one_database
def test_the_command_says_what_is_wrong_with_a_name(app: Flask, tmp_path: Path) -> None:
    code, output = run(app, str(tmp_path / "nowhere"))
    assert (code, "cannot be read" in output) == (2, True)
    code, output = run(app, str(tmp_path))
    assert (code, "not a maildir" in output) == (2, True)
    assert run(app)[0] == 2
