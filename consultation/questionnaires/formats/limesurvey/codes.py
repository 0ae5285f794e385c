"""Names that LimeSurvey accepts for our keys and values, and the way back.

LimeSurvey wants letters and digits only, 20 at most for questions and sub-questions, 5 for
answers. Our own names are written beside (``consultation_names``), where LimeSurvey does not look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from consultation.questionnaires.formats.keys import plain_key

_TITLE, _ANSWER = 20, 5


@dataclass
class Codes:
    """Gives each key its code; ``names`` are our names for the codes that do not say them."""

    names: list[tuple[str, str, str]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def title(self, key: str) -> str:
        """Return the code of a question."""
        wanted = re.sub(r"[^A-Za-z0-9]", "", key)[:_TITLE] or "q"
        code, number = wanted, 2
        while code.lower() in self._taken:
            tail = str(number)
            code, number = wanted[: _TITLE - len(tail)] + tail, number + 1
        self._taken.add(code.lower())
        if plain_key(code) != key:
            self.names.append(("question", code, key))
        return code

    def section(self, number: int, key: str) -> None:
        """Note the key of a section."""
        if key != f"partie_{number}":
            self.names.append(("section", str(number), key))

    def parts(
        self, title: str, values: Sequence[str], taken: Sequence[str], *, answers: bool
    ) -> dict[str, str]:
        """Return the code of each value of a question: itself when LimeSurvey accepts it.

        ``taken`` are the values of the question's other list, which new codes avoid.
        """
        longest, prefix = (_ANSWER, "A") if answers else (_TITLE, "SQ")
        kept = {value for value in values if _accepted(value, longest)}
        used = {value.lower() for value in (*kept, *taken)}
        found: dict[str, str] = {}
        number = 0
        for value in values:
            code = value
            while value not in kept and (code is value or code.lower() in used):
                number += 1
                code = f"{prefix}{number:03d}"
            used.add(code.lower())
            found[value] = code
            if code != value:
                self.names.append((title, code, value))
        return found


def _accepted(value: str, longest: int) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9]+", value)) and len(value) <= longest
