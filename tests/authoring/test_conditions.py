"""Claire builds a condition with lists, and finds it again as a sentence and as an expression."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.authoring.conditions import (
    TWICE,
    Clause,
    Condition,
    from_source,
    read,
    to_expression,
)
from consultation.authoring.lists import form_of
from consultation.authoring.overview import Overview
from consultation.authoring.typed import Typed
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.starters.shelf import starter

CLUSTERS = Overview(starter("poles_2022"), date(2022, 2, 1))
SYMBOLS = CLUSTERS.symbols
BEFORE = "acteur != 'particulier'"


def typed(source: str = BEFORE, **fields: object) -> Typed:
    """Return what the page of this condition posts, with changes (``__`` stands for a dot)."""
    condition = from_source(source)
    assert condition is not None
    values: dict[str, list[str]] = {
        "relevant": [source],
        "relevant.avant": [source],
        "relevant.nombre": [str(len(condition.clauses))],
        "relevant.joint": ["and" if condition.all else "or"],
        "relevant.nouvelle": [""],
    }
    for place, clause in enumerate(condition.clauses):
        values[f"relevant.{place}.op"] = [clause.operator]
        values[f"relevant.{place}.valeur"] = list(clause.values)
    for name, value in fields.items():
        given_values = value if isinstance(value, list) else [str(value)]
        values[name.replace("__", ".")] = given_values
    return Typed(values)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("acteur != 'particulier'", "n’est pas «\u00a0Particulier\u00a0»"),
        ("acteur in ['region', 'departement']", "ou «\u00a0Département\u00a0»"),
        ("selected(secteur, 'agro') and answered(region)", " et "),
        ("not answered(region) or nombre_cible >= 54", "n’a pas de réponse ou "),
        ("satisfaction.rd == '4'", "Montage et labellisation"),
    ],
)
def test_a_condition_is_read_as_lists_and_said_in_french(source: str, sentence: str) -> None:
    condition = from_source(source)
    assert condition is not None
    assert parse(to_expression(condition, SYMBOLS) or "") == parse(source)
    assert sentence in CLUSTERS.sentence(source)


@pytest.mark.parametrize(
    "source", ["part_etat + part_regions == 100", "a == 'x' and (b == 'y' or c == 'z')", "a ==", ""]
)
def test_what_lists_cannot_say_stays_an_expression(source: str) -> None:
    assert from_source(source) in (None, Condition())


def test_claire_changes_nothing_and_the_source_stays_as_she_wrote_it() -> None:
    source = "bilan_regionalisation in [1,2]  and answered( region )"
    assert read(typed(source), "relevant", source, SYMBOLS).source == source


def test_claire_ticks_another_value() -> None:
    found = read(typed(relevant__0__valeur=["particulier", "commune"]), "relevant", BEFORE, SYMBOLS)
    assert found.source == "acteur not in ['particulier', 'commune']"


def test_claire_adds_a_condition_on_another_question() -> None:
    found = read(typed(relevant__nouvelle="region"), "relevant", BEFORE, SYMBOLS)
    assert found.source == "acteur != 'particulier' and answered(region)"


def test_claire_asks_one_of_two_conditions() -> None:
    source = "acteur != 'particulier' and answered(region)"
    found = read(typed(source, relevant__joint="or"), "relevant", source, SYMBOLS)
    assert found.source == "acteur != 'particulier' or answered(region)"


def test_claire_removes_the_last_condition() -> None:
    assert read(typed(relevant__0__retirer="1"), "relevant", BEFORE, SYMBOLS).source is None


def test_claire_edits_the_expression_beside_the_lists() -> None:
    found = read(typed(relevant="acteur == 'region'"), "relevant", BEFORE, SYMBOLS)
    assert (found.source, found.wrong) == ("acteur == 'region'", "")


def test_lists_and_expression_changed_together_are_not_guessed() -> None:
    both = typed(relevant="acteur == 'region'", relevant__0__op="==")
    assert read(both, "relevant", BEFORE, SYMBOLS).wrong == TWICE


def test_an_error_points_at_its_character() -> None:
    found = read(typed(relevant="acteur = 'region'"), "relevant", BEFORE, SYMBOLS)
    assert found.wrong.startswith("Caractère 8\u00a0:")


def test_an_unknown_option_is_pointed_at_under_the_expression() -> None:
    question = CLUSTERS.shown.items["organisme"].question
    [fault] = CLUSTERS.faults(type(question)(key="x", label={}, relevant="acteur == 'regions'"))
    assert fault.field == "relevant"
    line, mark = fault.pointed.split("\n")
    assert line[mark.index("▲")] == "'"


@pytest.mark.parametrize(("value", "sentence"), [("beaucoup", "en chiffres"), ("", "une valeur")])
def test_a_comparison_needs_a_number(value: str, sentence: str) -> None:
    source = "nombre_cible >= 54"
    found = read(typed(source, relevant__0__valeur=value), "relevant", source, SYMBOLS)
    assert sentence in found.wrong


def test_a_number_typed_in_french_is_a_number() -> None:
    source = "part_etat >= 54"
    found = read(typed(source, relevant__0__valeur="1 250,5"), "relevant", source, SYMBOLS)
    assert found.source == "part_etat >= 1250.5"


KEYS = st.sampled_from(["acteur", "secteur", "part_etat", "date_adhesion", "organisme"])
SHAPES = {
    "acteur": [("==", 2), ("!=", 1), ("answered", 0)],
    "secteur": [("has", 1), ("lacks", 1), ("empty", 0)],
    "part_etat": [("<", 1), (">=", 1), ("answered", 0)],
    "date_adhesion": [("<", 1), ("empty", 0)],
    "organisme": [("contains", 1), ("==", 1), ("answered", 0)],
}
VALUES = {"part_etat": st.integers(-999, 999).map(str)}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    key = draw(KEYS)
    operator, count = draw(st.sampled_from(SHAPES[key]))
    values = draw(st.lists(VALUES.get(key, TEXT), min_size=count, max_size=count, unique=True))
    return Clause(key, None, operator, tuple(values))


@given(st.lists(clauses(), min_size=2, max_size=5), st.booleans())
def test_any_lists_come_back_as_they_were(made: list[Clause], every: bool) -> None:
    condition = Condition(tuple(made), every)
    assert from_source(to_expression(condition, SYMBOLS)) == condition


FIELD = st.sampled_from(
    ["relevant", "relevant.avant", "relevant.nombre", "relevant.joint", "relevant.nouvelle"]
    + [f"relevant.{n}.{part}" for n in range(3) for part in ("op", "valeur", "ligne", "retirer")]
)
SCRAP = st.one_of(
    st.text(max_size=30),
    st.sampled_from([BEFORE, "answered(region)", "acteur", "==", "(", "satisfaction.rd == '4'"]),
)


@given(st.dictionaries(FIELD, st.lists(SCRAP, max_size=3), max_size=10))
def test_whatever_is_posted_gives_a_readable_source_or_a_sentence(values: dict[str, list[str]]):
    found = read(Typed(values), "relevant", BEFORE, SYMBOLS)
    if found.source and not found.wrong:
        parse(found.source)
    form_of(CLUSTERS, "relevant", BEFORE, typed=Typed(values))
