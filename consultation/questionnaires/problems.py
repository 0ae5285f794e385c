"""What to correct before sending, question by question: a pure function, as the path is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from consultation.questionnaires.compiled import CompiledVersion, Item
from consultation.questionnaires.expressions.evaluate import evaluate
from consultation.questionnaires.expressions.tree import references
from consultation.questionnaires.kinds.question import Answer, Text, is_typed
from consultation.questionnaires.kinds.sentences import sentence
from consultation.questionnaires.path import Path, offered
from consultation.questionnaires.quoting import filled


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to correct before sending: the question, its section, one sentence.

    ``missing``: nothing is wrong with what is there, it is only not complete.
    """

    key: str
    section: int
    sentence: str
    missing: bool = False


def problems(
    version: CompiledVersion,
    path: Path,
    today: date,
    language: str = "fr",
    section: int | None = None,
    required: bool = True,
) -> list[Problem]:
    """Return what to correct, in the order of the pages.

    With ``section``, only in that section; without ``required``, gaps are not problems.
    """
    found = []
    for part in version.sections:
        if section in (None, part.number):
            for item in part.items:
                if item.key in path.shown:
                    found += _problems_of(version, item, path, today, language, required)
    return found


def _problems_of(
    version: CompiledVersion, item: Item, path: Path, today: date, language: str, required: bool
) -> list[Problem]:
    if item.key not in path.answers:
        gap = required and item.question.required and item.name != "statement"
        return [_problem(item, sentence(_gap(item), language), missing=True)] if gap else []
    said = item.kind.errors(offered(item, path.answers, today), path.answers, language)
    missing = bool(said) and _only_incomplete(item, path.answers[item.key])
    if said and (required or not missing):
        return [_problem(item, text, missing) for text in said]
    broken = _broken_constraints(item, path, today)
    return [_problem(item, _worded(version, text, path, today, language)) for text in broken]


def _problem(item: Item, text: str, missing: bool = False) -> Problem:
    return Problem(item.key, item.section, text, missing)


def _gap(item: Item) -> str:
    codes = {
        "single": "choose", "scale": "choose", "multiple": "choose_some", "consent": "consent",
        "reference": "choose_some" if getattr(item.question, "several", False) else "choose",
    }  # fmt: skip
    return codes.get(item.name, "required")


def _only_incomplete(item: Item, answer: Answer) -> bool:
    """Say whether the only fault can be that something is still missing."""
    if is_typed(answer):
        return False
    if item.name == "matrix":
        known = {o.value for o in item.resolved.options}
        return all(point in known for point in answer.values())
    if item.name == "ranking":
        return len(answer) < int(item.question.min_ranked)
    return False


def _broken_constraints(item: Item, path: Path, today: date) -> list[Text]:
    """Return the messages of the constraints that the answers given do not satisfy."""
    found = []
    for expression, message in item.constraints:
        read = references(expression) & path.shown
        given = all(k in path.answers and not is_typed(path.answers[k]) for k in read)
        if given and evaluate(expression, path.answers, today) is not True:
            found.append(message)
    return found


def _worded(version: CompiledVersion, message: Text, path: Path, today: date, language: str) -> str:
    text = filled(version, message, path, today, language).rstrip(".")
    return text or sentence("constraint", language)
