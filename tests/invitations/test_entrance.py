"""What a personal link opens: nobody enters the account of somebody else by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consultation.invitations.rules.entrance import Account, Link, entrance, may_join

NOW = datetime(2022, 2, 10, 10, 0, tzinfo=UTC)
moments = st.none() | st.integers(-3, 3).map(lambda hours: NOW + timedelta(hours=hours))
links = st.builds(
    Link,
    revoked=st.booleans(),
    phase=st.sampled_from(["draft", "coming", "open", "closed"]),
    user_id=st.sampled_from([None, 1, 2]),
    made=st.booleans(),
    entered_at=moments,
)
accounts = st.none() | st.builds(
    Account,
    id=st.just(1),
    confirmed=st.booleans(),
    has_password=st.booleans(),
    has_second_factor=st.booleans(),
    has_role=st.booleans(),
    last_sign_in_at=moments,
)
visitors = st.sampled_from([None, 1, 2])
keeps = st.sampled_from([None, True, False])


@given(links, accounts, visitors, keeps)
def test_the_link_alone_never_opens_an_account_that_something_else_protects(
    link, account, visitor, keeps_own
) -> None:
    outcome = entrance(link, account, visitor, keeps_own=keeps_own)
    if account is None or not account.confirmed or outcome not in ("open", "enter"):
        return
    assert outcome == "enter"
    assert not (account.has_password or account.has_second_factor or account.has_role)
    assert link.made and link.user_id == account.id


@given(links, accounts, visitors, keeps)
def test_an_account_with_a_password_is_entered_by_a_letter_or_by_its_owner(
    link, account, visitor, keeps_own
) -> None:
    if account is None or not (account.confirmed and account.has_password):
        return
    outcome = entrance(link, account, visitor, keeps_own=keeps_own)
    if outcome == "join":
        assert visitor is not None
    else:
        assert outcome in ("over", "choose", "confirm")


@given(links, accounts, visitors, keeps)
def test_a_person_who_came_in_by_another_way_since_keeps_the_account_to_themselves(
    link, account, visitor, keeps_own
) -> None:
    since = account and account.last_sign_in_at and link.entered_at
    if since and account.last_sign_in_at > link.entered_at:
        outcome = entrance(link, account, visitor, keeps_own=keeps_own)
        assert outcome != "enter"


@given(links, accounts, visitors, keeps)
def test_a_link_that_is_over_opens_nothing(link, account, visitor, keeps_own) -> None:
    if link.revoked or link.phase in ("closed", "draft"):
        assert entrance(link, account, visitor, keeps_own=keeps_own) == "over"
    else:
        assert entrance(link, account, visitor, keeps_own=keeps_own) != "over"


@given(links, accounts, visitors)
def test_somebody_signed_in_is_never_replaced_without_a_word(link, account, visitor) -> None:
    outcome = entrance(link, account, visitor, keeps_own=None)
    if visitor is not None:
        assert outcome in ("over", "join", "choose")
    if outcome == "join":
        assert account is not None and visitor == account.id


@given(links, accounts, visitors, keeps)
def test_a_link_already_joined_to_somebody_is_not_joined_to_a_third_person(
    link, account, visitor, keeps_own
) -> None:
    outcome = entrance(link, account, visitor, keeps_own=keeps_own)
    if outcome == "join" and (account is None or visitor != account.id):
        assert may_join(link, visitor)
        assert link.user_id in (None, visitor)


@given(links, accounts)
def test_a_staff_account_is_never_opened_by_a_link(link, account) -> None:
    if account is not None and account.has_role:
        assert entrance(link, account, None, keeps_own=None) in ("over", "confirm")


def test_a_newcomer_enters_and_comes_back_by_the_same_link() -> None:
    link = Link(revoked=False, phase="open")
    assert entrance(link, None, None, keeps_own=None) == "open"
    link = Link(revoked=False, phase="open", user_id=1, made=True, entered_at=NOW)
    account = Account(id=1, last_sign_in_at=NOW)
    assert entrance(link, account, None, keeps_own=None) == "enter"


def test_an_account_older_than_the_invitation_asks_for_a_letter_even_without_a_password() -> None:
    link = Link(revoked=False, phase="open")
    assert entrance(link, Account(id=1), None, keeps_own=None) == "confirm"


def test_an_account_that_nobody_confirmed_is_taken() -> None:
    link = Link(revoked=False, phase="open")
    unconfirmed = Account(id=1, confirmed=False, has_password=True)
    assert entrance(link, unconfirmed, None, keeps_own=None) == "open"
