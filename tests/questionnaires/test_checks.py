"""What Claire reads beside her questionnaire: what stops it, and what deserves a second look."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from consultation.authoring.overview import drawable
from consultation.questionnaires.checks import checks
from consultation.questionnaires.format import Questionnaire, decode
from consultation.questionnaires.path import offered, walk
from consultation.questionnaires.starters.shelf import names, starter

TODAY = date(2022, 2, 1)


def text(words: str) -> dict[str, str]:
    return {"fr": words} if words else {}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": text(value)} for value in values]


def asked(kind: str, key: str, label: str = "Une question", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "key": key, "label": text(label), **more}


def made_of(*questions: dict[str, Any], **whole: Any) -> Questionnaire:
    sections = [{"key": "partie", "title": text("Partie"), "questions": list(questions)}]
    return decode({"code": "essai", "title": text("Essai"), "sections": sections, **whole})


def said(questionnaire: Questionnaire, level: str) -> list[tuple[str, str]]:
    found = checks(questionnaire, TODAY)
    return [(c.key, c.what.replace("\u00a0", " ")) for c in found if c.level == level]


COLOUR = asked("single", "couleur", options=options("vert", "bleu"))
HIDDEN = {"value": "gris", "label": text("gris"), "relevant": "meteo == 'pluie'"}
UNREADABLE = {"value": "gris", "label": text("gris"), "relevant": "couleur = 'bleu'"}
STOPS = {
    "an option twice": (
        made_of(asked("single", "ton", options=options("vert", "vert"))),
        ("ton", "le code « vert » sert à deux options ou lignes"),
    ),
    "a list that is not there": (
        made_of(asked("single", "ton", from_list="tons")),
        ("ton", "il n’y a pas de liste « tons »"),
    ),
    "a scale that is not there": (
        made_of(asked("scale", "ton", scale="tons")),
        ("ton", "il n’y a pas d’échelle « tons »"),
    ),
    "options of nothing": (
        made_of(asked("single", "ton", options_from="meteo.options")),
        ("ton", "« meteo.options » ne se reprend pas, il n’y a rien de ce nom"),
    ),
    "its own options": (
        made_of(asked("single", "ton", options_from="ton.options")),
        ("ton", "cette question reprend ses propres options"),
    ),
    "choices made in a number": (
        made_of(
            asked("number", "age"),
            asked("single", "ton", options_from="age.chosen", options=options("a", "b")),
        ),
        ("ton", "reprend les choix faits dans la question 1, où l’on ne choisit pas"),
    ),
    "the condition of an option": (
        made_of(asked("single", "ton", options=[*options("vert", "bleu"), HIDDEN])),
        ("ton", "Caractère 1 : la question « meteo » n’existe pas."),
    ),
    "the condition of an option of a common list": (
        made_of(COLOUR, lists={"tons": [*options("vert"), HIDDEN]}),
        ("tons", "Caractère 1 : la question « meteo » n’existe pas."),
    ),
    "an unreadable condition in a common scale": (
        made_of(COLOUR, scales={"tons": [*options("vert"), UNREADABLE]}),
        (
            "tons",
            "Caractère 9 : « = » ne se lit pas ici, le signe = est double pour comparer : "
            "écrivez ==.",
        ),
    ),
    "who answers for nobody else": (
        made_of(COLOUR, individual="acteur == 'particulier'"),
        ("", "Caractère 1 : la question « acteur » n’existe pas (peut-être « couleur »)."),
    ),
    "the SIRET in a choice": (
        made_of(COLOUR, organisation="couleur"),
        ("", "la question du SIRET, « couleur », n’est pas une question de texte court"),
    ),
    "a text that quotes nothing": (
        made_of(COLOUR, asked("number", "age", "Quel âge a le ${ton} ?")),
        ("age", "« ${ton} » ne cite ni une question ni une valeur"),
    ),
    "a word of the expressions": (
        made_of(asked("number", "not")),
        ("not", "changez le code, « not » est un mot des expressions"),
    ),
    "no label": (made_of(asked("number", "age", "")), ("age", "écrivez l’intitulé")),
    "an option without words": (
        made_of(asked("single", "ton", options=[*options("a"), {"value": "b", "label": {}}])),
        ("ton", "écrivez l’option « b »"),
    ),
    "a section without a title": (
        made_of(sections=[{"key": "vide", "title": {}, "questions": [COLOUR]}]),
        ("vide", "écrivez le titre de cette partie"),
    ),
    "more answers than options": (
        made_of(asked("multiple", "tons", min_choices=3, options=options("vert", "bleu"))),
        ("tons", "le nombre de réponses minimum dépasse le nombre d’options"),
    ),
    "a value made of itself": (
        made_of(COLOUR, computed=[{"key": "a", "expression": "number(a) + 1"}]),
        ("a", "cette valeur se calcule à partir d’elle-même"),
    ),
    "the same column in a file": (
        made_of(
            asked("multiple", "ton", options=options("vert", "bleu")), asked("number", "ton_vert")
        ),
        (
            "ton_vert",
            "la colonne « ton_vert » des exports serait en double avec la question 1, "
            "changez un des codes",
        ),
    ),
    "the text of other under the code of an option": (
        made_of(
            asked(
                "multiple",
                "ton",
                options=[
                    *options("other"),
                    {"value": "x", "label": text("Autre"), "other": True},
                ],
            )
        ),
        (
            "ton",
            "la colonne « ton_other » des exports serait en double, changez un des codes",
        ),
    ),
}


@pytest.mark.parametrize(("questionnaire", "expected"), STOPS.values(), ids=STOPS)
def test_claire_is_told_in_french_what_stops_publication(
    questionnaire: Questionnaire, expected: tuple[str, str]
) -> None:
    assert expected in said(questionnaire, "error")


@pytest.mark.parametrize(("questionnaire", "_"), STOPS.values(), ids=STOPS)
def test_a_draft_that_cannot_be_published_is_drawn_all_the_same(
    questionnaire: Questionnaire, _: object
) -> None:
    version = drawable(questionnaire)
    path = walk(version, {"age": 12, "couleur": "vert"}, TODAY)

    for item in version.items.values():
        offered(item, path.answers, TODAY)


LOOKS = {
    "the title of the whole": (
        made_of(COLOUR, languages=["fr", "en"]),
        ("", "1 texte n’est pas traduit (en)"),
    ),
    "the title of a section": (
        made_of(COLOUR, languages=["fr", "en"]),
        ("partie", "1 texte n’est pas traduit (en)"),
    ),
    "two ideas in a yes or no": (
        made_of(
            asked("single", "avis", "Est-ce utile et clair ?", options=options("oui", "non", "?"))
        ),
        ("avis", "deux idées dans une phrase ? « Est-ce utile et clair ? »"),
    ),
    "two ideas in a consent": (
        made_of(asked("consent", "accord", statement=text("J’accepte la lettre et la visite"))),
        ("accord", "deux idées dans une phrase ? « J’accepte la lettre et la visite »"),
    ),
    "eight points": (
        made_of(asked("scale", "note", points=options(*"12345678"))),
        ("note", "8 points sur l’échelle, 7 suffisent"),
    ),
    "a constraint without words": (
        made_of(asked("number", "age", constraints=[{"expression": "age > 3", "message": {}}])),
        ("age", "une contrainte n’a pas de phrase à montrer"),
    ),
    "a condition on what comes later": (
        made_of(asked("number", "age", relevant="couleur == 'vert'"), COLOUR),
        ("age", "sa condition dépend de la question 2, posée plus loin"),
    ),
    "an hour of writing": (
        made_of(*(asked("long_text", f"avis_{n}") for n in range(40))),
        ("", "50 min de lecture et de réponse, 20 suffisent"),
    ),
    "five minutes announced": (
        made_of(*(asked("long_text", f"avis_{n}") for n in range(12)), estimated_minutes=5),
        ("", "5 min annoncées, comptez-en 15 pour tout lire et répondre"),
    ),
}


@pytest.mark.parametrize(("questionnaire", "expected"), LOOKS.values(), ids=LOOKS)
def test_claire_is_told_what_deserves_a_second_look(
    questionnaire: Questionnaire, expected: tuple[str, str]
) -> None:
    assert expected in said(questionnaire, "warning")
    assert said(questionnaire, "error") == []


def test_what_was_chosen_in_an_official_list_is_carried_over() -> None:
    regions = asked("reference", "regions", from_list="regions", several=True)
    best = asked("single", "meilleure", options_from="regions.chosen")
    whole = made_of(regions, best, lists={"regions": options("53", "94")})

    assert said(whole, "error") == []


def test_a_choice_of_colours_that_names_two_is_no_double_question() -> None:
    mixed = asked("single", "ton", "Vert ou bleu ?", options=options("vert", "bleu"))

    assert said(made_of(mixed), "warning") == []


@pytest.mark.parametrize("name", names())
def test_no_model_asks_for_a_second_look_at_its_length_or_its_order(name: str) -> None:
    found = [what for _, what in said(starter(name), "warning")]

    assert not [what for what in found if "min " in what or "plus loin" in what]
