"""The pure rules of a response: its units, its receipt, its progress, its two versions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.path import walk
from consultation.questionnaires.starters.shelf import starter
from consultation.responses import proof, reading, rules
from consultation.responses.draft import Draft, SavedSection
from consultation.responses.progress import progress, why_hidden
from consultation.responses.rules import Respondent
from tests.responses.answers import COMPANY, PERSON

VERSION = compile_version(starter("poles_2022"))
TODAY = date(2022, 2, 10)
NOW = datetime(2022, 2, 10, 13, tzinfo=UTC)
SIRET, OTHER_SIRET = "55210055400013", "55210055400021"
SECRET = "a secret"


def draft(answers: dict[int, dict[str, Any]]) -> Draft:
    """Return the draft of someone who saved these sections."""
    sections = {
        VERSION.sections[number - 1].section.key: SavedSection(given, 1, NOW, 1)
        for number, given in answers.items()
    }
    return Draft(1, 1, "draft", 1, None, sections)


def conditions(answers: dict[int, dict[str, Any]]) -> list[str]:
    found = draft(answers)
    path = walk(VERSION, found.answers, TODAY)
    return [part.condition for part in progress(VERSION, found, path, TODAY).parts]


# --- Units ---------------------------------------------------------------------------------------


def unit(answers: dict[str, Any], person: Respondent, individual: bool = False) -> int:
    return rules.unit(VERSION, answers, person, individual, SECRET)


def test_two_establishments_of_a_company_are_one_unit() -> None:
    one, two = Respondent(1), Respondent(2)

    assert unit({"siret": SIRET}, one) == unit({"siret": OTHER_SIRET}, two)
    assert rules.siren_in(VERSION, {"siret": SIRET}) == "552100554"


def test_a_siret_typed_and_the_siren_of_the_profile_are_one_unit() -> None:
    assert unit({"siret": SIRET}, Respondent(1)) == unit({}, Respondent(2, 7, "552100554"))


def test_a_siret_with_a_mistake_counts_for_nothing() -> None:
    assert unit({"siret": "55210055400014"}, Respondent(1)) == unit({}, Respondent(1))


def test_without_a_siren_colleagues_are_one_unit_by_their_organisation() -> None:
    assert unit({}, Respondent(1, 7)) == unit({}, Respondent(2, 7))
    assert unit({}, Respondent(1, 7)) != unit({}, Respondent(1, 8))


def test_a_private_person_is_a_unit_whoever_employs_them() -> None:
    assert unit({}, Respondent(1, 7), True) != unit({}, Respondent(2, 7), True)
    assert unit({}, Respondent(1, 7), True) == unit({"siret": SIRET}, Respondent(1), True)


@given(st.integers(1, 10**9), st.text(min_size=1, max_size=40))
def test_a_unit_fits_a_column_and_says_nothing_without_the_secret(person: int, key: str) -> None:
    found = rules.unit(VERSION, {}, Respondent(person), True, key)

    assert 0 <= found < 2**63
    assert found != rules.unit(VERSION, {}, Respondent(person), True, key + "x")


@pytest.mark.parametrize(
    ("answers", "person", "individual"),
    [
        ({"acteur": "particulier"}, Respondent(1, 7), True),
        ({"acteur": "region"}, Respondent(1), False),
        ({}, Respondent(1), False),
    ],
)
def test_the_questionnaire_says_who_answers_for_themselves(
    answers: dict[str, Any], person: Respondent, individual: bool
) -> None:
    assert rules.is_individual(VERSION, answers, person, TODAY) is individual


# --- Receipts ------------------------------------------------------------------------------------


@given(st.binary(min_size=32, max_size=32))
def test_a_receipt_is_read_again_however_it_is_typed(leaf: bytes) -> None:
    receipt = proof.receipt(leaf.hex())

    assert len(receipt) == 39 and receipt.count("-") == 7
    for typed in (receipt, receipt.lower(), receipt.replace("-", " "), f" {receipt}\n"):
        assert proof.read_receipt(typed) == receipt
    misread = receipt.replace("0", "O").replace("1", "l")
    assert proof.read_receipt(misread) == receipt


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_receipt(typed: str) -> None:
    assert proof.read_receipt(typed) in (None, proof.read_receipt(typed))


def test_any_change_to_what_was_sent_changes_its_leaf() -> None:
    sent: dict[str, Any] = {
        "consultation_id": 1,
        "version": "a" * 64,
        "number": 1,
        "answers": {"q": 1},
        "profile": {"region": "53"},
        "submitted_at": NOW,
        "salt": "b" * 32,
        "counted": "e" * 64,
    }
    changes: dict[str, Any] = {
        "consultation_id": 2,
        "version": "c" * 64,
        "number": 2,
        "answers": {"q": 2},
        "profile": {"region": "84"},
        "submitted_at": NOW.replace(microsecond=1),
        "salt": "d" * 32,
        "counted": "f" * 64,
    }
    leaves = [proof.leaf_hash(proof.document(**{**sent, k: v})) for k, v in changes.items()]

    assert len({proof.leaf_hash(proof.document(**sent)), *leaves}) == len(changes) + 1


# --- Progress ------------------------------------------------------------------------------------


def test_everything_is_to_fill_at_first() -> None:
    assert conditions({}) == ["todo"] * 8


def test_each_section_says_where_it_is() -> None:
    some = {
        1: PERSON[1],
        2: {"connaissance": "adherent"},
        3: {},
        4: {"nombre_cible": {"typed": "beaucoup"}, "nombre_poles": "plus"},
    }

    assert conditions(some) == ["done", "begun", "todo", "wrong", *["todo"] * 4]


def test_whoever_answers_everything_is_done() -> None:
    saved = {n: stored(given) for n, given in COMPANY.items()}

    assert conditions(saved) == ["done"] * 8


def stored(given: dict[str, Any]) -> dict[str, Any]:
    dates = {"date_adhesion": "2014-09"} if "date_adhesion.month" in given else {}
    kept = {k: v for k, v in given.items() if not k.startswith("date_")}
    return {**kept, **dates, **({"cotisation": 1250.5} if "cotisation" in given else {})}


def test_a_reason_names_the_questions_it_depends_on() -> None:
    hidden = why_hidden(VERSION, VERSION.items["rapprochements"])

    assert hidden == (
        "D’après vos réponses aux questions\u00a01 et 17, cette question ne vous concerne pas"
    )


def test_the_next_section_is_the_next_one_that_concerns_the_person() -> None:
    path = walk(VERSION, {}, TODAY)

    assert rules.next_number(VERSION, path, 3) == 4
    assert rules.next_number(VERSION, path, 8) is None


# --- Two versions --------------------------------------------------------------------------------

SECTION = VERSION.sections[7]
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "proposition": st.sampled_from(["Un", "Deux"]),
        "consent_publication": st.sampled_from(["nom", "non"]),
        "suite": st.sampled_from(["oui", "non"]),
    },
)
MARKS = st.one_of(ANSWERS, st.none())
"""What the page showed at first; ``None`` when it does not say it."""

CHOICES = st.dictionaries(
    st.sampled_from(["proposition", "consent_publication", "suite"]),
    st.sampled_from(["mine", "theirs", "zzz"]),
)


@given(ANSWERS, ANSWERS, MARKS, CHOICES, st.integers(0, 3), st.booleans())
def test_nothing_saved_is_replaced_without_a_choice(
    mine: dict[str, str],
    theirs: dict[str, str],
    base: dict[str, str] | None,
    choices: dict[str, str],
    revision: int,
    deciding: bool,
) -> None:
    keys = [item.key for item in SECTION.items]
    values = {f"{key}.version": [choice] for key, choice in choices.items()}
    values |= {"_revision": [str(revision)], "_questions": [" ".join(keys)]}
    values |= {"_choix": ["1"]} if deciding else {}
    if base is not None:
        values["_base"] = [reading.marks(SECTION, keys, base)]
    page = reading.posted(values)

    settled = reading.settle(SECTION, page, mine, theirs, revision=2)

    answers = settled.answers
    differ = {item.key for item in SECTION.items if mine.get(item.key) != theirs.get(item.key)}
    undecided = {item.key for item in settled.left}
    if revision != 2:
        kept = {k: (side or {}).get(k) for k in differ for side in (base,)}
        both = {k for k in differ if mine.get(k) != kept[k] != theirs.get(k)}
        assert undecided == (differ if base is None else both)
        for key in differ - undecided:
            untouched = mine.get(key) == kept[key]
            assert answers.get(key) == (theirs if untouched else mine).get(key)
            assert (key in {item.key for item in settled.taken}) == untouched
    elif not deciding:
        assert (undecided, answers) == (set(), mine)
    else:
        assert undecided == {k for k in differ if choices.get(k) not in ("mine", "theirs")}
        for key in differ - undecided:
            assert answers.get(key) == (mine if choices[key] == "mine" else theirs).get(key)


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3)))
def test_any_form_is_read(values: dict[str, list[str]]) -> None:
    page = reading.posted(values)

    answers = reading.read(SECTION, page, {"suite": "oui"}, [i.key for i in SECTION.items])
    assert answers.keys() <= {i.key for i in SECTION.items}
    assert page.revision >= 0


def test_a_page_that_did_not_hold_a_question_does_not_erase_it() -> None:
    page = reading.posted({"_questions": ["suite"], "suite": ["non"]})

    answers = reading.read(SECTION, page, {"proposition": "Un", "suite": "oui"}, ["suite"])
    assert answers == {"proposition": "Un", "suite": "non"}


def test_signs_that_nobody_sees_are_left_out() -> None:
    assert reading.clean("e\u0301te\u0301\x08\x9f\n\t»") == "été\n\t»"
