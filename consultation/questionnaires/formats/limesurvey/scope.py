"""From the name of a variable to the variables it means, where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from consultation.questionnaires.expressions.build import (
    answered,
    call,
    compare,
    literal,
    question,
    selected,
)
from consultation.questionnaires.expressions.tree import Node
from consultation.questionnaires.formats.limesurvey.em_tree import Em, Untranslatable
from consultation.questionnaires.formats.limesurvey.variables import (
    Agreement,
    Files,
    Formula,
    Meaning,
    Missing,
    OtherTick,
    Place,
    Tick,
    Value,
    Variable,
    Variables,
)

PLAIN = frozenset(("NAOK", "code", "valueNAOK", "value", "shown"))
"""The suffixes that give an answer; the others tell about the question."""
_SUFFIXES = PLAIN | frozenset(
    "gid grelevance gseq jsName mandatory qid qseq question readWrite relevance relevanceStatus "
    "rowdivid sgqa type".split()
)
_OUTSIDE = frozenset(
    "TOKEN SAVEDID SID SURVEYID LANG STARTDATE SUBMITDATE STARTTIME REFURL IPADDR EXPIRY "
    "ASSESSMENT_HEADING ASSESSMENT_CURRENT_TOTAL GID QID SURVEYNAME SEED PASSTHRULABEL".split()
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an equation stands: ``self`` is the question, ``this`` the variable looked at."""

    variables: Variables
    itself: str = ""
    this: str = ""


class Translating(Protocol):
    """What the parts of the translation ask of each other."""

    @property
    def scope(self) -> Scope: ...
    def condition(self, em: Em) -> Node: ...
    def value(self, em: Em) -> Node: ...
    def amount(self, em: Em) -> Node: ...
    def compared(self, operator: str, left: Em, right: Em) -> Node: ...


def split_name(name: str) -> tuple[list[str], str]:
    """Return the words of a name before its last suffix, and that suffix."""
    words = name.removeprefix("INSERTANS:").split(".")
    suffix = words.pop() if len(words) > 1 and words[-1] in _SUFFIXES else ""
    return words, suffix


def one(scope: Scope, name: str) -> tuple[Meaning, str]:
    """Return what a single variable means, and its suffix.

    Raises:
        Untranslatable: it is unknown, several, lost, or tells about something else than an answer.
    """
    found, suffix = several(scope, name), split_name(name)[1]
    if len(found) != 1:
        raise Untranslatable(f"«\u00a0{name[:60]}\u00a0» désigne plusieurs réponses à la fois")
    if isinstance(found[0].meaning, Missing):
        raise Untranslatable(found[0].meaning.reason)
    if suffix and suffix not in PLAIN and suffix != "relevanceStatus":
        raise Untranslatable(f"«\u00a0.{suffix}\u00a0» n’est pas une réponse")
    return found[0].meaning, suffix


def several(scope: Scope, name: str) -> list[Variable]:
    """Return every variable that a name means: one, or those of ``that.Q1`` and ``self``."""
    if name.startswith("TOKEN:") or name.split(".")[0] in _OUTSIDE:
        raise Untranslatable(f"«\u00a0{name[:60]}\u00a0» n’est pas une réponse au questionnaire")
    words, _ = split_name(name)
    if words[0] in ("self", "that"):
        rest = words[1:] if words[0] == "self" else words[2:]
        code = scope.itself if words[0] == "self" else [*words, ""][1]
        return _filtered(scope, code, rest)
    if words[0] == "this":
        return [scope.variables.find(scope.this)]
    return [scope.variables.find(".".join(words))]


def _filtered(scope: Scope, code: str, filters: list[str]) -> list[Variable]:
    found = list(scope.variables.of_question.get(code, {}).values())
    if not found:
        raise Untranslatable(f"«\u00a0{code[:60]}\u00a0» n’est aucune question du fichier")
    kept = [word.removeprefix("sq_") for word in filters if word.startswith("sq_")]
    if kept:
        found = [v for v in found if any(part in "_".join(v.parts) for part in kept)]
    for word in filters:
        if word.startswith("sq_"):
            continue
        if word.startswith("nosq_"):
            found = [v for v in found if word.removeprefix("nosq_") not in "_".join(v.parts)]
        elif word == "nocomments":
            found = [v for v in found if v.role != "comment"]
        elif word == "comments":
            found = [v for v in found if v.role == "comment"]
        else:
            raise Untranslatable(f"«\u00a0.{word[:40]}\u00a0» n’est pas reconnu")
    if not found:
        raise Untranslatable("elle ne retient aucune ligne")
    return found


def given(meaning: Meaning) -> Node:
    """Return the condition that a variable is not empty."""
    match meaning:
        case Value(reference):
            return answered(reference.key, reference.part)
        case Tick(key, option) | OtherTick(key, option):
            return selected(key, option)
        case Agreement(key):
            return compare(question(key), "==", literal(True))
        case Place(key, number, _):
            return compare(call("count", question(key)), ">=", literal(number))
        case Files(key):
            return compare(call("count", question(key)), ">", literal(0))
        case Formula(node, _):
            return compare(node(), "!=", literal(None))
    raise Untranslatable(meaning.reason)
