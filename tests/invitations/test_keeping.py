"""What the address books forget, and what they tell of a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.invitations import people
from consultation.invitations.actions import silence
from consultation.invitations.keeping import forget_what_is_over
from consultation.invitations.models import (
    Bounce,
    Contact,
    ContactImport,
    Invitation,
    Sending,
    Unsubscription,
)
from tests import cast
from tests.consultations.making import CLOSES, DURING, a_consultation
from tests.invitations.making import LINKS, contact, invite_all


@pytest.fixture
def nadia(app: Flask, db_session: Session) -> User:
    """Nadia, invited and written to."""
    consultation, user = a_consultation(db_session), cast.nadia(db_session)
    contact(db_session, consultation, user.email, organisation="Optique", user_id=user.id)
    contact(db_session, consultation, "direction@optique.example.org", user_id=user.id)
    invite_all(app, db_session, consultation)
    return user


def test_six_months_after_the_closing_nobody_is_known_but_who_asked_for_silence(
    db_session: Session, nadia: User
) -> None:
    person = db_session.scalars(select(Contact).where(Contact.email == nadia.email)).one()
    silence.unsubscribe(db_session, person, LINKS, everywhere=False, now=DURING)
    forget_what_is_over(db_session, CLOSES + timedelta(days=180))
    assert db_session.scalar(select(func.count(Contact.id))) == 2
    forget_what_is_over(db_session, CLOSES + timedelta(days=184))
    db_session.commit()
    for table in (Contact, Invitation, Sending, Bounce):
        assert db_session.scalar(select(func.count(table.id))) == 0
    assert db_session.scalar(select(func.count(Unsubscription.id))) == 1
    assert db_session.get(User, nadia.id) is not None


def test_a_file_never_confirmed_is_forgotten_the_next_day_and_a_report_in_a_month(
    db_session: Session,
) -> None:
    consultation = a_consultation(db_session)
    for done in (None, DURING):
        db_session.add(
            ContactImport(
                consultation_id=consultation.id,
                file_name="contacts.csv",
                data=b"x",
                report={},
                created_at=DURING,
                done_at=done,
            )
        )
    db_session.commit()
    left = []
    for days in (0, 2, 31):
        forget_what_is_over(db_session, DURING + timedelta(days=days))
        left.append(db_session.scalar(select(func.count(ContactImport.id))))
    assert left == [2, 1, 0]


def test_nadia_reads_what_is_known_of_her_and_has_it_erased(
    db_session: Session, nadia: User
) -> None:
    found = people.known_of(db_session, user_id=nadia.id, email=nadia.email)
    assert {entry["email"] for entry in found} == {nadia.email, "direction@optique.example.org"}
    assert found[0]["organisation"] == "Optique"
    assert [message["state"] for message in found[0]["messages"]] == ["sent"]
    people.forget(db_session, user_id=nadia.id, email=nadia.email)
    db_session.commit()
    assert people.known_of(db_session, user_id=nadia.id, email=nadia.email) == []
    assert db_session.scalar(select(func.count(Contact.id))) == 1


def test_an_erased_account_leaves_the_address_book_readable(
    db_session: Session, nadia: User
) -> None:
    db_session.delete(nadia)
    db_session.commit()
    assert set(db_session.scalars(select(Contact.user_id))) == {None}
