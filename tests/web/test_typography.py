"""French typography, by example and by property."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.web.typography import (
    FILTERS,
    NBSP,
    PARIS,
    bytes_fr,
    date_fr,
    moment_fr,
    number_fr,
    percent_fr,
    plural,
    spaced,
    time_fr,
)

moments = st.datetimes(
    min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
)


def test_a_day_is_written_in_words() -> None:
    assert date_fr(date(2022, 3, 11)) == "11 mars 2022"
    assert date_fr(date(2022, 8, 1)) == "1er août 2022"


def test_the_closing_moment_is_written_on_the_clocks_of_paris() -> None:
    closing = datetime(2022, 3, 11, 17, 0, tzinfo=UTC)
    assert moment_fr(closing) == f"11 mars 2022 à 18{NBSP}h{NBSP}00"
    assert time_fr(closing + timedelta(minutes=5)) == f"18{NBSP}h{NBSP}05"


def test_a_late_evening_in_guadeloupe_is_already_tomorrow_in_paris() -> None:
    guadeloupe = timezone(timedelta(hours=-4))
    assert date_fr(datetime(2022, 3, 10, 23, 30, tzinfo=guadeloupe)) == "11 mars 2022"


@pytest.mark.parametrize(
    ("utc", "paris"), [((2022, 3, 27, 0, 59), "1 59"), ((2022, 3, 27, 1, 0), "3 00")]
)
def test_the_hour_jumps_on_the_night_the_clock_changes(utc, paris) -> None:
    hour, minute = paris.split()
    assert time_fr(datetime(*utc, tzinfo=UTC)) == f"{hour}{NBSP}h{NBSP}{minute}"


def test_an_hour_that_comes_twice_says_which_of_the_two_it_is() -> None:
    first, second = (datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert moment_fr(first) == f"31 octobre 2027 à 2{NBSP}h{NBSP}30, heure d’été"
    assert moment_fr(second) == f"31 octobre 2027 à 2{NBSP}h{NBSP}30, heure d’hiver"
    assert time_fr(second + timedelta(minutes=30)) == f"3{NBSP}h{NBSP}00"
    assert time_fr(first - timedelta(minutes=31)) == f"1{NBSP}h{NBSP}59"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_fr(datetime(2022, 3, 11, 18, 0))


@given(moments)
def test_every_moment_is_read_back_to_the_minute(moment) -> None:
    words = re.split(rf"[ {NBSP}]", moment_fr(moment))
    local = moment.astimezone(PARIS)
    assert int(words[0].removesuffix("er")) == local.day
    assert int(words[2]) == local.year
    assert (int(words[4]), int(words[6].rstrip(","))) == (local.hour, local.minute)


def test_numbers_are_written_as_in_france() -> None:
    assert number_fr(1284) == f"1{NBSP}284"
    assert number_fr(1250.5, 1) == f"1{NBSP}250,5"
    assert number_fr(-12) == "\u221212"
    assert number_fr(-0.2) == "0"
    assert percent_fr(64) == f"64{NBSP}%"
    assert plural(0, "réponse", "réponses") == f"0{NBSP}réponse"
    assert plural(1, "réponse", "réponses") == f"1{NBSP}réponse"
    assert plural(2, "réponse", "réponses") == f"2{NBSP}réponses"
    assert plural(1284, "réponse", "réponses") == f"1{NBSP}284{NBSP}réponses"
    assert bytes_fr(1) == f"1{NBSP}octet"
    assert bytes_fr(12_400) == f"12{NBSP}ko"
    assert bytes_fr(1_400_000) == f"1,4{NBSP}Mo"


@given(st.integers(-(10**15), 10**15))
def test_every_whole_number_is_read_back(number) -> None:
    text = number_fr(number)
    assert int(text.replace(NBSP, "").replace("\u2212", "-")) == number
    assert all(len(group) == 3 for group in text.split(NBSP)[1:])


@given(st.decimals(-(10**9), 10**9, places=3), st.integers(0, 3))
def test_a_decimal_number_is_read_back_to_its_last_digit(number, decimals) -> None:
    text = number_fr(float(number), decimals)
    value = float(text.replace(NBSP, "").replace("\u2212", "-").replace(",", "."))
    assert abs(value - float(number)) <= 0.5001 * 10**-decimals
    assert not (value == 0 and "\u2212" in text)


def test_the_spaces_of_a_sentence_are_set() -> None:
    assert spaced("Oui ! « Non » ?") == f"Oui{NBSP}! «{NBSP}Non{NBSP}»{NBSP}?"
    assert spaced("Combien? Trop!") == f"Combien{NBSP}? Trop{NBSP}!"
    assert spaced("64 % des voix : oui") == f"64{NBSP}% des voix{NBSP}: oui"
    assert spaced("«Bonjour»") == f"«{NBSP}Bonjour{NBSP}»"


@pytest.mark.parametrize(
    "text", ["https://exemple.fr/a?b=c;d", "à 18:00", "prenom.nom@organisme.fr", ""]
)
def test_an_address_or_an_hour_is_left_alone(text) -> None:
    assert spaced(text) == text


@given(st.text(alphabet="abé 0«»:;?!%€\u00a0\u202f.,()/", max_size=60))
def test_setting_the_spaces_twice_changes_nothing(text) -> None:
    once = spaced(text)
    assert spaced(once) == once
    assert "\u202f" not in once
    assert not re.search(r" [:;?!»%€]", once)
    blanks = dict.fromkeys(map(ord, f" {NBSP}\u202f"))
    assert once.translate(blanks) == text.translate(blanks)


@given(moments, st.integers(0, 10**9))
def test_no_filter_ever_writes_a_space_that_the_fonts_lack(moment, number) -> None:
    written = [
        *(FILTERS[name](moment) for name in ("date_fr", "time_fr", "moment_fr", "utc")),
        *(FILTERS[name](number) for name in ("number_fr", "percent_fr", "bytes_fr")),
    ]
    assert not any("\u202f" in text or "\u2009" in text for text in written)
