"""What conditions are worth for the answers that people give, and do not give."""

from datetime import date, datetime
from typing import Any

import pytest

from consultation.questionnaires.expressions.evaluate import evaluate, holds
from consultation.questionnaires.expressions.parse import parse

CLAIRE = {
    "acteur": "pole",
    "secteur": ["agro", "mer"],
    "secteur.other": "Textile",
    "satisfaction": {"rd": "4", "fin": "so"},
    "part_etat": 33.3,
    "part_regions": 33.3,
    "part_privee": 33.4,
    "bilan": "4",
    "adhesion": "2019-07",
    "accepte": False,
    "siret": {"typed": "123"},
    "annexe": [{"name": "avis.pdf"}],
}


def worth(source: str, answers: dict[str, Any] = CLAIRE) -> Any:
    return evaluate(parse(source), answers, date(2022, 3, 11))


def test_claire_meets_the_conditions_of_her_cluster() -> None:
    assert worth("acteur != 'particulier' and selected(secteur, 'agro')") is True
    assert worth("acteur in ['region', 'epci']") is False
    assert worth("secteur in ['agro', 'btp']") is True
    assert worth("secteur in ['btp']") is False
    assert worth("secteur not in ['agro', 'btp']") is False


def test_the_points_of_a_scale_are_texts_and_compare_with_numbers() -> None:
    assert worth("bilan == 4") is True
    assert worth("bilan in [1, 2, 4, 5]") is True
    assert worth("bilan in [1, 2, 5]") is False
    assert worth("bilan > 3 and bilan <= 4") is True
    assert worth("satisfaction.fin > 1") is False
    assert worth("satisfaction.fin == 'so'") is True


def test_the_three_shares_of_claire_add_up() -> None:
    assert worth("part_etat + part_regions + part_privee == 100") is True
    assert worth("part_etat + part_regions + part_privee < 100") is False
    assert worth("part_etat + part_regions == 66.7") is False
    assert worth("part_etat + part_regions == 66.6001") is False


def test_numbers_typed_as_people_type_them() -> None:
    for typed in ("1250.5", "1250,5", "1 250,5", "1\u00a0250,5", " 1\u202f250,50 ", "+1250.5"):
        assert worth("n == 1250.5", {"n": typed}) is True
    for typed in ("environ 250", "1e3", "12 50", "1,2,3", "٣", "0x10", "1_000", "9" * 100):
        assert worth("number(n)", {"n": typed}) is None


def test_emile_who_has_not_answered_is_not_a_private_person() -> None:
    assert worth("acteur != 'particulier'", {}) is True
    assert worth("not acteur == 'particulier'", {}) is True
    assert worth("acteur not in ['particulier']", {}) is True
    assert worth("acteur == 'particulier'", {}) is False
    assert worth("acteur in ['particulier']", {}) is False
    assert worth("answered(acteur) and acteur != 'particulier'", {}) is False


@pytest.mark.parametrize(
    "blank", [None, "", "  ", "\u00a0", [], {}, [""], {"rd": ""}, {"typed": "x"}]
)
def test_blank_and_not_valid_are_not_answered(blank: object) -> None:
    assert worth("answered(a)", {"a": blank}) is False
    assert worth("a == none", {"a": blank}) is True
    assert worth("a == ''", {"a": blank}) is True
    assert worth("a + 1", {"a": blank}) is None
    assert worth("count(a)", {"a": blank}) == 0


def test_a_row_that_is_not_valid_is_not_answered() -> None:
    assert worth("count(m)", {"m": {"rd": "4", "fin": {"typed": "x"}}}) == 1
    assert worth("answered(m.fin)", {"m": {"rd": "4", "fin": {"typed": "x"}}}) is False
    assert worth("m.typed == none", {"m": {"typed": "4"}}) is True


def test_no_order_with_nothing() -> None:
    for operator in ("<", "<=", ">", ">="):
        assert worth(f"a {operator} 1", {}) is False
        assert worth(f"1 {operator} a", {}) is False
    assert worth("a == b", {}) is True


def test_zero_and_false_are_answers() -> None:
    assert worth("answered(a)", {"a": 0}) is True
    assert worth("answered(accepte)") is True
    assert worth("accepte == false") is True
    assert worth("accepte") is False
    assert worth("accepte == 0") is False
    assert worth("true == 1") is False


def test_dates_of_unequal_precision_begin_on_their_first_day() -> None:
    assert worth("adhesion == date('2019-07-01')") is True
    assert worth("adhesion < date('2019-07-02')") is True
    assert worth("adhesion < '2019-08'") is True
    assert worth("adhesion < today()") is True
    assert worth("month(a)", {"a": "2019"}) is None
    assert worth("year(a)", {"a": "2019"}) == 2019
    assert worth("days_between(date('2024-02-28'), date('2024-03-01'))") == 2
    assert worth("date('2022-02-30')") is None


def test_today_may_be_given_as_a_moment() -> None:
    moment = datetime(2022, 3, 11, 23, 59)

    assert evaluate(parse("days_between(date('2022-03-01'), today())"), {}, moment) == 10


def test_the_text_beside_other_has_its_own_key() -> None:
    assert worth("secteur.other == 'Textile'") is True
    assert worth("contains(lower(secteur.other), 'text')") is True
    assert worth("answered(acteur.other)") is False


def test_files_are_counted() -> None:
    assert worth("count(annexe) == 1 and answered(annexe)") is True
    assert worth("count(f)", {"f": [{"name": "a.pdf"}, {"typed": "b.exe"}]}) == 1


def test_numbers_without_bounds_are_worth_none() -> None:
    assert worth("a * a", {"a": 10**17}) is None
    assert worth("a / 0.0000001", {"a": 10**17}) is None
    assert worth("a + 1", {"a": 10**400}) is None
    assert worth("a", {"a": float("inf")}) is None
    assert worth("sum(a, a)", {"a": 10**18}) is None
    assert worth("round(a, -999999999999)", {"a": 1}) == 0
    assert worth("round(a, 999999999999)", {"a": 999999999999999999}) == 999999999999999999
    assert worth("a / 3 * 3 == a", {"a": 10}) is True


def test_half_goes_away_from_zero() -> None:
    assert [worth(f"round({x})") for x in ("0.5", "1.5", "2.5", "-2.5", "2.4")] == [1, 2, 3, -3, 2]
    assert worth("round(2.675, 2)") == 2.68
    assert worth("round(1250, -2)") == 1300


def test_numbers_are_written_as_people_read_them() -> None:
    assert worth("text(0.1 + 0.2)") == "0.3"
    assert worth("text(4 / 2)") == "2"
    assert worth("text(0 - 0.00000000000001)") == "0"
    assert worth("concat('a', 3, none, true, date('2022'))") == "a3true2022-01-01"
    assert worth("text(secteur)") == "agro, mer"


def test_a_text_made_of_texts_is_bounded() -> None:
    long = {"a": "x" * 20_000}

    assert len(worth("concat(a, a, a)", long)) == 20_000


def test_an_unknown_function_or_a_wrong_call_is_worth_none() -> None:
    assert worth("inconnue(acteur)") is None
    assert worth("abs()") is None
    assert worth("today(1)") is None


def test_a_condition_is_true_or_false() -> None:
    assert holds(parse("count(secteur)"), CLAIRE, date(2022, 3, 11)) is True
    assert holds(parse("vide"), CLAIRE, date(2022, 3, 11)) is False
