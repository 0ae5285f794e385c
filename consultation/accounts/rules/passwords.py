"""Passwords: the rule of CNIL's deliberation 2022-100 for a password alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from consultation.web.typography import NBSP

LONGEST = 256
RULE = (
    "12 caractères avec une majuscule, une minuscule, un chiffre et un caractère spécial, "
    "ou 14 caractères de trois de ces quatre sortes, ou une phrase de 7 mots"
)
TOO_WEAK = f"Choisissez un mot de passe plus long{NBSP}: {RULE}"
TOO_COMMON = f"Choisissez un autre mot de passe{NBSP}: celui-ci fait partie des plus utilisés"
TOO_PERSONAL = "Choisissez un mot de passe sans votre nom ni votre adresse"
TOO_LONG = f"Limitez-vous à {LONGEST} caractères"
UNREADABLE = "Choisissez un mot de passe sans caractère illisible"

_LEET = str.maketrans("013457@$!", "oleastasi")
_WORD = re.compile(r"[^\W\d_]{2,}")


def normalise(password: str) -> str:
    """Return the one form that is hashed, whatever the keyboard made of accents."""
    return unicodedata.normalize("NFKC", password)


def fault(password: str, about: Iterable[str] = ()) -> str | None:
    """Return the French sentence that refuses ``password``, or ``None`` when it is accepted.

    ``about`` holds what others know of the person: name, address.
    """
    if len(password) > LONGEST:
        return TOO_LONG
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in password):
        return UNREADABLE
    typed, password = len(password), normalise(password)
    if not _is_strong(password, typed):
        return TOO_WEAK
    if _is_common(password):
        return TOO_COMMON
    return TOO_PERSONAL if _is_personal(password, about) else None


def classes(password: str) -> int:
    """Return how many of lower-case, upper-case, digit and special appear."""
    kinds = (str.islower, str.isupper, str.isdigit, _is_special)
    return sum(any(kind(c) for c in password) for kind in kinds)


def _is_special(character: str) -> bool:
    return not (character.islower() or character.isupper() or character.isdigit())


def _is_strong(password: str, typed: int) -> bool:
    # One character may become several in the normal form: those count as one.
    length = min(typed, len(password))
    if len({word.casefold() for word in _WORD.findall(password)}) >= 7:
        return True
    enough = (length >= 12 and classes(password) == 4) or (length >= 14 and classes(password) >= 3)
    return enough and len(set(password)) >= 4


def _is_common(password: str) -> bool:
    return any(reduced in _common() for reduced in _reduced(password))


def _reduced(password: str) -> Iterable[str]:
    """Yield what is left of ``password`` without its decorations: P@ssw0rd2022! is password."""
    text = password.casefold()
    for form in (text, re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)):
        yield form
        yield re.sub(r"[\W_]+", "", form)
        yield re.sub(r"[\W\d_]+", "", form.translate(_LEET))


@cache
def _common() -> frozenset[str]:
    words = (Path(__file__).parent.parent / "data" / "common_passwords.txt").read_text("utf-8")
    found = {word for word in words.splitlines() if word and not word.startswith("#")}
    return frozenset(found | {first + second for first in found for second in found})


def _is_personal(password: str, about: Iterable[str]) -> bool:
    text = password.casefold()
    known = {part for item in about for part in re.findall(r"\w{4,}", item.casefold())}
    rest = text
    for part in sorted(known, key=len, reverse=True):
        rest = rest.replace(part, "")
    return rest != text and len(re.sub(r"[\W_]+", "", rest)) < 8
