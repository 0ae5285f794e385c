"""The actions of the accounts, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from consultation.accounts import actions, attempts, entry, queries, second_factor
from consultation.accounts.entry import Visit
from consultation.accounts.keeping import forget_what_is_over
from consultation.accounts.models import AttemptCount, Grant, SignInToken, User
from consultation.accounts.rules.refusal import Refusal
from consultation.accounts.vault import Vault
from consultation.audit.models import AuditEvent
from consultation.db import db
from consultation.mail.models import OutboxMessage
from tests import cast
from tests.journeys.visitors import code_in, link_in

NOW = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def vault(app: Flask) -> Vault:
    found: Vault = app.extensions["vault"]
    return found


def letter_to(session: Session, user: User) -> OutboxMessage:
    statement = select(OutboxMessage).where(OutboxMessage.recipient == user.email)
    return session.scalars(statement.order_by(OutboxMessage.id.desc())).first()  # type: ignore[return-value]


def ask(session: Session, vault: Vault, user: User, now: datetime = NOW) -> OutboxMessage:
    visit = Visit("browser", None, "http://localhost", now)
    entry.request_link(session, vault, visit, user.email)
    session.commit()
    return letter_to(session, user)


def test_giving_a_role_is_journalled_with_who_gave_it(db_session: Session) -> None:
    awa, emile = cast.awa(db_session), cast.emile(db_session)
    assert actions.grant_role(db_session, emile, "analyst", 3, actor_id=awa.id, now=NOW)
    assert not actions.grant_role(db_session, emile, "analyst", 3, actor_id=awa.id, now=NOW)
    [event] = db_session.scalars(
        select(AuditEvent).where(AuditEvent.verb == "grant", AuditEvent.at == NOW)
    )
    assert (event.actor_id, event.subject_id) == (awa.id, str(emile.id))
    assert (event.consultation_id, event.details) == (3, {"role": "analyst"})


def test_a_role_nobody_knows_is_a_mistake_of_the_caller(db_session: Session) -> None:
    emile = cast.emile(db_session)
    with pytest.raises(ValueError, match="king"):
        actions.grant_role(db_session, emile, "king", None, actor_id=None, now=NOW)


def test_the_same_role_on_the_site_cannot_be_stored_twice(db_session: Session) -> None:
    from sqlalchemy.exc import IntegrityError

    emile = cast.emile(db_session)
    for _ in range(2):
        db_session.add(Grant(user_id=emile.id, role="analyst", created_at=NOW))
    with pytest.raises(IntegrityError):
        db_session.flush()
    db_session.rollback()


def test_two_administrators_who_remove_each_other_do_not_leave_the_site_alone(
    app: Flask, db_session: Session
) -> None:
    awa, emile = cast.awa(db_session), cast.emile(db_session)
    actions.grant_role(db_session, emile, "administrator", None, actor_id=None, now=NOW)
    db_session.commit()
    factory, barrier = sessionmaker(db.engine), Barrier(2)
    refused: list[int] = []

    def remove(user_id: int) -> None:
        with factory() as session:
            user = queries.by_id(session, user_id)
            assert user is not None
            session.commit()
            user = queries.by_id(session, user_id)
            assert user is not None
            barrier.wait()
            try:
                actions.revoke_role(session, user, "administrator", None, actor_id=1, now=NOW)
                session.commit()
            except Refusal:
                refused.append(user_id)

    threads = [Thread(target=remove, args=(user.id,)) for user in (awa, emile)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db_session.expire_all()
    left = [user for user in (awa, emile) if user.holds("administrator")]
    assert len(left) == 1
    assert len(refused) == 1


def test_one_link_opens_one_session_even_when_pressed_twice_at_once(
    app: Flask, db_session: Session, vault: Vault
) -> None:
    letter = ask(db_session, vault, cast.emile(db_session))
    link = link_in(letter).rsplit("/", 1)[1]
    factory, barrier, found = sessionmaker(db.engine), Barrier(4), []

    def press() -> None:
        with factory() as session:
            barrier.wait()
            found.append(entry.use_link(session, vault, link, "browser", NOW) is not None)
            session.commit()

    threads = [Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, False, True]


def test_coming_in_closes_the_other_letters(db_session: Session, vault: Vault) -> None:
    emile = cast.emile(db_session)
    first = link_in(ask(db_session, vault, emile)).rsplit("/", 1)[1]
    second = link_in(ask(db_session, vault, emile)).rsplit("/", 1)[1]
    assert entry.use_link(db_session, vault, second, "browser", NOW) is not None
    assert entry.use_link(db_session, vault, first, "browser", NOW) is None


def test_a_link_and_its_code_die_together(db_session: Session, vault: Vault) -> None:
    emile = cast.emile(db_session)
    letter = ask(db_session, vault, emile)
    link, code = link_in(letter).rsplit("/", 1)[1], code_in(letter).replace(" ", "")
    late = NOW + timedelta(minutes=15)
    assert entry.use_link(db_session, vault, link, "browser", late) is None
    assert entry.use_code(db_session, vault, emile.email, code, "browser", late) is None


def test_one_code_of_the_telephone_opens_one_door(
    app: Flask, db_session: Session, vault: Vault
) -> None:
    awa, secret = cast.awa(db_session), second_factor.new_secret()
    early = NOW - timedelta(minutes=2)
    typed = pyotp.TOTP(secret).at(int(early.timestamp()))
    assert second_factor.enrol(db_session, vault, awa, secret, typed, early)
    db_session.commit()
    number, code = awa.id, pyotp.TOTP(secret).at(int(NOW.timestamp()))
    factory, barrier, found = sessionmaker(db.engine), Barrier(4), []

    def give() -> None:
        with factory() as session:
            user = queries.by_id(session, number)
            kept = queries.credential(session, number, "totp")
            assert user is not None and kept is not None
            session.commit()
            barrier.wait()
            found.append(second_factor._take_step(session, kept.id, int(NOW.timestamp()) // 30))
            session.commit()

    threads = [Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False, False, False, True]
    assert not second_factor.check(db_session, vault, awa, code, NOW)


def test_eight_wrong_passwords_at_once_count_as_eight(
    app: Flask, db_session: Session, vault: Vault
) -> None:
    factory, barrier = sessionmaker(db.engine), Barrier(8)

    def fail() -> None:
        with factory() as session:
            barrier.wait()
            attempts.count(session, vault.keys, [("password", "e@example.org")], NOW)
            session.commit()

    threads = [Thread(target=fail) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert db_session.scalar(select(AttemptCount.number)) == 8


def test_five_wrong_codes_void_the_letter_whoever_types_them(
    db_session: Session, vault: Vault
) -> None:
    emile = cast.emile(db_session)
    letter = ask(db_session, vault, emile)
    right = code_in(letter).replace(" ", "")
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        assert entry.use_code(db_session, vault, emile.email, wrong, "b", NOW) is None
    assert entry.use_code(db_session, vault, emile.email, right, "b", NOW) is None


def test_the_code_of_emile_does_not_open_the_account_of_nadia(
    db_session: Session, vault: Vault
) -> None:
    emile, nadia = cast.emile(db_session), cast.nadia(db_session)
    code = code_in(ask(db_session, vault, emile)).replace(" ", "")
    ask(db_session, vault, nadia)
    assert entry.use_code(db_session, vault, nadia.email, code, "b", NOW) is None
    found = entry.use_code(db_session, vault, emile.email, code, "b", NOW)
    assert found is not None and found.user.id == emile.id


def test_an_old_hash_is_made_again_at_the_next_sign_in(db_session: Session, vault: Vault) -> None:
    from argon2 import PasswordHasher

    emile = cast.emile(db_session)
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(cast.PASSWORD)
    actions.set_password(db_session, emile, old, NOW)
    assert entry.check_password(db_session, vault, emile.email, cast.PASSWORD, NOW) is emile
    stored = queries.credential(db_session, emile.id, "password")
    assert stored is not None and not vault.hashing.outdated(stored.secret)


def test_what_is_over_is_forgotten_and_the_rest_stays(db_session: Session, vault: Vault) -> None:
    emile = cast.emile(db_session)
    ask(db_session, vault, emile)
    actions.open_account(db_session, email="zoe@example.org", display_name="Zoé", now=NOW)
    forget_what_is_over(db_session, NOW + timedelta(hours=23))
    assert len(db_session.scalars(select(SignInToken)).all()) == 1
    forget_what_is_over(db_session, NOW + timedelta(days=8))
    db_session.commit()
    assert db_session.scalars(select(SignInToken)).all() == []
    assert db_session.scalars(select(AttemptCount)).all() == []
    assert db_session.scalars(select(User.email)).all() == ["emile@example.org"]


def test_the_number_of_an_erased_account_never_serves_again(db_session: Session) -> None:
    first = actions.open_account(db_session, email="a@example.org", display_name="A", now=NOW)
    number = first.id
    db_session.delete(first)
    db_session.commit()
    second = actions.open_account(db_session, email="b@example.org", display_name="B", now=NOW)
    assert second.id > number


def test_an_organisation_nobody_answers_for_is_erased(db_session: Session) -> None:
    nadia = cast.nadia(db_session)
    organisation = nadia.organisation
    assert organisation is not None
    number = organisation.id
    actions.change_profile(
        db_session,
        nadia,
        display_name="Nadia",
        actor_type="particulier",
        region_code="84",
        organisation=None,
        now=NOW,
    )
    db_session.commit()
    assert not queries.has_members(db_session, number)
    assert db_session.get(type(organisation), number) is None
