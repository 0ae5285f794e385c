"""What a personal link opens: nobody enters the account of somebody else by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product

from consultation.invitations.rules.entrance import (
    Account,
    Entrance,
    Link,
    entrance,
    may_join,
)

NOW = datetime(2022, 2, 10, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
YES_NO = (True, False)
LINKS = [
    Link(*chosen)
    for chosen in product(
        YES_NO, ("draft", "coming", "open", "closed"), (None, 1, 2), YES_NO, (None, NOW)
    )
]
ACCOUNTS = [
    None,
    *(
        Account(1, *chosen)
        for chosen in product(YES_NO, YES_NO, YES_NO, YES_NO, (None, NOW - HOUR, NOW, NOW + HOUR))
    ),
]
Case = tuple[Link, Account | None, int | None, Entrance]


def cases(keeps_own: tuple[bool | None, ...] = (None, True, False)) -> Iterator[Case]:
    """Yield every situation, who is signed in (1 owns the invited address), and what happens."""
    for link, account, visitor, keeps in product(LINKS, ACCOUNTS, (None, 1, 2), keeps_own):
        yield link, account, visitor, entrance(link, account, visitor, keeps_own=keeps)


def test_the_link_alone_never_opens_an_account_that_something_else_protects() -> None:
    for link, account, _, outcome in cases():
        if account is not None and account.confirmed and outcome in ("open", "enter"):
            assert outcome == "enter"
            assert not (account.has_password or account.has_second_factor or account.has_role)
            assert link.made and link.user_id == account.id


def test_an_account_with_a_password_is_entered_by_a_letter_or_by_its_owner() -> None:
    for _, account, visitor, outcome in cases():
        if account is not None and account.confirmed and account.has_password:
            assert outcome in ("over", "choose", "confirm") or visitor is not None
            assert outcome != "enter"


def test_a_person_who_came_in_by_another_way_since_keeps_the_account_to_themselves() -> None:
    for link, account, _, outcome in cases():
        if account and account.last_sign_in_at and link.entered_at:
            assert outcome != "enter" or account.last_sign_in_at <= link.entered_at


def test_a_link_that_is_over_opens_nothing_and_the_others_do_something() -> None:
    for link, _, _, outcome in cases():
        over = link.revoked or link.phase in ("closed", "draft")
        assert (outcome == "over") == over


def test_somebody_signed_in_is_never_replaced_without_a_word() -> None:
    for _, account, visitor, outcome in cases(keeps_own=(None,)):
        assert visitor is None or outcome in ("over", "join", "choose")
        if outcome == "join":
            assert account is not None and visitor == account.id


def test_a_link_already_joined_to_somebody_is_not_joined_to_a_third_person() -> None:
    for link, account, visitor, outcome in cases():
        if outcome == "join" and (account is None or visitor != account.id):
            assert visitor is not None and may_join(link, visitor)
            assert link.user_id in (None, visitor)


def test_a_staff_account_is_never_opened_by_a_link() -> None:
    for _, account, visitor, outcome in cases():
        if account is not None and account.has_role and visitor is None:
            assert outcome in ("over", "confirm")


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
