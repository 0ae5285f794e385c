"""What Claire types in the form of a question, and what becomes of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.authoring import fields, reading
from consultation.authoring.kinds import NAMES, new_question, specs_of, types
from consultation.authoring.overview import Overview
from consultation.authoring.reading import Around
from consultation.authoring.typed import TICKS, Typed
from consultation.questionnaires.editing import find
from consultation.questionnaires.kinds.question import Option
from consultation.questionnaires.kinds.table import KINDS, AnyQuestion
from consultation.questionnaires.starters.shelf import names, starter

CLUSTERS = starter("poles_2022")
WHOLE = Overview(CLUSTERS, date(2022, 2, 1))


def around(key: str = "", language: str = "fr") -> Around:
    return Around(
        language=language,
        first="fr",
        taken=WHOLE.keys - {key},
        symbols=WHOLE.symbols,
        named={"from_list": frozenset(CLUSTERS.lists), "scale": frozenset(CLUSTERS.scales)},
        numbers=WHOLE.numbers,
    )


def posted(question: AnyQuestion, language: str = "fr", /, **changes: Any) -> Typed:
    """Return what the page of ``question`` posts, with changes (``None`` unticks a box)."""
    shown = fields.fields_of(question, CLUSTERS, around(question.key, language), None, {})
    values = {"key": [question.key], TICKS: [" ".join(f.name for f in shown if f.widget == "tick")]}
    for one in shown:
        if one.widget == "origin":
            values |= {f"{one.name}.cle": [one.value], f"{one.name}.quoi": [one.part]}
        elif one.widget != "tick" or one.value:
            values[one.name] = [one.value]
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name.replace("__", ".")] = [value]
    return Typed(values)


def read(name: str, language: str = "fr", /, frozen: bool = False, **changes: Any) -> reading.Read:
    question = find(CLUSTERS, name)[1]
    typed = posted(question, language, **changes)
    return reading.question(typed, question, around(name, language), frozen)


@pytest.mark.parametrize("name", names())
def test_a_form_sent_as_it_was_shown_changes_nothing(name: str) -> None:
    questionnaire = starter(name)
    for language in questionnaire.languages:
        for question in (q for s in questionnaire.sections for q in s.questions):
            near = Around(
                language=language,
                first="fr",
                taken=frozenset(q.key for s in questionnaire.sections for q in s.questions)
                - {question.key},
                named={
                    "from_list": frozenset(questionnaire.lists),
                    "scale": frozenset(questionnaire.scales),
                },
            )
            shown = fields.fields_of(question, questionnaire, near, None, {})
            ticks = " ".join(one.name for one in shown if one.widget == "tick")
            values = {TICKS: [ticks]}
            for one in shown:
                if one.widget == "origin":
                    values |= {f"{one.name}.cle": [one.value], f"{one.name}.quoi": [one.part]}
                elif one.widget != "tick" or one.value:
                    values[one.name] = [one.value.replace("\n", "\r\n")]
            found = reading.question(Typed(values), question, near, False)
            assert (found.part, found.wrong) == (question, {}), question.key


def test_claire_corrects_a_label_and_the_translation_stays() -> None:
    found = read("acteur", label="Vous êtes")
    assert found.part.label == {"fr": "Vous êtes", "en": "In what capacity are you responding?"}


def test_claire_translates_the_options_line_by_line() -> None:
    question = find(CLUSTERS, "mandat")[1]
    found = read("mandat", "en", options="Yes, officially\nNo, as a person")
    assert [o.label["en"] for o in found.part.options] == ["Yes, officially", "No, as a person"]
    assert [o.value for o in found.part.options] == [o.value for o in question.options]  # type: ignore[union-attr]


def test_a_line_too_few_in_a_translation_is_said() -> None:
    assert "2 attendues, 1 reçues" in read("mandat", "en", options="Yes").wrong["options"]


def test_options_moved_and_added_keep_their_values() -> None:
    lines = "Non, je réponds à titre personnel\nOui, c’est une réponse officielle\nJe ne sais pas"
    found = read("mandat", options=lines)
    before = find(CLUSTERS, "mandat")[1].options  # type: ignore[union-attr]
    values = [option.value for option in found.part.options]
    assert values == [before[1].value, before[0].value, "je_ne_sais_pas"]


def test_the_same_line_twice_is_said_and_nothing_is_dropped() -> None:
    assert "deux lignes disent" in read("mandat", options="Oui\nOui").wrong["options"]


def test_points_that_begin_with_a_minus_are_kept() -> None:
    found = read("nombre_poles", options="-2\n-1\n0\n1\n2")
    assert [option.label["fr"] for option in found.part.options] == ["-2", "-1", "0", "1", "2"]


def test_an_option_not_written_in_the_first_language_is_not_lost() -> None:
    question = new_question("single", "nouvelle", {"fr": "Nouvelle"})
    question.options = [  # type: ignore[union-attr]
        Option(value="yes", label={"en": "Yes"}),
        Option(value="no", label={"fr": "Non", "en": "No"}),
    ]
    found = reading.question(posted(question), question, around("nouvelle"), False)
    assert found.part == question
    shown = "Yes\nNon\nPeut-être"
    found = reading.question(posted(question, options=shown), question, around("nouvelle"), False)
    assert [option.value for option in found.part.options][:2] == ["yes", "no"]


def test_settings_of_each_option_are_read() -> None:
    question = find(CLUSTERS, "nombre_poles")[1]
    last = question.options[-1].value  # type: ignore[union-attr]
    typed = {
        f"options/{last}/vu": "1",
        f"options/{last}/other": "1",
        f"options/{last}/relevant": "answered(region)",
    }
    found = reading.question(
        Typed({name: [value] for name, value in typed.items()}), question, around(), False
    )
    option = found.part.options[-1]
    assert (option.other, option.no_opinion, option.relevant) == (True, False, "answered(region)")
    assert found.part.options[:-1] == question.options[:-1]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "name", "value", "sentence"),
    [
        ("acteur", "label", "", "remplissez ce champ"),
        ("acteur", "key", "Acteur 2", "en minuscules"),
        ("acteur", "key", "region", "sert déjà"),
        ("acteur", "key", "and", "mot des expressions"),
        ("acteur", "kind", "licorne", "de la liste"),
        ("acteur", "from_list", "inconnue", "de la liste"),
        ("acteur", "options_from__cle", "999", "numéro ou le code"),
        ("effectif", "minimum", "beaucoup", "en chiffres"),
        ("effectif", "maximum", "9" * 40, "en chiffres"),
        ("secteur", "max_choices", "1,5", "en chiffres"),
        ("secteur", "max_choices", "-1", "compris entre 0 et"),
        ("date_adhesion", "minimum", "2022-13", "2022-03-07"),
        ("cahier_acteur", "extensions", "pdf, exé", "séparées par des virgules"),
        ("proposition", "max_length", "0", "compris entre 1 et"),
        ("proposition", "publication", "secret", "de la liste"),
        ("proposition", "label", "x" * 5001, "5000 caractères au plus"),
        ("acteur", "relevant", "(", "Caractère"),
    ],
)
def test_each_mistake_is_said_beside_its_field(key, name, value, sentence) -> None:
    wrong = read(key, **{name: value}).wrong
    assert sentence in wrong[name.partition("__")[0]]
    assert len(wrong) == 1


def test_a_frozen_key_does_not_move() -> None:
    assert read("acteur", frozen=True, key="autre_code").part.key == "acteur"
    assert read("acteur", frozen=False, key="autre_code").part.key == "autre_code"


def test_carried_over_options_are_named_by_number() -> None:
    number = str(WHOLE.number("missions_importance"))
    found = read("mission_retirer", options_from__cle=number, options_from__quoi="rows")
    assert found.part.options_from == "missions_importance.rows"


def test_a_constraint_is_added_changed_and_removed() -> None:
    question = find(CLUSTERS, "part_privee")[1]
    [before] = question.constraints
    changes = {
        "constraints__nombre": "2",
        "constraints__0__expression": "",
        "constraints__1__expression": "part_privee > 0",
        "constraints__1__message": "Une part est attendue.",
    }
    found = reading.question(posted(question, **changes), question, around(question.key), False)
    [after] = found.part.constraints
    assert (after.expression, after.message) == (
        "part_privee > 0",
        {"fr": "Une part est attendue."},
    )
    assert before.expression != after.expression


def test_a_constraint_needs_words() -> None:
    changes = {"constraints__nombre": "2", "constraints__1__expression": "part_privee > 0"}
    question = find(CLUSTERS, "part_privee")[1]
    kept = {"constraints__0__expression": question.constraints[0].expression}
    found = read("part_privee", **changes, **kept)
    assert found.wrong == {"constraints.1.message": "écrivez la phrase à montrer"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("to", KINDS)
def test_any_kind_becomes_any_other_and_keeps_its_words(kind: str, to: str) -> None:
    question = new_question(kind, "nouvelle", {"fr": "Nouvelle", "en": "New"})
    found = reading.question(posted(question, kind=to), question, around("nouvelle"), False)
    wrong = set(found.wrong) - {"statement", "extensions"}
    assert wrong == set()
    assert isinstance(found.part, types()[to])
    assert found.part.label == question.label


def test_every_kind_has_a_name_and_every_field_of_a_kind_is_asked_once() -> None:
    assert NAMES.keys() == KINDS.keys()
    shared = {"key", "relevant", "constraints", "default", "meaning"}
    for kind, made in types().items():
        asked = [spec.name for spec in specs_of(kind)]
        assert len(asked) == len(set(asked))
        left = {name for name in made.__struct_fields__ if name not in asked} - shared
        assert left <= {"required", "publication", "sensitive", "why", "hint"}, kind


def test_only_an_amount_can_be_dominated_by_one_organisation() -> None:
    asked = {kind for kind in KINDS if "sensitive" in {spec.name for spec in specs_of(kind)}}
    assert asked == {"number", "allocation"}


FIELDS = """label hint kind key options rows points minimum maximum total max_choices extensions
relevant constraints.nombre constraints.0.expression constraints.0.message options_from.cle
options_from.quoi options/a/vu _cases _langue scale from_list precision pattern why unit
statement"""
NAME = st.sampled_from(FIELDS.split())
ANYTHING = st.one_of(st.text(max_size=40), st.sampled_from([*KINDS, "1", "-1", "1e9", "a\nb\na"]))


@given(
    st.sampled_from([q.key for s in CLUSTERS.sections for q in s.questions]),
    st.dictionaries(NAME, st.lists(ANYTHING, max_size=3), max_size=12),
    st.sampled_from(["fr", "en"]),
)
def test_whatever_is_posted_gives_a_question_or_sentences(key, values, language) -> None:
    question = find(CLUSTERS, key)[1]
    found = reading.question(Typed(values), question, around(key, language), False)
    assert found.wrong or type(found.part) in types().values()
    fields.fields_of(question, CLUSTERS, around(key, language), Typed(values), found.wrong)
