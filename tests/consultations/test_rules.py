"""When a consultation is open, what it promises: the rules, without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.consultations import notice, promises, wording
from consultation.consultations.curve import curve
from consultation.consultations.documents.rules import LONGEST_NAME, clean_name
from consultation.consultations.rules import (
    Refused,
    check_last_organiser,
    days_remaining,
    full_days,
    instant,
    phase,
)
from consultation.consultations.searching import Search
from consultation.lib.prose import paragraphs, prose
from consultation.web.typography import in_paris

moments = st.datetimes(datetime(2001, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC))


@dataclass(frozen=True)
class Fake:
    """A consultation as the rules see it."""

    state: str = "published"
    mode: str = "open"
    opens_at: datetime = datetime(2022, 1, 20, 8, 0, tzinfo=UTC)
    closes_at: datetime = datetime(2022, 3, 7, 17, 0, tzinfo=UTC)
    version_id: int | None = 1
    title: dict[str, str] | None = None
    purpose: str = "Objet"
    organiser: str = "Régions de France"
    audience: str = "Tous"
    outcome: str = "Synthèse"
    answers_visibility: str = "Non publiées"
    contact: str = "poles@example.org"
    privacy_notice: str = "Notice"
    recipients: str = "L’équipe"
    retention: str = "Un an"
    data_protection_contact: str = "dpo@example.org"
    legal_basis: str = "consent"
    minimum_organisations: int = 3
    minimum_individuals: int = 11
    dominance: float = 0.85
    target: int | None = None


POLES = Fake(title={"fr": "Les pôles"})
DURING = datetime(2022, 2, 1, tzinfo=UTC)


# --- open and closed -----------------------------------------------------------------------------


@given(moments, moments, moments)
def test_a_consultation_is_in_one_phase_and_goes_through_them_in_order(a, b, now) -> None:
    opens, closes = min(a, b), max(a, b) + timedelta(seconds=1)
    order = ["coming", "open", "closed"]
    seen = [
        order.index(phase(replace(POLES, opens_at=opens, closes_at=closes), m))
        for m in sorted([opens - timedelta(1), now, opens, closes, closes + timedelta(1)])
    ]
    assert seen == sorted(seen)
    assert phase(replace(POLES, state="draft"), now) == "draft"


@pytest.mark.parametrize(
    ("day", "winter"),
    [(date(2022, 3, 27), False), (date(2022, 10, 30), True)],
    ids=["clocks go forward", "clocks go back"],
)
def test_the_closing_holds_on_the_days_when_the_clocks_change(day, winter) -> None:
    closes = instant(day, time(23, 59, 59))
    assert closes == datetime(
        day.year, day.month, day.day, 22 if winter else 21, 59, 59, tzinfo=UTC
    )
    consultation = replace(POLES, closes_at=closes)
    assert phase(consultation, closes) == "open"
    assert phase(consultation, closes + timedelta(seconds=1)) == "closed"


def test_a_respondent_of_la_reunion_has_the_same_last_moment() -> None:
    closes = instant(date(2022, 3, 7), time(18))
    assert dict(wording.overseas(closes)) == {
        "Guadeloupe, Martinique": "7 mars 2022 à 13\u00a0h\u00a000",
        "Guyane": "7 mars 2022 à 14\u00a0h\u00a000",
        "La Réunion": "7 mars 2022 à 21\u00a0h\u00a000",
        "Mayotte": "7 mars 2022 à 20\u00a0h\u00a000",
    }


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (datetime(2022, 3, 6, 22, 59, tzinfo=UTC), 1),
        (datetime(2022, 3, 6, 23, 0, tzinfo=UTC), 0),
        (datetime(2022, 3, 9, tzinfo=UTC), 0),
        (datetime(2022, 2, 23, 12, 0, tzinfo=UTC), 12),
    ],
)
def test_the_days_left_are_those_of_the_paris_calendar(now, days) -> None:
    assert days_remaining(POLES, now) == days


@given(st.dates(date(2001, 1, 1), date(2099, 12, 30)), st.times())
def test_an_hour_typed_in_paris_is_read_back_or_refused(day, hour) -> None:
    try:
        moment = instant(day, hour)
    except ValueError:
        assert hour.hour == 2
        return
    local = in_paris(moment)
    assert (local.date(), local.time()) == (day, hour)


@given(st.dates(date(2001, 1, 1), date(2099, 12, 30)), st.times())
def test_the_second_time_is_never_before_the_first(day, hour) -> None:
    try:
        first, last = instant(day, hour), instant(day, hour, last=True)
    except ValueError:
        return
    assert last - first in (timedelta(), timedelta(hours=1))
    assert in_paris(last).replace(tzinfo=None) == in_paris(first).replace(tzinfo=None)


def test_an_hour_that_exists_twice_opens_the_first_time_and_closes_the_second() -> None:
    night = date(2022, 10, 30)
    assert instant(night, time(2, 30)) == datetime(2022, 10, 30, 0, 30, tzinfo=UTC)
    assert instant(night, time(2, 30), last=True) == datetime(2022, 10, 30, 1, 30, tzinfo=UTC)
    closes = instant(night, time(2, 30), last=True)
    at_first_half_past_two = datetime(2022, 10, 30, 0, 30, 1, tzinfo=UTC)
    assert phase(replace(POLES, closes_at=closes), at_first_half_past_two) == "open"


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    for last in (False, True):
        with pytest.raises(ValueError):
            instant(date(2022, 3, 27), time(2, 30), last=last)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31), date(2101, 1, 1), date.max])
def test_nobody_means_these_years(day) -> None:
    with pytest.raises(ValueError):
        instant(day, time(12))


# --- promises ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("last", "refused"), [(15, True), (16, False)])
def test_replacing_a_commission_takes_fifteen_full_days(last, refused) -> None:
    opens = instant(date(2022, 3, 1), time(9))
    closes = instant(date(2022, 3, last), time(9))
    assert bool(promises.wrong_dates("commission", opens, closes)) == refused
    assert promises.wrong_dates("open", opens, closes) == []
    assert promises.is_short(opens, closes) == refused


def test_the_fifteen_days_of_a_commission_begin_when_the_public_may_know() -> None:
    opens, closes = DURING - timedelta(days=30), DURING + timedelta(days=15)
    one = replace(POLES, mode="commission", opens_at=opens, closes_at=closes)
    late = DURING + timedelta(seconds=1)
    assert promises.missing(one, promises.COMMISSION_DOCUMENTS, DURING) == []
    [refused] = promises.missing(one, promises.COMMISSION_DOCUMENTS, late)
    assert (refused.field, "entre aujourd’hui et la clôture" in refused.sentence) == (
        "closes_at",
        True,
    )

    announced = replace(POLES, mode="commission", opens_at=DURING + timedelta(days=5))
    promises.check_schedule(announced, "commission", opens, closes, DURING)
    with pytest.raises(Refused, match="15 jours pleins"):
        promises.check_schedule(announced, "commission", opens, closes, late)
    promises.check_schedule(replace(announced, state="draft"), "commission", opens, closes, late)


def test_an_announced_consultation_is_not_moved_into_the_past() -> None:
    announced = replace(POLES, opens_at=DURING + timedelta(days=5))
    with pytest.raises(Refused, match="dans l’avenir"):
        promises.check_schedule(
            announced, "open", DURING - timedelta(days=9), DURING - timedelta(days=1), DURING
        )


@dataclass(frozen=True)
class Dates:
    """What the public is told of a schedule."""

    mode: str = "open"
    opens_at: datetime = POLES.opens_at
    closes_at: datetime = POLES.closes_at
    results_on: date | None = None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (Dates(), Dates(), []),
        (Dates(), Dates("commission"), ["Cette consultation remplace désormais l’avis"]),
        (Dates("commission"), Dates(), ["Cette consultation ne remplace plus l’avis"]),
        (Dates(), Dates(opens_at=DURING), ["Nouvelles dates\u00a0: du 1er février 2022"]),
        (Dates(), Dates(results_on=date(2022, 4, 1)), ["Publication des résultats\u00a0: le 1er"]),
        (Dates(results_on=date(2022, 4, 1)), Dates(), ["Publication des résultats\u00a0: date à"]),
        (Dates("commission"), Dates(closes_at=DURING), ["Cette consultation", "Nouvelles dates"]),
    ],
)
def test_the_public_is_told_of_each_promise_that_changes_and_of_no_other(
    before: Dates, after: Dates, said: list[str]
) -> None:
    news = wording.schedule_news(before, after)
    assert [sentence.startswith(start) for sentence, start in zip(news, said, strict=True)] == [
        True for _ in said
    ]


def test_fifteen_days_are_counted_on_the_clocks() -> None:
    opens, closes = instant(date(2022, 3, 20), time(9)), instant(date(2022, 4, 4), time(9))
    assert (closes - opens) < timedelta(days=15)
    assert full_days(opens, closes) == 15


def test_a_consultation_that_says_everything_can_be_published() -> None:
    assert promises.missing(POLES, ["other"], DURING) == []


@pytest.mark.parametrize("field", promises._TEXTS)
def test_publication_is_refused_with_the_name_of_what_is_empty(field) -> None:
    lacking = promises.missing(
        replace(POLES, **{field: {"en": "Clusters"} if field == "title" else " "}),
        ["other"],
        DURING,
    )
    assert [refused.field for refused in lacking] == [field]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"version_id": None}, "version_id"),
        ({"closes_at": POLES.opens_at}, "closes_at"),
        ({"closes_at": DURING - timedelta(hours=1)}, "closes_at"),
    ],
)
def test_publication_needs_a_questionnaire_and_a_future(change, field) -> None:
    lacking = promises.missing(replace(POLES, **change), ["other"], DURING)
    assert {refused.field for refused in lacking} == {field}


def test_a_commission_is_replaced_with_its_three_documents() -> None:
    commission = replace(POLES, mode="commission")
    lacking = promises.missing(commission, ["draft_act", "other"], DURING)
    assert [refused.sentence for refused in lacking] == [
        "Ajoutez le document\u00a0: décision d’organiser la consultation",
        "Ajoutez le document\u00a0: note de présentation",
    ]
    assert promises.missing(commission, list(promises.COMMISSION_DOCUMENTS), DURING) == []
    assert [r.field for r in promises.missing(POLES, [], DURING)] == ["documents"]


@given(st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_an_open_consultation_only_gets_longer(change) -> None:
    closes = POLES.closes_at + change
    if change > timedelta(0):
        promises.check_extension(POLES, closes, DURING)
    else:
        with pytest.raises(Refused, match="raccourcie"):
            promises.check_extension(POLES, closes, DURING)


@pytest.mark.parametrize("now", [POLES.opens_at - timedelta(1), POLES.closes_at + timedelta(1)])
def test_only_an_open_consultation_is_extended(now) -> None:
    with pytest.raises(Refused, match="ouverte"):
        promises.check_extension(POLES, POLES.closes_at + timedelta(days=9), now)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0, 1), st.booleans())
def test_thresholds_never_protect_less(organisations, individuals, dominance, promised) -> None:
    current = replace(POLES, minimum_organisations=5, minimum_individuals=15, dominance=0.8)
    floor = (5, 15, 0.8) if promised else (3, 11, 0.85)
    fine = organisations >= floor[0] and individuals >= floor[1] and 0.5 <= dominance <= floor[2]
    try:
        promises.check_thresholds(current, organisations, individuals, dominance, promised=promised)
    except Refused:
        assert not fine
    else:
        assert fine


def test_one_organiser_stays() -> None:
    check_last_organiser("organiser", 2)
    check_last_organiser("moderator", 1)
    with pytest.raises(Refused):
        check_last_organiser("organiser", 1)


# --- the notice ----------------------------------------------------------------------------------


def test_rights_follow_the_legal_basis() -> None:
    assert "portabilité" in notice.rights("consent")
    assert "retirer votre consentement" in notice.rights("consent")
    for basis in ("legitimate_interest", "public_task"):
        assert "portabilité" not in notice.rights(basis)
        assert "vous opposer" in notice.rights(basis)


def test_the_notice_has_nine_items_and_none_is_empty() -> None:
    items = notice.privacy_notice(POLES)
    assert len(items) == 9
    assert all(text for _, text in items)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "dates", "state"),
    [
        (date(2022, 1, 12), date(2022, 3, 11), "Du 12 janvier 2022 au 11 mars 2022", "now"),
        (date(2021, 11, 1), date(2021, 12, 31), "Du 1er novembre 2021 au 31 décembre 2021", "done"),
        (date(2022, 4, 15), None, "À partir du 15 avril 2022", "later"),
        (date(2022, 1, 1), None, "À partir du 1er janvier 2022", "now"),
        (None, date(2022, 5, 1), "Jusqu’au 1er mai 2022", "now"),
        (date(2022, 6, 1), date(2022, 6, 1), "Le 1er juin 2022", "later"),
        (None, None, "Date à préciser", "later"),
    ],
)
def test_a_milestone_is_dated_and_placed(starts, ends, dates, state) -> None:
    @dataclass(frozen=True)
    class Step:
        starts_on: date | None
        ends_on: date | None

    step = Step(starts, ends)
    assert wording.step_dates(step) == dates
    assert wording.step_state(step, date(2022, 2, 1)) == state


def test_small_words() -> None:
    assert wording.list_fr(["objet"]) == "objet"
    assert wording.list_fr(["objet", "contact", "thème"]) == "objet, contact et thème"
    assert wording.one_line("- Pôles ;\n- Entreprises\n\nTous") == "Pôles, Entreprises, Tous"
    assert wording.file_type("note.pdf") == "PDF"
    assert wording.file_type("note") == "Fichier"


@given(st.text(max_size=400))
def test_a_file_name_is_short_and_harmless(name) -> None:
    cleaned = clean_name(name)
    assert len(cleaned) <= LONGEST_NAME
    assert cleaned.isprintable()
    assert "/" not in cleaned and "\\" not in cleaned


def test_the_path_of_a_windows_file_is_left_out() -> None:
    assert clean_name("C:\\docs\\Bilan été.pdf") == "Bilan été.pdf"


@given(st.text(max_size=200))
def test_prose_never_lets_markup_through(text) -> None:
    html = str(prose(text))
    assert set(re.findall(r"</?(\w+)", html)) <= {
        "p",
        "ul",
        "ol",
        "li",
        "em",
        "strong",
        "a",
        "br",
        "code",
    }
    assert not any("script:" in href for href in re.findall(r'href="([^"]*)"', html))


def test_prose_makes_lists_links_and_nothing_else() -> None:
    html = str(prose("Deux points :\n\n- un\n- deux\n\n[ici](https://example.org) <b>non</b>"))
    assert "<li>un</li>" in html
    assert '<a href="https://example.org">ici</a>' in html
    assert "&lt;b&gt;" in html
    assert "<a" not in str(prose("[piège](javascript:alert(1))"))
    assert paragraphs("un\n\n\n deux\n") == ["un", " deux"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "poles"}, True),
        ({"q": "PÔLES avenir"}, True),
        ({"q": "poles vélo"}, False),
        ({"etat": "open"}, True),
        ({"etat": "closed"}, False),
        ({"q": "clusters", "etat": "open"}, True),
        ({"etat": "n’importe quoi"}, True),
    ],
)
def test_a_search_by_words_and_state(asked, found) -> None:
    @dataclass(frozen=True)
    class Listed:
        title: dict[str, str]
        summary: dict[str, str]
        theme: str

    listed = Listed({"fr": "L’avenir des pôles", "en": "Clusters"}, {}, "Économie")
    assert Search.read(asked).finds(listed, "open") == found


# --- the curve -----------------------------------------------------------------------------------


@given(
    st.dictionaries(st.dates(date(2022, 1, 10), date(2022, 3, 20)), st.integers(0, 5000)),
    st.none() | st.integers(1, 100_000),
)
def test_the_curve_rises_to_what_was_sent(sent, target) -> None:
    period = replace(POLES, target=target)
    drawn = curve(sorted(sent.items()), period, datetime(2022, 3, 1, tzinfo=UTC))
    totals = [total for _, total in drawn.totals]
    assert totals == sorted(totals)
    assert totals[-1] == sum(n for day, n in sent.items() if day <= date(2022, 3, 1))
    assert drawn.levels[0] >= max(totals[-1], target or 0)
    assert drawn.levels[-1] == 0
    heights = [float(point.split(",")[1]) for point in drawn.line[1:].split(" L")]
    assert all(0 <= height <= 100 for height in heights)
    assert drawn.days[0] == "20 janv." and drawn.days[-1] == "7 mars"
