"""Short text: one line, free or following a pattern (e-mail, URL, SIRET, SIREN, phone, regex)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from consultation.questionnaires.kinds.question import (
    MAXIMUM_TEXT,
    Answer,
    Column,
    Fields,
    Question,
    Resolved,
    say,
)
from consultation.questionnaires.kinds.sentences import sentence

SHAPE = "text"
SUMMARY = "texts"
URL = re.compile(r"https?://[^\s/$.?#][^\s]*\.[^\s]+", re.IGNORECASE)
PHONE = re.compile(r"(?:\+\d{1,3}|0)[\d\s.()\-]{7,18}", re.ASCII)


class ShortText(Question, tag="short_text"):
    """One line of text of at most ``max_length`` characters."""

    max_length: int = 200
    pattern: Literal["email", "url", "siret", "siren", "phone"] | None = None
    regex: str | None = None


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    question, problems = resolved.question, []
    if not 1 <= question.max_length <= MAXIMUM_TEXT:
        problems.append(f"la longueur maximale va de 1 à {MAXIMUM_TEXT}")
    if question.regex is not None and not safe_regex(question.regex):
        problems.append("l’expression régulière n’est pas utilisable")
    return problems


def safe_regex(source: str) -> bool:
    """Say whether ``source`` compiles and repeats no repetition (those can take for ever)."""
    if len(source) > 300 or re.search(r"[+*}]\)?[+*{]|\([^)]*[+*}][^)]*\)[+*{]|\\[1-9]", source):
        return False
    try:
        re.compile(source)
    except (re.error, OverflowError):
        return False
    return True


def read(resolved: Resolved, fields: Fields) -> dict[str, Answer]:
    """Return the text on one line; the digits alone for a SIRET or SIREN."""
    text = " ".join(fields.one(resolved.key).split())
    if resolved.question.pattern in ("siret", "siren"):
        text = re.sub(r"(?<=\d)[\s.](?=\d)", "", text)
    return {resolved.key: text} if text else {}


def errors(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the sentences about a wrong answer."""
    question, answer = resolved.question, str(answers[resolved.key])
    if len(answer) > question.max_length:
        return [sentence("too_long", language, n=question.max_length, now=len(answer))]
    if question.pattern and not follows(question.pattern, answer):
        return [sentence(question.pattern, language)]
    if question.regex and safe_regex(question.regex) and not re.fullmatch(question.regex, answer):
        return [sentence("regex", language)]
    return []


def follows(pattern: str, text: str) -> bool:
    """Say whether ``text`` follows one of the named patterns."""
    if pattern == "email":
        return is_email(text)
    if pattern in ("siret", "siren"):
        return is_registered(pattern, text)
    return bool({"url": URL, "phone": PHONE}[pattern].fullmatch(text))


def is_email(text: str) -> bool:
    """Say whether ``text`` has the form of an e-mail address; nobody is asked."""
    # Here and not above: pages that read no address do not need it.
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def is_registered(pattern: str, text: str) -> bool:
    """Say whether ``text`` is a SIRET or SIREN by its Luhn key (La Poste has its own rule)."""
    # Here and not above: 1 MB that no other page uses.
    from stdnum.fr import siren, siret

    valid: bool = (siret if pattern == "siret" else siren).is_valid(text)
    return valid


def display(resolved: Resolved, answers: Mapping[str, Answer], language: str) -> list[str]:
    """Return the text."""
    return [str(answers[resolved.key])]


def columns(resolved: Resolved) -> list[Column]:
    """One column."""
    return [Column(resolved.key, say(resolved.question.label), "text")]


def cells(resolved: Resolved, answers: Mapping[str, Answer]) -> list[object]:
    """Return the text."""
    return [answers.get(resolved.key)]


def width(resolved: Resolved) -> int:
    """Nothing: only whether it was answered is counted."""
    return 0


def pack(resolved: Resolved, answers: Mapping[str, Answer]) -> bytes:
    """Return nothing."""
    return b""
