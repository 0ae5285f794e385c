"""Campaigns leave over real SMTP: to the right people, at the right moment, never twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.actions import extend
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused
from consultation.invitations.actions import address_book, campaigns, links, posting, silence
from consultation.invitations.actions.settings import set_settings
from consultation.invitations.models import Bounce, Contact, Sending
from consultation.invitations.queries.campaigns import held_up
from consultation.mail.models import OutboxMessage
from consultation.mail.rules import RETRIES
from consultation.settings import Settings
from tests import cast
from tests.consultations.making import BEFORE, CLOSES, DURING, OPENS, a_consultation
from tests.invitations.making import (
    CLAIRE,
    LINKS,
    campaign,
    contact,
    deliver,
    invite_all,
    post,
    posted,
    respond,
    states,
    to_server,
)
from tests.mail.servers import Postmaster, guillotine, smtp_server

PEOPLE = [f"p{number}@pole.example.org" for number in range(6)]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def postmaster() -> Postmaster:
    return Postmaster()


@pytest.fixture
def settings(app: Flask, postmaster: Postmaster) -> Iterator[Settings]:
    with smtp_server(postmaster) as port:
        yield to_server(app, port)


@pytest.fixture
def consultation(db_session: Session) -> Consultation:
    made = a_consultation(db_session)
    for email in PEOPLE:
        contact(db_session, made, email, name=f"Personne {email[1]}", organisation="Pôle")
    return made


def rate(session: Session, consultation: Consultation, per_minute: int) -> None:
    set_settings(
        session,
        consultation.id,
        per_minute=per_minute,
        invited_only=False,
        actor_id=CLAIRE,
        now=DURING,
    )
    session.commit()


def somebody(session: Session, email: str) -> Contact:
    session.expire_all()
    return session.scalars(select(Contact).where(Contact.email == email)).one()


def answer(session: Session, consultation: Consultation, email: str, status: str) -> None:
    """Let the person of ``email`` register and begin, or send."""
    user = User(
        email=email,
        display_name="Quelqu’un",
        email_confirmed_at=DURING,
        created_at=DURING,
        session_version=1,
    )
    session.add(user)
    session.flush()
    respond(session, consultation, user.id, status)


# --- who receives --------------------------------------------------------------------------------


def test_everybody_receives_one_invitation_with_their_own_link(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    campaign(db_session, consultation)
    assert (post(app), deliver(settings)) == (6, 6)
    assert Counter(postmaster.recipients) == Counter(PEOPLE)
    bodies = [message.get_content() for message in postmaster.received]
    found = {body.split("/invitation/")[1].split()[0] for body in bodies}
    assert len(found) == 6
    first = postmaster.received[0]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["List-Unsubscribe"].startswith("<http://localhost/desabonnement/")
    assert first["Reply-To"] == "poles@example.org"
    assert states(db_session) == dict.fromkeys(PEOPLE, "sent")
    assert somebody(db_session, PEOPLE[0]).invited_at == DURING


def test_planning_again_posts_nothing_more(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    campaign(db_session, consultation)
    assert [post(app, DURING + n * MINUTE) for n in range(4)] == [6, 0, 0, 0]
    deliver(settings)
    campaign(db_session, consultation)
    assert post(app) == 0
    assert len(postmaster.received) == 6


def test_reminders_go_to_their_two_audiences_and_never_to_those_who_sent(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    invite_all(app, db_session, consultation)
    answer(db_session, consultation, PEOPLE[0], "sent")
    answer(db_session, consultation, PEOPLE[1], "draft")
    answer(db_session, consultation, PEOPLE[2], "withdrawn")
    campaign(db_session, consultation, "not_started")
    campaign(db_session, consultation, "draft")
    post(app)
    deliver(settings)
    subjects = {message["To"]: message["Subject"][:6] for message in postmaster.received}
    assert subjects == {
        PEOPLE[1]: "Votre ",
        PEOPLE[3]: "Rappel",
        PEOPLE[4]: "Rappel",
        PEOPLE[5]: "Rappel",
    }


def test_who_sends_between_the_plan_and_the_departure_receives_nothing(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    invite_all(app, db_session, consultation)
    campaign(db_session, consultation, "not_started")
    assert post(app) == 6
    answer(db_session, consultation, PEOPLE[0], "sent")
    answer(db_session, consultation, PEOPLE[1], "draft")
    deliver(settings)
    assert sorted(postmaster.recipients) == PEOPLE[2:]
    state = states(db_session)
    assert (state[PEOPLE[0]], state[PEOPLE[1]]) == ("dropped", "dropped")
    reason = db_session.scalars(select(Sending.reason).where(Sending.state == "dropped")).all()
    assert set(reason) == {"la contribution est envoyée", "la contribution est commencée"}
    left = db_session.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).all()
    assert all(message.body == "" and message.failed_at for message in left)


def test_greylisting_long_enough_for_the_person_to_send_stops_the_reminder(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    invite_all(app, db_session, consultation)
    postmaster.refuse[PEOPLE[0]] = "451 4.7.1 greylisted"
    campaign(db_session, consultation, "not_started")
    post(app)
    assert deliver(settings) == 5
    answer(db_session, consultation, PEOPLE[0], "sent")
    postmaster.refuse.clear()
    assert deliver(settings, DURING + RETRIES[0]) == 0
    assert PEOPLE[0] not in postmaster.recipients


@pytest.mark.parametrize("what", ["unsubscribed", "removed", "revoked", "cancelled", "closed"])
def test_what_happens_before_the_departure_stops_it(
    app: Flask, db_session: Session, consultation, settings, postmaster, what: str
) -> None:
    made = campaign(db_session, consultation)
    post(app)
    person, later = somebody(db_session, PEOPLE[0]), DURING
    if what == "unsubscribed":
        silence.unsubscribe(db_session, person, LINKS, everywhere=False, now=DURING)
    elif what == "removed":
        address_book.remove_contact(db_session, person, actor_id=CLAIRE, now=DURING)
    elif what == "revoked":
        links.revoke_link(db_session, person, actor_id=CLAIRE, now=DURING)
    elif what == "cancelled":
        campaigns.cancel(db_session, made, actor_id=CLAIRE, now=DURING)
    else:
        later = CLOSES + timedelta(seconds=1)
    db_session.commit()
    deliver(settings, later)
    assert PEOPLE[0] not in postmaster.recipients
    assert len(postmaster.recipients) == (0 if what in ("cancelled", "closed") else 5)


def test_who_unsubscribed_everywhere_is_not_invited_even_when_imported_again(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    person = somebody(db_session, PEOPLE[0])
    silence.unsubscribe(db_session, person, LINKS, everywhere=True, now=DURING)
    address_book.remove_contact(db_session, person, actor_id=CLAIRE, now=DURING)
    db_session.commit()
    other = a_consultation(db_session, slug="autre")
    for where in (consultation, other):
        again = contact(db_session, where, PEOPLE[0])
        assert again.unsubscribed_at == DURING
        campaign(db_session, where)
    post(app)
    deliver(settings)
    assert PEOPLE[0] not in postmaster.recipients


def test_who_unsubscribed_from_one_consultation_is_invited_to_another(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    silence.unsubscribe(
        db_session, somebody(db_session, PEOPLE[0]), LINKS, everywhere=False, now=DURING
    )
    other = a_consultation(db_session, slug="autre")
    contact(db_session, other, PEOPLE[0])
    campaign(db_session, other)
    post(app)
    deliver(settings)
    assert postmaster.recipients == [PEOPLE[0]]


def test_who_changes_their_mind_is_written_to_again(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    person = somebody(db_session, PEOPLE[0])
    silence.unsubscribe(db_session, person, LINKS, everywhere=True, now=DURING)
    silence.resubscribe(db_session, person, LINKS, now=DURING)
    db_session.commit()
    campaign(db_session, consultation)
    post(app)
    assert deliver(settings) == 6


# --- when ----------------------------------------------------------------------------------------


def test_a_reminder_before_the_closing_moves_when_the_closing_does(
    app: Flask, db_session: Session, consultation, settings
) -> None:
    invite_all(app, db_session, consultation)
    campaign(db_session, consultation, "not_started", days_before=7, hour=9)
    due = (CLOSES - timedelta(days=7)).replace(hour=8)
    assert post(app, due - MINUTE) == 0
    extend(
        db_session,
        consultation,
        CLOSES + timedelta(days=10),
        "À la demande des pôles.",
        actor_id=CLAIRE,
        now=due - MINUTE,
    )
    db_session.commit()
    assert post(app, due) == 0
    assert post(app, due + timedelta(days=10)) == 6


def test_a_campaign_at_a_date_waits_for_it(app: Flask, db_session: Session, consultation) -> None:
    later = DURING + timedelta(hours=3)
    campaign(db_session, consultation, send_at=later)
    assert (post(app), post(app, later - MINUTE), post(app, later)) == (0, 0, 6)


def test_an_invitation_planned_at_the_opening_leaves_then_wherever_it_is(
    app: Flask, db_session: Session, consultation
) -> None:
    made = campaign(db_session, consultation, now=BEFORE, at_opening=True)
    assert post(app, OPENS - MINUTE) == 0
    consultation.opens_at = OPENS + timedelta(days=2)
    db_session.commit()
    assert [post(app, OPENS + n * timedelta(days=1)) for n in (0, 1, 2)] == [0, 0, 6]
    db_session.refresh(made)
    assert (made.send_at, made.state) == (None, "done")


def test_a_reminder_waits_for_the_opening_and_an_invitation_does_not(
    app: Flask, db_session: Session, consultation, settings
) -> None:
    campaign(db_session, consultation, now=BEFORE)
    campaign(db_session, consultation, "not_started", now=BEFORE)
    assert post(app, BEFORE) == 6
    assert deliver(settings, BEFORE) == 6
    assert post(app, BEFORE + 2 * MINUTE) == 0
    assert post(app, DURING) == 6


def test_nothing_leaves_after_the_closing(app: Flask, db_session: Session, consultation) -> None:
    made = campaign(db_session, consultation, send_at=CLOSES + timedelta(hours=1))
    assert post(app, CLOSES + timedelta(hours=2)) == 0
    db_session.refresh(made)
    assert made.state == "cancelled"
    with pytest.raises(Refused, match="terminée"):
        campaign(db_session, consultation, now=CLOSES + timedelta(hours=2))


def test_a_draft_consultation_invites_nobody(app: Flask, db_session: Session) -> None:
    draft = a_consultation(db_session, state="draft", published_at=None)
    contact(db_session, draft, PEOPLE[0])
    with pytest.raises(Refused, match="Publiez"):
        campaign(db_session, draft)


def test_no_more_messages_a_minute_than_the_consultation_allows(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    rate(db_session, consultation, 2)
    made = campaign(db_session, consultation)
    sent = []
    for second in range(0, 200, 20):
        now = DURING + timedelta(seconds=second)
        sent.append(post(app, now))
        deliver(settings, now)
    assert sent == [2, 0, 0, 2, 0, 0, 2, 0, 0, 0]
    db_session.refresh(made)
    assert made.state == "done"
    assert Counter(postmaster.recipients) == Counter(PEOPLE)


def test_a_slow_campaign_does_not_hold_back_another_consultation(
    app: Flask, db_session: Session, consultation
) -> None:
    rate(db_session, consultation, 1)
    other = a_consultation(db_session, slug="autre")
    for email in PEOPLE:
        contact(db_session, other, email)
    campaign(db_session, consultation)
    campaign(db_session, other)
    assert post(app) == 7


def test_text_and_schedule_change_until_the_first_departure(
    app: Flask, db_session: Session, consultation
) -> None:
    made = campaign(db_session, consultation, send_at=DURING + timedelta(days=1))
    wanted = campaigns.Wanted(
        "invitation", "Autre objet", "${lien}", campaigns.Schedule(send_at=DURING)
    )
    campaigns.change(db_session, made, wanted, actor_id=CLAIRE, now=DURING)
    db_session.commit()
    assert post(app) == 6
    assert posted(db_session, PEOPLE[0])[0].subject == "Autre objet"
    db_session.refresh(made)
    with pytest.raises(Refused, match="a commencé"):
        campaigns.change(db_session, made, wanted, actor_id=CLAIRE, now=DURING)


# --- servers have moods --------------------------------------------------------------------------


def test_a_refused_recipient_is_recorded_and_receives_nothing_more(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    postmaster.refuse[PEOPLE[0]] = "550 5.1.1 no such user"
    campaign(db_session, consultation)
    post(app)
    assert deliver(settings) == 5
    assert states(db_session)[PEOPLE[0]] == "refused"
    person = somebody(db_session, PEOPLE[0])
    assert (person.bounced_at, person.invited_at) == (DURING, None)
    bounce = db_session.scalars(select(Bounce)).one()
    assert (bounce.permanent, bounce.status, bounce.said) == (
        True,
        "5.1.1",
        "550 5.1.1 no such user",
    )
    postmaster.refuse.clear()
    campaign(db_session, consultation)
    campaign(db_session, consultation, "not_started")
    post(app, DURING + MINUTE)
    deliver(settings, DURING + MINUTE)
    assert PEOPLE[0] not in postmaster.recipients


@pytest.mark.parametrize("said", ["554 5.7.1 taken for spam", "552 5.2.2 mailbox full"])
def test_a_letter_refused_for_what_may_pass_leaves_the_address_to_the_next_campaign(
    app: Flask, db_session: Session, consultation, settings, postmaster, said: str
) -> None:
    postmaster.refuse[PEOPLE[0]] = said
    campaign(db_session, consultation)
    post(app)
    assert deliver(settings) == 5
    assert states(db_session)[PEOPLE[0]] == "refused"
    assert somebody(db_session, PEOPLE[0]).bounced_at is None
    assert db_session.scalars(select(Bounce.permanent)).one() is False
    postmaster.refuse.clear()
    assert post(app, DURING + MINUTE) == 0  # the same campaign never writes twice
    campaign(db_session, consultation)
    post(app, DURING + MINUTE)
    deliver(settings, DURING + MINUTE)
    assert postmaster.recipients.count(PEOPLE[0]) == 1


def test_greylisting_delays_and_loses_nobody(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    postmaster.refuse = dict.fromkeys(PEOPLE, "451 4.7.1 greylisted, come back later")
    campaign(db_session, consultation)
    post(app)
    assert deliver(settings) == 0
    assert states(db_session) == dict.fromkeys(PEOPLE, "posted")
    postmaster.refuse.clear()
    assert deliver(settings, DURING + RETRIES[0]) == 6
    assert Counter(postmaster.recipients) == Counter(PEOPLE)
    assert db_session.scalar(select(func.count(Bounce.id))) == 0


def test_an_address_greylisted_for_a_day_and_a_half_is_counted_and_tried_by_the_next_campaign(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    postmaster.refuse[PEOPLE[0]] = "451 4.3.0 try again"
    campaign(db_session, consultation)
    post(app)
    now = DURING
    for wait in (*RETRIES, timedelta()):
        deliver(settings, now)
        now += wait
    assert states(db_session)[PEOPLE[0]] == "given_up"
    person = somebody(db_session, PEOPLE[0])
    assert (person.bounced_at, person.temporary_bounces) == (None, 1)
    postmaster.refuse.clear()
    campaign(db_session, consultation, now=now)
    assert post(app, now) == 1
    assert deliver(settings, now) == 1


def test_a_connection_cut_in_the_middle_sends_to_everybody_once(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    postmaster.hang_up = 3
    campaign(db_session, consultation)
    post(app)
    assert deliver(settings) == 3
    assert deliver(settings, DURING + RETRIES[0]) == 3
    assert Counter(postmaster.recipients) == Counter(PEOPLE)
    assert states(db_session) == dict.fromkeys(PEOPLE, "sent")


def test_a_line_cut_in_the_middle_of_a_letter_sends_it_again_once(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    campaign(db_session, consultation)
    post(app)
    with guillotine() as (port, read):
        assert deliver(to_server(app, port)) == 0
    assert read == [200]
    assert states(db_session) == dict.fromkeys(PEOPLE, "posted")
    for minute in range(1, 4):
        deliver(settings, DURING + minute * MINUTE)
    assert Counter(postmaster.recipients) == Counter(PEOPLE)


def test_an_hour_without_a_mail_server_loses_nobody_and_ends_without_a_flood(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    rate(db_session, consultation, 2)
    campaign(db_session, consultation)
    nowhere = to_server(app, 1)
    assert [post(app, DURING + n * MINUTE) for n in range(3)] == [2, 0, 0]
    for minute in range(60):
        post(app, DURING + minute * MINUTE)
        assert deliver(nowhere, DURING + minute * MINUTE) == 0
    late = held_up(db_session, consultation.id, DURING + 60 * MINUTE)
    assert late is not None
    assert (late.number, late.shown, late.since) == (2, 0, DURING)
    assert late.said == "Le serveur de courrier refuse la connexion"

    arrived = []
    for minute in range(60, 68):
        post(app, DURING + minute * MINUTE)
        deliver(settings, DURING + minute * MINUTE)
        arrived.append(len(postmaster.recipients))
    assert arrived[-1] == 6
    assert all(after - before <= 2 for before, after in pairwise([0, *arrived]))
    assert Counter(postmaster.recipients) == Counter(PEOPLE)
    assert held_up(db_session, consultation.id, DURING + 70 * MINUTE) is None


def test_one_greylisted_address_does_not_hold_back_the_others(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    rate(db_session, consultation, 1)
    postmaster.refuse[PEOPLE[0]] = "451 4.7.1 greylisted"
    campaign(db_session, consultation)
    for minute in range(8):
        post(app, DURING + minute * MINUTE)
        deliver(settings, DURING + minute * MINUTE)
    assert Counter(postmaster.recipients) == Counter(PEOPLE[1:])
    late = held_up(db_session, consultation.id, DURING + 8 * MINUTE)
    assert late is not None and (late.number, late.shown) == (1, 1)


def test_a_server_out_of_reach_delays_everybody(
    app: Flask, db_session: Session, consultation, postmaster
) -> None:
    campaign(db_session, consultation)
    post(app)
    assert deliver(to_server(app, 1)) == 0
    with smtp_server(postmaster) as port:
        assert deliver(to_server(app, port), DURING + 2 * MINUTE) == 6


# --- two workers at once -------------------------------------------------------------------------


def test_two_workers_that_plan_at_the_same_moment_post_each_message_once(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    rate(db_session, consultation, 4)
    campaign(db_session, consultation)
    gate, totals = Barrier(3), []

    def work() -> None:
        gate.wait()
        with app.app_context():
            totals.append(post(app))
            deliver(settings)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(totals) == 4
    with app.app_context():
        post(app, DURING + MINUTE)
        deliver(settings, DURING + MINUTE)
    assert Counter(postmaster.recipients) == Counter(PEOPLE)


# --- trying on oneself ---------------------------------------------------------------------------


def test_two_workers_that_deliver_at_once_note_what_became_of_each_letter(
    app: Flask, db_session: Session, consultation, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(60):
        contact(db_session, consultation, f"crowd{number}@pole.example.org")
    campaign(db_session, consultation)
    for minute in (0, 1):
        post(app, DURING + minute * MINUTE)
    settings, start = app.extensions["settings"], Barrier(2)

    def work() -> None:
        with app.app_context():
            start.wait()
            deliver(settings, DURING + MINUTE)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(states(db_session).values()) == {"sent"}
    assert "was not noted" not in caplog.text


def test_claire_tries_the_letter_on_herself_alone(
    app: Flask, db_session: Session, consultation, settings, postmaster
) -> None:
    claire = cast.claire(db_session, consultation.id)
    made = campaign(db_session, consultation, planned=False)
    posting.post_test(db_session, made, consultation, claire, LINKS, DURING)
    db_session.commit()
    deliver(settings)
    [message] = postmaster.received
    assert message["To"] == claire.email
    assert message["Subject"].startswith("[Essai] ")
    assert "/invitation/" not in message.get_content()
    assert db_session.scalar(select(func.count(Sending.id))) == 0
