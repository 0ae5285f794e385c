"""File: what was attached, as a list of ``{id, name, size, media_type, sha256}``."""

from __future__ import annotations

from collections.abc import Mapping

from consultation.questionnaires.kinds.question import (
    Answer,
    Column,
    Fields,
    Question,
    Resolved,
    say,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "file"
SUMMARY = "files"


class File(Question, tag="file"):
    """Files of the given extensions. The bytes are kept and checked by the room that receives."""

    extensions: list[str] = []
    max_megabytes: float = 5
    max_files: int = 1


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    question = resolved.question
    if not question.extensions or not 0 < question.max_megabytes <= 10 or question.max_files < 1:
        return ["indiquez des extensions, 10 Mo au plus et un fichier au moins"]
    return []


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return nothing: files do not come as text; the receiving room adds and removes them."""
    return {}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    question = resolved.question
    return [most(question, language)] if len(answers[resolved.key]) > question.max_files else []


def most(question: File, language: str) -> str:
    """Say how many files may be attached."""
    one = question.max_files == 1
    return sentence("one_file" if one else "files", language, n=question.max_files)


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the names of the files."""
    return [str(file["name"]) for file in answers[resolved.key]]


def columns(resolved: Resolved) -> list[Column]:
    """One column with the names."""
    return [Column(resolved.key, say(resolved.question.label), "text")]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the names, separated by a bar."""
    files = answers.get(resolved.key)
    return [" | ".join(str(file["name"]) for file in files) if files else None]


def width(resolved: Resolved) -> int:
    """Nothing: only whether a file is attached is counted."""
    return 0


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return nothing."""
    return b""
