"""What it costs to decide which questions of a questionnaire are shown."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from statistics import median

from msgspec.structs import replace

from bench.questionnaires import questionnaire, whole_answers
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.path import walk

TODAY = date(2022, 2, 1)
TURNS = 200


@dataclass(frozen=True, slots=True)
class Walk:
    """One questionnaire: its questions, how many have a condition, median ms of CPU of a path."""

    questions: int
    conditions: int
    cpu_ms: float


def measure(made: Questionnaire) -> Walk:
    """Walk ``made`` with whole answers, again and again."""
    version = compile_version(made)
    answers = whole_answers(version)
    walk(version, answers, TODAY)
    times = [_timed(version, answers) for _ in range(TURNS)]
    conditions = sum(item.condition is not None for item in version.items.values())
    return Walk(len(version.items), conditions, median(times))


def _timed(version: CompiledVersion, answers: dict[str, object]) -> float:
    start = time.process_time_ns()
    walk(version, answers, TODAY)
    return (time.process_time_ns() - start) / 1e6


def all_conditional(questions: int) -> Questionnaire:
    """Return a questionnaire whose every question waits for three clauses on the one before."""
    made = questionnaire(questions)
    before = ""
    sections = []
    for section in made.sections:
        asked = []
        for question in section.questions:
            clauses = f"answered({before}) or not answered({before}) and {before} != 'x'"
            condition = clauses if before else question.relevant
            asked.append(replace(question, relevant=condition))
            before = question.key
        sections.append(replace(section, questions=asked))
    return replace(made, sections=sections)
