"""The questionnaire on paper: everything is there, nothing is markup."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from consultation.authoring import typesetting
from consultation.authoring.overview import Overview
from consultation.authoring.paper import paper
from consultation.questionnaires.format import decode
from consultation.questionnaires.starters.shelf import names, starter
from consultation.settings import ROOT
from tests.responses.making import short

TODAY = date(2022, 2, 1)
BLOCKS = [
    json.loads(block)
    for block in re.findall(
        r"(?s)```json\n(.*?)```", (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    )
]
HOSTILE = '#panic() $x$ *gras* `code` <b> \\ #import "/etc/passwd" @ref = titre // fin'


def every_kind(label: str = "") -> Overview:
    data = json.loads(json.dumps(BLOCKS[0]))
    data["sections"][0]["questions"] += json.loads(json.dumps(BLOCKS[1:]))
    if label:
        for question in data["sections"][0]["questions"]:
            question["label"] = {"fr": label}
            for option in question.get("options", []):
                option["label"] = {"fr": label}
    return Overview(decode(data), TODAY)


def test_every_kind_has_room_for_an_answer() -> None:
    [section] = paper(every_kind(), "fr").sections
    shapes = {question.shape for question in section.questions}
    assert shapes == {
        "boxes", "numbers", "grid", "amounts", "line", "lines", "date", "text", "none",
    }  # fmt: skip


def test_a_paper_laid_before_an_assembly_says_which_version_it_is() -> None:
    whole = Overview(starter("satisfaction"), TODAY)
    assert paper(whole, "fr", 2, draft=True).state == "Version 2, brouillon"
    assert paper(whole, "en", 3).state == "Version 3, published"


def test_the_condition_of_an_option_is_said_beside_its_question() -> None:
    options = [{"value": value, "label": {"fr": value}} for value in "ab"]
    first = {"kind": "single", "key": "un", "label": {"fr": "Lequel ?"}, "options": options}
    hidden = {"value": "c", "label": {"fr": "c"}, "relevant": "un == 'a'"}
    then = {
        "kind": "multiple",
        "key": "deux",
        "label": {"fr": "Lesquels ?"},
        "why": {"fr": "Pour choisir."},
        "min_choices": 2,
        "options": [*options, hidden],
    }
    [section] = paper(Overview(decode(short(first, then)), TODAY), "fr").sections
    assert [hint.replace("\u00a0", " ") for hint in section.questions[1].hints] == [
        "Pour choisir.",
        "Plusieurs réponses possibles.",
        "2 réponses au moins.",
        "« c » : seulement si « 1. Lequel ? » est « a ».",
    ]


def test_conditions_are_said_with_numbers() -> None:
    [profile, *_] = paper(Overview(starter("poles_2022"), TODAY), "fr").sections
    organisation = profile.questions[1]
    assert organisation.hints[-1] == (
        "Répondez seulement si «\u00a01. À quel titre répondez-vous\u00a0?\u00a0» n’est pas "
        "«\u00a0Particulier\u00a0»."
    )


def test_what_is_carried_over_names_its_question() -> None:
    options = [{"value": value, "label": {"fr": value}} for value in "ab"]
    first = {"kind": "multiple", "key": "un", "label": {"fr": "Lesquels ?"}, "options": options}
    then = {
        "kind": "ranking",
        "key": "deux",
        "label": {"fr": "Classez"},
        "options_from": "un.chosen",
    }
    whole = Overview(decode(short(first, then)), TODAY)
    [section] = paper(whole, "fr").sections
    assert [box.label for box in section.questions[1].boxes] == ["a", "b"]
    assert "que vous avez choisi à la question\u00a01" in section.questions[1].hints[-1]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_model_is_typeset_and_tagged(name: str, language: str) -> None:
    data = typesetting.pdf(paper(Overview(starter(name), TODAY), language))
    assert data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in data
    assert b"pdfuaid" in data


def test_what_organisers_write_is_never_read_as_markup() -> None:
    laid_out = paper(every_kind(HOSTILE), "fr")
    assert HOSTILE.split()[0] in laid_out.sections[0].questions[0].label
    assert typesetting.pdf(laid_out).startswith(b"%PDF")
