"""The table of conditions: what a path costs, beside its mark."""

from __future__ import annotations

from bench.conditions import Walk, all_conditional, measure
from bench.questionnaires import REAL, questionnaire

CPU_MS = 1.0
"""What the conditions of 150 questions may cost, in milliseconds of CPU."""


def print_conditions() -> None:
    """Measure the path of three questionnaires and print it."""
    print(f"Which questions are shown. Mark: {CPU_MS:g} ms of CPU for a whole questionnaire.\n")
    print("| questions | conditions | CPU ms | |")
    print("|---|---|---|---|")
    made = (questionnaire(REAL), questionnaire(150), all_conditional(150))
    for found in map(measure, made):
        print(row(found), flush=True)
    print()


def row(found: Walk) -> str:
    said = "" if found.cpu_ms < CPU_MS else "over its mark"
    return f"| {found.questions} | {found.conditions} | {found.cpu_ms:.2f} | {said} |"
