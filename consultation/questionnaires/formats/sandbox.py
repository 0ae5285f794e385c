"""Reading a stranger's file apart: another process, bounded in time and in memory.

``python -m consultation.questionnaires.formats.sandbox NAME`` reads the file on its standard
input and prints one JSON object; ``read_apart`` starts it and gives the result back.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

from consultation.questionnaires.format import FormatError, decode, encode
from consultation.questionnaires.formats.report import (
    Import,
    Issue,
    Report,
    Tally,
    UnreadableFile,
)

SECONDS = 8
"""Of the clock, so that starting the command or answering the page fits in ten."""
MEGABYTES = 300
TOO_HEAVY = UnreadableFile(
    "Ce fichier demande trop de temps ou de mémoire. Gardez seulement le questionnaire, "
    "sans les réponses, et réessayez."
)
NOT_READ = UnreadableFile(
    "Ce fichier n’a pas pu être lu jusqu’au bout. Enregistrez-le à nouveau depuis l’outil qui l’a "
    "fait, et réessayez."
)

_ROOT = Path(__file__).resolve().parents[3]
"""Where the package stands: the other process starts there, whatever the folder of this one."""

log = logging.getLogger(__name__)


def read_apart(data: bytes, name: str) -> Import:
    """Read a file in a process of its own, whatever its format.

    Raises:
        UnreadableFile: it cannot be read, or it asks for too much.
    """
    answer = _answer(data, name.replace("\0", "") or "questionnaire")
    if "refused" in answer:
        raise UnreadableFile(answer["refused"])
    try:
        questionnaire = decode(answer["questionnaire"])
    except FormatError as error:
        log.exception("A file read apart makes no questionnaire")
        raise NOT_READ from error
    return Import(questionnaire, report_of(answer["report"]))


def _answer(data: bytes, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", __name__, "--", name]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the name is one argument
            command, input=data, capture_output=True, timeout=SECONDS, check=False, cwd=_ROOT
        )
    except subprocess.TimeoutExpired as error:
        raise TOO_HEAVY from error
    if done.returncode < 0:  # the system stopped it, at a bound
        raise TOO_HEAVY
    if done.returncode > 0:
        log.error("Reading a file apart failed: %s", done.stderr.decode(errors="replace")[-4000:])
        raise NOT_READ
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def report_of(data: dict[str, Any]) -> Report:
    """Return the report that ``as_json`` wrote."""
    report = Report(**data)
    report.kinds = type(Report("").kinds)(data["kinds"])
    report.conditions = Tally(**data["conditions"])
    report.constraints = Tally(**data["constraints"])
    report.problems = [Issue(**problem) for problem in data["problems"]]
    return report


def main(name: str) -> None:
    """Read standard input within the bounds and print the result."""
    from consultation.questionnaires.formats.doors import read_file

    _bound()
    try:
        found = read_file(sys.stdin.buffer.read(), name)
    except UnreadableFile as error:
        answer: dict[str, Any] = {"refused": str(error)}
    except (MemoryError, RecursionError):
        answer = {"refused": str(TOO_HEAVY)}
    else:
        answer = {"questionnaire": encode(found.questionnaire), "report": found.report.as_json()}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


def _bound() -> None:
    """Ask the system to stop this process beyond its memory and time, where it knows how."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not every system has it
        return
    bytes_allowed = MEGABYTES * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (bytes_allowed, bytes_allowed))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


if __name__ == "__main__":
    main(sys.argv[-1])
