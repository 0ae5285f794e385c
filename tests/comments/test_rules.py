"""What a comment may hold and who sees it: the rules, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.comments import rules

NOW = datetime(2022, 2, 10, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Fake:
    state: str
    published_at: datetime | None


@given(st.text(max_size=300))
def test_a_kept_text_is_clean_whatever_was_typed(typed) -> None:
    try:
        text = rules.clean_text(typed)
    except rules.Refused:
        return
    assert text == rules.clean_text(text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not any(sign in text for sign in "\u202e\u200b\u2066\0\r\t")


def test_a_text_of_two_thousand_characters_and_no_more() -> None:
    assert len(rules.clean_text("é" * 2000)) == 2000
    with pytest.raises(rules.Refused, match="2\u00a0000"):
        rules.clean_text("é" * 2001)


def test_paragraphs_are_kept() -> None:
    assert rules.clean_text(" Un.  \n\n\n\n Deux   mots.\n") == "Un.\n\nDeux mots."


@pytest.mark.parametrize("state", rules.TRANSITIONS)
@pytest.mark.parametrize("published", [None, NOW])
def test_nobody_but_the_author_reads_what_is_not_published(state, published) -> None:
    seen = rules.look(Fake(state, published), by_author=False)
    assert (seen == "text") == (state == "published")
    if state in ("refused", "removed"):
        assert seen == "placeholder"
    if state in ("pending", "returned", "unconfirmed") and published is None:
        assert seen == "nothing"


@pytest.mark.parametrize("state", ["pending", "returned", "refused", "removed", "published"])
def test_authors_read_their_own_words(state) -> None:
    assert rules.look(Fake(state, None), by_author=True) == "text"


@given(st.integers(0, 100))
def test_thirty_seconds_pass_between_two_comments(seconds) -> None:
    now = NOW + timedelta(seconds=seconds)
    if seconds >= 30:
        rules.check_pace(NOW, now)
    else:
        with pytest.raises(rules.TooFastError) as error:
            rules.check_pace(NOW, now)
        assert error.value.seconds == 30 - seconds
    rules.check_pace(None, now)


@pytest.mark.parametrize("mode", ["closed", "members", "visitors"])
@pytest.mark.parametrize("phase", ["draft", "coming", "open", "closed"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_comments_are_open_to_whom_it_was_decided_during_the_consultation(
    mode, phase, signed_in
) -> None:
    fine = phase == "open" and (mode == "visitors" or (mode == "members" and signed_in))
    try:
        rules.check_open(mode, phase, signed_in=signed_in)
    except rules.Refused:
        assert not fine
    else:
        assert fine


@given(st.text(min_size=1), st.integers(1), st.emails(), st.text())
def test_only_the_letter_opens_a_visitors_page(key, number, email, other) -> None:
    token = rules.visitor_token(key, number, email)
    assert rules.is_visitor_token(token, key, number, email)
    assert not rules.is_visitor_token(other, key, number, email) or other == token
    assert not rules.is_visitor_token(token, key, number + 1, email)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_forged_ticket_is_worth_nothing(value) -> None:
    good = rules.ticket("key", NOW, "abc")
    assert rules.shown_at(good, "key") == NOW
    assert rules.shown_at(good, "other key") is None
    assert rules.shown_at(value, "key") is None or value == good


def test_an_author_may_send_again_what_was_not_accepted() -> None:
    assert {s for s in rules.TRANSITIONS if rules.may_edit(s)} == {"returned", "refused", "removed"}
    assert all(rules.may_become(state, "pending") for state in ("returned", "refused", "removed"))
    assert not rules.may_become("published", "pending")
