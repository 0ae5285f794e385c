"""The path of a respondent through the real questionnaire of 2022."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.layout import ANSWERED, NOT_ANSWERED, NOT_SEEN, vector
from consultation.questionnaires.path import offered, submitted, walk
from consultation.questionnaires.problems import problems
from consultation.questionnaires.quoting import filled
from consultation.questionnaires.starters.shelf import starter

TODAY = date(2022, 2, 1)


def version() -> CompiledVersion:
    return compile_version(starter("poles_2022"))


VERSION = version()
MANDATORY = {
    "acteur": "particulier",
    "region": "53",
    "connaissance": "decouvre",
    "missions_importance": dict.fromkeys(
        ("rd", "marche", "croissance", "transf", "europe", "competences", "relocal", "territ"), "3"
    ),
    "missions_rang": ["rd", "europe", "territ"],
    "label_utilite": "4",
    "nombre_poles": "stable",
    "positionnement": dict.fromkeys(("lisible", "taille", "ancrage", "inter", "csf"), "nsp"),
    "echelle_pilotage": ["regional"],
    "bilan_regionalisation": "3",
    "transitions": dict.fromkeys(
        ("carbone", "circulaire", "numerique", "souverainete", "social"), "2"
    ),
    "consent_publication": "anonyme",
    "suite": "oui",
}


def sentences(answers: dict[str, Any], **options: Any) -> list[str]:
    path = walk(VERSION, answers, TODAY)
    return [f"{p.key}: {p.sentence}" for p in problems(VERSION, path, TODAY, **options)]


def test_a_private_person_is_not_asked_about_an_organisation() -> None:
    path = walk(VERSION, {"acteur": "particulier"}, TODAY)

    assert not path.shown & {"organisme", "siret", "mandat", "effectif", "secteur"}


def test_a_private_person_who_answers_everything_mandatory_may_send() -> None:
    assert sentences(MANDATORY) == []


def test_a_company_is_told_each_gap_in_the_order_of_the_pages() -> None:
    said = sentences({**MANDATORY, "acteur": "entreprise_pme"})

    assert [s.split(":")[0] for s in said] == [
        "organisme",
        "mandat",
        "secteur",
        "besoins_entreprise",
    ]


def test_three_shares_must_add_up_to_one_hundred() -> None:
    shares = {"connaissance": "connait", "part_etat": 40, "part_regions": 30}

    assert sentences({**MANDATORY, **shares, "part_privee": 30}) == []
    assert sentences({**MANDATORY, **shares, "part_privee": 20}) == [
        "part_privee: La somme des trois parts doit être égale à 100\u00a0%"
    ]


def test_a_gap_is_no_problem_before_sending() -> None:
    assert sentences({"acteur": "entreprise_pme"}, required=False) == []


def test_what_is_typed_but_not_valid_is_said_before_sending_too() -> None:
    typed = {"acteur": "entreprise_pme", "effectif": {"typed": "environ 250"}}

    assert sentences(typed, required=False) == [
        "effectif: saisissez un nombre entier, par exemple 250"
    ]


def test_hiding_a_question_cascades_to_those_that_depend_on_it() -> None:
    answers = {"acteur": "region", "nombre_poles": "moins", "nombre_cible": 40}

    assert "nombre_cible" in walk(VERSION, answers, TODAY).shown
    assert "nombre_cible" not in walk(VERSION, {**answers, "nombre_poles": "stable"}, TODAY).shown


def test_an_answer_that_became_hidden_is_not_sent_and_comes_back() -> None:
    hidden = {**MANDATORY, "nombre_cible": 40}
    shown = {**hidden, "nombre_poles": "plus"}

    assert "nombre_cible" not in submitted(VERSION, walk(VERSION, hidden, TODAY))
    assert submitted(VERSION, walk(VERSION, shown, TODAY))["nombre_cible"] == 40


def any_answer() -> st.SearchStrategy[Any]:
    words = sorted({o.value for i in VERSION.items.values() for o in i.resolved.options})
    value = st.sampled_from(words) | st.text(max_size=5)
    number = st.integers(-10, 200) | st.floats(allow_nan=False, allow_infinity=False)
    shape = value | number | st.lists(value, max_size=4) | st.booleans()
    return shape | st.dictionaries(value, value, max_size=3) | st.just({"typed": "x"})


ANY_ANSWERS = st.dictionaries(st.sampled_from(sorted(VERSION.items)), any_answer(), max_size=39)


@given(ANY_ANSWERS)
def test_any_answers_give_a_path_that_is_the_same_twice(answers: dict[str, Any]) -> None:
    before = dict(answers)
    path = walk(VERSION, answers, TODAY)

    assert path == walk(VERSION, answers, TODAY)
    assert answers == before
    assert path.shown <= VERSION.items.keys()
    assert set(path.answers) <= {*path.shown, *(f"{k}.other" for k in path.shown)}


@given(ANY_ANSWERS)
def test_hidden_answers_change_nothing(answers: dict[str, Any]) -> None:
    path = walk(VERSION, answers, TODAY)

    assert walk(VERSION, path.answers, TODAY) == path


def test_the_vector_tells_not_seen_from_not_answered_from_answered() -> None:
    path = walk(VERSION, MANDATORY, TODAY)
    codes = vector(VERSION, path, submitted(VERSION, path))

    assert len(codes) == VERSION.width
    presence = {key: codes[item.offset] for key, item in VERSION.items.items()}
    assert presence["siret"] == NOT_SEEN
    assert presence["mission_nouvelle"] == NOT_ANSWERED
    assert presence["acteur"] == ANSWERED


def test_only_what_was_chosen_is_carried_over() -> None:
    carried = compile_version(decode(CARRIED))
    item = carried.items["best"]

    resolved = offered(item, {"tried": ["a", "c"]}, TODAY)

    assert [o.value for o in resolved.options] == ["a", "c", "none"]


def test_a_constraint_quotes_the_answers_and_the_values_computed() -> None:
    raw = {
        **CARRIED,
        "computed": [{"key": "reste", "expression": "100 - age"}],
        "sections": [
            {
                "key": "un",
                "title": {"fr": "Une"},
                "introduction": {"fr": "Vous avez ${age} ans."},
                "questions": [
                    {
                        "kind": "number",
                        "key": "age",
                        "label": {"fr": "Âge"},
                        "constraints": [
                            {"expression": "age > 40", "message": {"fr": "Il reste ${reste} ans."}},
                            {"expression": "age > 50", "message": {}},
                        ],
                    }
                ],
            }
        ],
    }
    aged = compile_version(decode(raw))
    path = walk(aged, {"age": 30}, TODAY)

    assert [p.sentence for p in problems(aged, path, TODAY)] == [
        "Il reste 70 ans",
        "cette réponse ne s’accorde pas avec les autres\u00a0: vérifiez-la",
    ]
    introduction = aged.sections[0].section.introduction
    assert filled(aged, introduction, path, TODAY, "fr") == "Vous avez 30 ans."


@pytest.mark.parametrize("answer", [True, 12, {"a": "b"}, [3], {"typed": "x"}, "zz", None])
def test_nothing_is_carried_over_from_what_is_no_choice(answer: Any) -> None:
    item = compile_version(decode(CARRIED)).items["best"]

    assert [o.value for o in offered(item, {"tried": answer}, TODAY).options] == ["none"]


def option(value: str) -> dict[str, Any]:
    return {"value": value, "label": {"fr": value.upper()}}


CARRIED = {
    "code": "carried",
    "title": {"fr": "Report"},
    "sections": [
        {
            "key": "one",
            "title": {"fr": "Une"},
            "questions": [
                {
                    "kind": "multiple",
                    "key": "tried",
                    "label": {"fr": "Essayés"},
                    "options": [option("a"), option("b"), option("c")],
                },
                {
                    "kind": "single",
                    "key": "best",
                    "label": {"fr": "Préféré"},
                    "options_from": "tried.chosen",
                    "options": [option("none")],
                },
            ],
        }
    ],
}
