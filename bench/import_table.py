"""The table of imports: a file of 600 questions, read by the command of organisers."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.questionnaires import questionnaire
from consultation.questionnaires.formats.doors import WRITERS
from consultation.settings import ROOT

QUESTIONS = 600
SECONDS = 3.0
"""What an import of that size may take, starting the command included."""


@dataclass(frozen=True, slots=True)
class Imported:
    """One file read: its format and size, the questions found, the seconds it took."""

    format: str
    kilobytes: float
    questions: int
    wall: float
    cpu: float


def print_imports() -> None:
    """Measure the imports and print what they cost."""
    found = measure_imports()
    print(
        f"Importing a questionnaire of {QUESTIONS} questions by the command, its start included.\n"
    )
    print("| file | kB | questions read | seconds | CPU s |\n|---|---|---|---|---|")
    for line in rows(found):
        print(line)
    print(f"\n{verdict(found)}\n")


def measure_imports(questions: int = QUESTIONS) -> list[Imported]:
    """Read the same questionnaire as an XLSForm and as a LimeSurvey structure."""
    made = questionnaire(questions)
    with tempfile.TemporaryDirectory() as folder:
        return [_imported(name, WRITERS[name].write(made), Path(folder)) for name in _FORMATS]


_FORMATS = ("xlsform", "limesurvey", "json")


def _imported(name: str, data: bytes, folder: Path) -> Imported:
    file = folder / f"bench.{WRITERS[name].extension}"
    file.write_bytes(data)
    words = ["questionnaires", "import", str(file), "--dry-run", "--report", "json"]
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *words]
    environ = os.environ | {"INSTANCE_PATH": str(folder / "instance")}
    before, begin = _spent(), time.monotonic()
    done = subprocess.run(command, env=environ, capture_output=True, check=True)
    wall, cpu = time.monotonic() - begin, _spent() - before
    asked = json.loads(done.stdout)["questions"]
    return Imported(name, len(data) / 1000, asked, wall, cpu)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows(found: list[Imported]) -> list[str]:
    """Return the lines of the table."""
    return [
        f"| {one.format} | {one.kilobytes:.0f} | {one.questions} | {one.wall:.1f} | {one.cpu:.1f} |"
        for one in found
    ]


def verdict(found: list[Imported]) -> str:
    """Say whether every import keeps its mark."""
    worst = max(one.wall for one in found)
    met = "met" if worst < SECONDS else "missed"
    return f"Mark: under {SECONDS:.0f} s for {QUESTIONS} questions: {worst:.1f} s at most, {met}."
