"""What moderators may decide and authors contest: the rules, without a database."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.comments.rules import GROUNDS, TRANSITIONS, may_become
from consultation.moderation import highlights, rules
from consultation.moderation.wording import ago_fr, delay_fr

NOW = datetime(2022, 8, 31, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Decided:
    outcome: str = "refused"
    moderator_id: int | None = 1
    decided_at: datetime = NOW


@dataclass(frozen=True)
class Claimed:
    moderator_id: int
    until: datetime


@pytest.mark.parametrize("state", TRANSITIONS)
@pytest.mark.parametrize("verdict", rules.VERDICTS)
def test_every_decision_leads_where_comments_may_go(state, verdict) -> None:
    outcome = rules.outcome(state, verdict)
    if state not in ("pending", "published"):
        assert outcome is None
    elif outcome not in ("kept", "second_opinion"):
        assert may_become(state, outcome)


@pytest.mark.parametrize("verdict", rules.VERDICTS)
@given(st.lists(st.sampled_from([*GROUNDS, "inconnu"])), st.sampled_from(["", "  ", "Pourquoi."]))
def test_an_author_is_always_told_why(verdict, grounds, message) -> None:
    known = all(ground in GROUNDS for ground in grounds)
    against = verdict in ("return", "refuse")
    told = (grounds or not against) and (message.strip() or verdict != "refuse")
    try:
        rules.check_reasons(verdict, grounds, message)
    except rules.Refused:
        assert not (known and told)
    else:
        assert known and told


@pytest.mark.parametrize(
    ("moment", "later"),
    [
        (datetime(2022, 2, 10, tzinfo=UTC), datetime(2022, 8, 10, tzinfo=UTC)),
        (datetime(2022, 8, 31, tzinfo=UTC), datetime(2023, 2, 28, tzinfo=UTC)),
        (datetime(2023, 8, 31, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC)),
        (datetime(2022, 12, 31, tzinfo=UTC), datetime(2023, 6, 30, tzinfo=UTC)),
    ],
)
def test_six_months_end_the_same_day_or_on_the_last_one(moment, later) -> None:
    assert rules.months_later(moment, 6) == later


def test_an_author_contests_once_in_six_months() -> None:
    until = rules.appeal_until(Decided())
    rules.check_appeal(Decided(), until, already=False)
    for wrong in (
        {"now": until + timedelta(seconds=1), "already": False},
        {"now": NOW, "already": True},
    ):
        with pytest.raises(rules.Refused):
            rules.check_appeal(Decided(), **wrong)
    with pytest.raises(rules.Refused):
        rules.check_appeal(Decided(outcome="published"), NOW, already=False)


def test_nobody_judges_their_own_decision_or_words() -> None:
    rules.check_judge(Decided(), author_id=3, judge_id=2)
    for author, judge in ((3, 1), (2, 2)):
        with pytest.raises(rules.ConflictError):
            rules.check_judge(Decided(), author_id=author, judge_id=judge)


def test_a_claim_is_a_colleagues_and_expires() -> None:
    claim = Claimed(1, NOW + rules.CLAIM)
    assert rules.is_taken(claim, 2, NOW)
    assert not rules.is_taken(claim, 1, NOW)
    assert not rules.is_taken(claim, 2, NOW + rules.CLAIM)
    assert not rules.is_taken(None, 2, NOW)


@given(st.lists(st.integers(0, 10**6)))
def test_the_median_is_that_of_the_books(values) -> None:
    expected = statistics.median(values) if values else None
    assert rules.median(sorted(values)) == expected


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, "aucun"),
        (5, "1\u00a0min"),
        (720, "12\u00a0min"),
        (19_200, "5\u00a0h\u00a020"),
        (200_000, "2\u00a0jours"),
    ],
)
def test_delays_are_written_shortly(seconds, written) -> None:
    assert delay_fr(seconds) == written


def test_how_long_ago() -> None:
    assert ago_fr(NOW, NOW) == "à l’instant"
    assert ago_fr(NOW - timedelta(minutes=2), NOW) == "il y a 2\u00a0min"


# --- highlights ----------------------------------------------------------------------------------


@given(st.text(max_size=300))
def test_what_is_pointed_at_changes_no_word(text) -> None:
    assert "".join(segment.text for segment in highlights.segments(text)) == text


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Écrivez à jean.duval@exemple.fr", "adresse électronique"),
        ("Voir https://exemple.fr/page", "lien"),
        ("Appelez le 06 12 34 56 78", "numéro de téléphone"),
        ("Le dossier de M. Duval", "nom de personne"),
        ("Une bande d’incapables", "vocabulaire dépréciatif"),
        ("ASSEZ DE TOUT CELA", "majuscules"),
    ],
)
def test_a_moderator_is_shown_what_to_read_twice(text, label) -> None:
    assert highlights.labels(text) == [label]


@pytest.mark.parametrize(
    "text",
    [
        "Trois dossiers pour un même projet : l’Europe, l’État, la Région.",
        "Les PME et les ETI de la région PACA, avec 12 500 emplois en 2019.",
        "Le budget de 06 millions suffit.",
    ],
)
def test_an_ordinary_comment_is_not_pointed_at(text) -> None:
    assert highlights.labels(text) == []
