"""What an import says of itself: what came in, what was translated, what was not.

Nothing is dropped without a line: what came in equals what is in the questionnaire plus
what is in ``problems``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from consultation.questionnaires.format import Questionnaire


class UnreadableFile(Exception):
    """A file cannot be read at all; the message is one French sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that could not be kept as it was.

    ``where`` is ``sheet, row 12`` for a spreadsheet, the path of the element for XML, the JSON
    pointer for JSON; ``what`` is one French sentence.
    """

    where: str
    what: str


@dataclass(slots=True)
class Tally:
    """How many expressions were translated, and how many are reported instead."""

    translated: int = 0
    reported: int = 0


@dataclass(slots=True)
class Report:
    """The counts are those of the file that came in, as its own tool counts them."""

    format: str
    languages: list[str] = field(default_factory=list)
    sections: int = 0
    questions: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    options: int = 0
    conditions: Tally = field(default_factory=Tally)
    constraints: Tally = field(default_factory=Tally)
    problems: list[Issue] = field(default_factory=list)
    _said: set[Issue] = field(default_factory=set, init=False, repr=False, compare=False)

    def problem(self, where: str, what: str) -> None:
        """Add a line, once."""
        issue = Issue(where, what)
        if issue not in self._said:
            self._said.add(issue)
            self.problems.append(issue)

    def as_json(self) -> dict[str, Any]:
        """Return the object that the command prints and the page shows."""
        data = asdict(self)
        del data["_said"]
        return {**data, "kinds": dict(sorted(self.kinds.items()))}


@dataclass(frozen=True, slots=True)
class Import:
    """The questionnaire read, and the report about it."""

    questionnaire: Questionnaire
    report: Report
