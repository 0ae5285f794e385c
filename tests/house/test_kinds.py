"""A kind of question is whole in every room: drawn, summed up, exported, edited, printed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from consultation.authoring import kinds as editor
from consultation.authoring.overview import Overview
from consultation.authoring.paper import paper
from consultation.exports.individual import columns
from consultation.questionnaires import drawing
from consultation.questionnaires.checks import SECONDS_TO_ANSWER
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.expressions.symbols import NAMES as SHAPES
from consultation.questionnaires.format import Questionnaire, decode
from consultation.questionnaires.formats.doors import WRITERS
from consultation.questionnaires.kinds.table import KINDS, Kind
from consultation.questionnaires.layout import vector
from consultation.questionnaires.path import submitted, walk
from consultation.results.questions import CHARTS
from consultation.settings import ROOT
from tests.questionnaires.kinds.examples import EXAMPLES, questionnaire

TODAY = date(2022, 2, 1)
FUNCTIONS = sorted(name for name in vars(Kind) if not name.startswith("_") and name.islower())
NO_ANSWER = "statement"


def whole_of(name: str) -> Questionnaire:
    return decode(questionnaire(EXAMPLES[name][0]))


def version_of(name: str) -> CompiledVersion:
    return compile_version(whole_of(name))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_every_function_and_says_how_it_is_seen(name: str) -> None:
    kind: Any = KINDS[name]

    assert FUNCTIONS == [
        "cells", "check", "columns", "display", "errors", "pack", "read", "width",
    ]  # fmt: skip
    assert [f for f in FUNCTIONS if not callable(getattr(kind, f, None))] == []
    assert kind.SHAPE in SHAPES or name == NO_ANSWER
    assert kind.SUMMARY


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_drawn_summed_up_and_timed(name: str) -> None:
    macros = ROOT / "templates/questionnaires/kinds" / f"{name}.html"

    assert "{% macro question(q) %}" in macros.read_text(encoding="utf-8")
    assert name in CHARTS or name in ("reference", NO_ANSWER)  # a reference is drawn as a choice
    assert name in SECONDS_TO_ANSWER
    assert name in drawing.WORDED or "typed" not in EXAMPLES[name][0]


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_edited_and_printed(name: str) -> None:
    [section] = paper(Overview(whole_of(name), TODAY), "fr").sections

    assert editor.NAMES[name]
    assert "label" in {spec.name for spec in editor.specs_of(name)}
    assert editor.new_question(name, "q", {"fr": "Une question"})
    assert section.questions[0].shape


@pytest.mark.parametrize("name", [name for name in KINDS if name != NO_ANSWER])
def test_a_kind_has_a_column_for_each_cell_and_bytes_for_each_answer(name: str) -> None:
    version = version_of(name)
    item = version.items["q"]
    for answers in EXAMPLES[name][1]:
        path = walk(version, answers, TODAY)
        kept = submitted(version, path)
        cells = item.kind.cells(item.resolved, kept)

        assert len(cells) == len(item.kind.columns(item.resolved)) > 0
        assert any(cell is not None for cell in cells)
        assert len(vector(version, path, kept)) == version.width
    names = {column.name for column in columns([version])}
    assert {c.name for c in item.kind.columns(item.resolved)} <= names


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("format", WRITERS)
def test_a_kind_is_written_in_the_format_of_every_other_tool(name: str, format: str) -> None:
    assert WRITERS[format].write(whole_of(name))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_on_the_page_of_the_format(name: str) -> None:
    page = (ROOT / "docs/format.md").read_text(encoding="utf-8")

    assert f"\n### {name}\n" in page
