"""Questionnaires of any length, made of the kinds of the real one, and answers to them."""

from __future__ import annotations

from datetime import date
from itertools import count, islice
from typing import Any

import numpy as np

from consultation.demo.answers import Filling, draw_batch
from consultation.questionnaires.compiled import CompiledVersion, Item, compile_version
from consultation.questionnaires.format import Questionnaire, decode
from consultation.questionnaires.starters.shelf import starter

REAL = 39
QUESTIONS_PER_PAGE = 5


def questionnaire(questions: int) -> Questionnaire:
    """Return a questionnaire of that many questions; the real one for its own number."""
    return starter("poles_2022") if questions == REAL else _generated(questions)


def _generated(questions: int) -> Questionnaire:
    made = list(islice(_questions(), questions))
    pages = range(0, questions, QUESTIONS_PER_PAGE)
    return decode(
        {
            "code": f"generated_{questions}",
            "title": {"fr": f"Questionnaire de {questions} questions"},
            "lists": _lists(),
            "scales": {"accord": [_option(str(n), f"Degré {n}") for n in range(1, 6)]},
            "sections": [
                {
                    "key": f"page_{page // QUESTIONS_PER_PAGE + 1}",
                    "title": {"fr": f"Partie {page // QUESTIONS_PER_PAGE + 1}"},
                    "questions": made[page : page + QUESTIONS_PER_PAGE],
                }
                for page in pages
            ],
        }
    )


def _lists() -> dict[str, Any]:
    """Return the list of regions of the real questionnaire."""
    regions = starter("poles_2022").lists["regions"]
    return {"regions": [_option(o.value, o.label["fr"]) for o in regions]}


def _option(value: str, label: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "label": {"fr": label}, **more}


def _questions() -> Any:
    """Yield questions for ever: the kinds in turn, one in three behind a condition."""
    for number in count(1):
        kind = _KINDS[(number - 1) % len(_KINDS)]
        question = {
            "key": f"q{number}",
            "label": {"fr": f"Que pensez-vous de la proposition numéro {number} ?"},
            "required": kind["kind"] != "long_text",
            **kind,
        }
        if number > 1 and number % 3 == 0:
            question["relevant"] = "q1 != 'c4'"
        yield question


_CHOICES = [_option(f"c{n}", f"La réponse possible numéro {n}") for n in range(1, 7)]
_ROWS = [_option(f"r{n}", f"La ligne à évaluer numéro {n}") for n in range(1, 6)]
_KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "single", "options": _CHOICES},
    {"kind": "matrix", "scale": "accord", "rows": _ROWS},
    {"kind": "multiple", "options": _CHOICES, "max_choices": 3},
    {"kind": "number", "minimum": 0, "maximum": 100, "unit": {"fr": "%"}},
    {"kind": "long_text", "max_length": 2000},
    {"kind": "scale", "scale": "accord"},
    {"kind": "ranking", "options": _CHOICES, "max_ranked": 3},
    {"kind": "reference", "from_list": "regions"},
    {"kind": "short_text", "max_length": 200},
    {"kind": "allocation", "rows": _ROWS[:3], "total": 100},
)


def whole_answers(version: CompiledVersion) -> dict[str, Any]:
    """Return answers to every question: the fullest of many respondents for the real one."""
    if version.questionnaire.code == "poles_2022":
        return _fullest(version)
    return {key: _answer(item) for key, item in version.items.items()}


def _fullest(version: CompiledVersion) -> dict[str, Any]:
    batch = draw_batch(np.random.default_rng(5), 1, 400, version, {})
    filling = Filling(version, date(2022, 2, 1))
    everybody = [filling.answers(batch, place)[0] for place in range(len(batch))]
    return max(everybody, key=len)


def _answer(item: Item) -> Any:
    options = [option.value for option in item.resolved.options]
    rows = [row.value for row in item.resolved.rows]
    answers: dict[str, Any] = {
        "multiple": options[:2],
        "ranking": options[:3],
        "number": 42,
        "long_text": "Une réponse de quelques phrases. Elle dit ce qui compte et pourquoi. " * 4,
        "short_text": "Une réponse courte",
        "allocation": {"r1": 50, "r2": 30, "r3": 20},
        "matrix": dict.fromkeys(rows, options[2] if len(options) > 2 else ""),
    }
    return answers.get(item.name) or options[1]


def compiled(questions: int) -> CompiledVersion:
    """Return the questionnaire of that many questions, ready."""
    return compile_version(questionnaire(questions))
