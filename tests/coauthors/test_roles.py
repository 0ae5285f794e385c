"""Who signs and who may go, said by the rules alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.coauthors.rules import roles
from consultation.coauthors.rules.joining import (
    clean_domain,
    default_domain,
    joins_by_domain,
    public_domains,
)
from consultation.coauthors.rules.roles import Member
from consultation.consultations.rules import Refused

DAY = datetime(2022, 2, 1, tzinfo=UTC)
MEMBERS = st.builds(
    Member,
    st.integers(1, 6),
    st.sampled_from(["signatory", "author"]),
    st.integers(0, 9).map(lambda n: DAY + timedelta(days=n)),
)
TEAMS = st.lists(MEMBERS, max_size=6, unique_by=lambda one: one.user_id)


@given(TEAMS, st.integers(1, 6), st.booleans())
def test_whoever_may_leave_leaves_a_signatory_behind(team, user_id: int, sent: bool) -> None:
    others = [one for one in team if one.user_id != user_id]
    try:
        roles.check_parting(team, user_id, sent=sent)
    except Refused:
        assert not others or all(one.role == "author" for one in others)
        return
    assert any(one.role == "signatory" for one in others) or (not others and not sent)


@given(TEAMS)
def test_the_oldest_takes_the_signature_only_when_nobody_has_it(team) -> None:
    chosen = roles.successor(team)
    if chosen is None:
        assert not team or any(one.role == "signatory" for one in team)
    else:
        assert chosen == min(team, key=lambda one: (one.joined_at, one.user_id)).user_id


def test_nadia_signs_when_nobody_is_left_and_writes_otherwise() -> None:
    assert roles.entering_role([]) == "signatory"
    assert roles.entering_role([Member(1, "signatory", DAY)]) == "author"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", None),
        ("  ", None),
        ("Organisme.FR", "organisme.fr"),
        ("@organisme.fr ", "organisme.fr"),
        ("équipement.fr", "équipement.fr"),
    ],
)
def test_a_domain_has_one_form(typed: str, kept: str | None) -> None:
    assert clean_domain(typed) == kept


@pytest.mark.parametrize(
    "typed", ["gmail.com", "ORANGE.fr", "@laposte.net", "organisme", "a b.fr", "x@y.fr", "é" * 400]
)
def test_a_domain_that_is_not_an_organisation_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_domain(typed)
    assert refused.value.field == "domain"


def test_the_public_domains_are_written_as_addresses_are() -> None:
    listed = public_domains()
    assert {"gmail.com", "orange.fr", "laposte.net", "outlook.com", "free.fr"} <= listed
    assert all(one == one.lower().strip() and "." in one for one in listed)
    assert default_domain("nadia@gmail.com") is None
    assert default_domain("nadia@optique.fr") == "optique.fr"


def test_only_a_confirmed_address_of_the_very_domain_opens() -> None:
    assert joins_by_domain("optique.fr", "emile@optique.fr", confirmed=True)
    assert not joins_by_domain("optique.fr", "emile@optique.fr", confirmed=False)
    assert not joins_by_domain("optique.fr", "emile@mail.optique.fr", confirmed=True)
    assert not joins_by_domain("optique.fr", "emile@fausse-optique.fr", confirmed=True)
    assert not joins_by_domain(None, "emile@optique.fr", confirmed=True)
    assert not joins_by_domain("", "emile@", confirmed=True)
