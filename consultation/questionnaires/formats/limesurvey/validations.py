"""What an answer must satisfy: patterns, equations, bounds that other answers decide."""

from __future__ import annotations

import re
from typing import Any

from consultation.questionnaires.expressions.build import call, every, literal, question, some
from consultation.questionnaires.expressions.build import expression as checked
from consultation.questionnaires.expressions.parse import parse
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import (
    AnyOf,
    Call,
    Comparison,
    Node,
    Not,
    Number,
    Reference,
    children,
    references,
)
from consultation.questionnaires.formats.limesurvey.asked import Asked
from consultation.questionnaires.formats.limesurvey.checks import whole_pattern
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable, cited
from consultation.questionnaires.formats.limesurvey.scales import CORRECT, in_languages
from consultation.questionnaires.kinds.question import Constraint, Text
from consultation.questionnaires.kinds.short_text import ShortText, safe_regex

PATTERNS = {
    "email": r"/^[^@\s]+@[^@\s]+\.[^@\s]+$/",
    "url": r"/^https?:\/\/[^\s]+\.[^\s]+$/",
    "siret": r"/^[0-9]{14}$/",
    "siren": r"/^[0-9]{9}$/",
    "phone": r"/^(\+[0-9]{1,3}|0)[0-9 .()-]{7,18}$/",
}
"""How our own named patterns are written for LimeSurvey; read back, they are named again."""


def constraints(asked: Asked) -> list[Constraint]:
    """Return the equations a question must satisfy as constraints."""
    whole = _of_question(asked)
    return [*([whole] if whole else ()), *_of_rows(asked)]


def attach(asked: Asked, questions: list[Any], rules: list[Constraint]) -> None:
    """Put each constraint on the last of our questions that it reads."""
    able = [q for q in questions if q.__struct_config__.tag != "statement"]
    for rule in rules:
        read = references(parse(rule.expression))
        target = next((q for q in reversed(able) if q.key in read), able[-1] if able else None)
        if target is None:
            asked.work.report.constraints.translated -= 1
            asked.work.report.constraints.reported += 1
            asked.say("La règle de validation n’est pas reprise\u00a0: rien n’est à répondre ici.")
        else:
            target.constraints = [*target.constraints, rule]


def lose(asked: Asked) -> None:
    """Count and say the rules of a question that is not kept."""
    written = [asked.attributes.get(name) for name in ("em_validation_q", "em_validation_sq")]
    for source in (*written, asked.row.get("preg").strip()):
        if source and not asked.work.silent:
            asked.work.report.constraints.reported += 1
            asked.say(f"La règle de validation {cited(source)} n’est pas reprise avec elle.")


def message(asked: Asked, name: str) -> Text:
    """Return the sentence said when a rule is broken."""
    said = asked.localised(name)
    return said or in_languages(CORRECT, asked.work.source.languages)


def _of_question(asked: Asked) -> Constraint | None:
    source = asked.attributes.get("em_validation_q")
    if not source:
        return None
    found = asked.work.constraint(asked.row, source, itself=asked.title, this=asked.title)
    if not found:
        return None
    rule = _bare(found)
    if not _can_fail(rule):
        asked.work.report.constraints.translated -= 1
        asked.work.report.constraints.reported += 1
        asked.say(
            f"La règle de validation {cited(source)} n’est pas reprise\u00a0: elle compte des "
            "réponses absentes, et les nôtres n’examinent que ce qui est donné."
        )
        return None
    return Constraint(expression=rule, message=message(asked, "em_validation_q_tip"))


def _of_rows(asked: Asked) -> list[Constraint]:
    """Return the equation that each sub-question must satisfy: a constraint by question of ours."""
    source = asked.attributes.get("em_validation_sq")
    if not source or asked.work.silent:
        return []
    own = asked.work.variables.of_question.get(asked.title, {})
    names = [v.name for v in own.values() if v.role == "value"]
    tally = asked.work.report.constraints
    try:
        if not names:
            raise Untranslatable("la question n’a pas de réponse")
        nodes: dict[frozenset[str], list[Node]] = {}
        for name in names:
            one = parse(asked.work.translated(source, itself=asked.title, this=name))
            nodes.setdefault(references(one), []).append(one.root)
        found = [_bare(to_source(checked(every(*same)))) for same in nodes.values()]
    except (Untranslatable, ValueError) as error:
        tally.reported += 1
        reason = getattr(error, "reason", str(error)).rstrip(".")
        asked.say(f"La règle de validation {cited(source)} n’est pas reprise\u00a0: {reason}.")
        return []
    tally.translated += 1
    said = message(asked, "em_validation_sq_tip")
    return [Constraint(expression=rule, message=said) for rule in found]


def _can_fail(source: str) -> bool:
    """Say whether something is left to check once every answer the rule reads is given."""
    waiting: list[Node] = [parse(source).root]
    while waiting:
        match waiting.pop():
            case Call("answered", (Reference(_, None),)):
                continue
            case Reference():
                return True
            case node:
                waiting.extend(children(node))
    return False


def _bare(source: str) -> str:
    """Take off the « only when everything is given » that our constraints mean anyway."""
    root = parse(source).root
    if not isinstance(root, AnyOf):
        return source
    waiting = list(root.operands)
    unanswered: set[str] = set()
    while len(waiting) > 1 and (key := _unanswered(waiting[0])):
        unanswered.add(key)
        waiting.pop(0)
    rule = some(*waiting)
    return to_source(rule) if unanswered == references(checked(rule)) else source


def _unanswered(node: Node) -> str:
    match node:
        case Not(Call("answered", (Reference(key, None),))):
            return key
        case Comparison("==", Call("count", (Reference(key, None),)), Number(0)):
            return key
    return ""


def bound(asked: Asked, name: str, left: Node, operator: str) -> Constraint | None:
    """Return the constraint of a bound that an equation gives, when it does."""
    source = asked.attributes.equation(name)
    if not source or asked.work.silent:
        return None
    tally = asked.work.report.constraints
    try:
        found = asked.work.computed_value(source, asked.title)
        node = parse(f"{to_source(left)} {operator} {to_source(found)}").root
        text = to_source(checked(node))
        asked.work.verified(text)
    except (Untranslatable, ValueError) as error:
        tally.reported += 1
        reason = getattr(error, "reason", str(error)).rstrip(".")
        asked.say(
            f"La limite «\u00a0{name} = {source[:200]}\u00a0» n’est pas reprise\u00a0: {reason}."
        )
        return None
    tally.translated += 1
    if to_source(found) == "today()":
        return asked.limit(to_source(left), (operator, "today()"))
    return Constraint(expression=text, message=message(asked, "em_validation_q_tip"))


def pattern(asked: Asked, questions: list[Any]) -> None:
    """Put the regular expression of a question on the texts and numbers that it became."""
    source = asked.row.get("preg").strip()
    if not source or asked.work.silent:
        return
    tally = asked.work.report.constraints
    targets = [
        q for q in questions if q.__struct_config__.tag in ("short_text", "long_text", "number")
    ]
    try:
        if not targets:
            raise Untranslatable("la question n’a pas de texte")
        for target in targets:
            _follow(asked, target, source)
    except Untranslatable as error:
        tally.reported += 1
        asked.say(f"Le motif «\u00a0{source[:200]}\u00a0» n’est pas repris\u00a0: {error}.")
        return
    tally.translated += 1


def _follow(asked: Asked, target: Any, source: str) -> None:
    names = [name for name, written in PATTERNS.items() if written == source]
    regex = python_regex(source)
    if isinstance(target, ShortText) and names:
        target.pattern = names[0]  # type: ignore[assignment]
    elif isinstance(target, ShortText) and regex and safe_regex(regex):
        target.regex = regex
    else:
        body, small = whole_pattern(source)
        node: Node = question(target.key)
        if target.__struct_config__.tag == "number":
            node = call("text", node)
        node = call("matches", call("lower", node) if small else node, literal(body))
        rule = Constraint(
            expression=to_source(checked(node)), message=message(asked, "em_validation_q_tip")
        )
        target.constraints = [*target.constraints, rule]


def python_regex(source: str) -> str | None:
    """Return a pattern of PHP as one of the whole text for Python, else ``None``."""
    found = re.fullmatch(r"([/#~@!])(.*)\1([a-z]*)", source.strip(), re.DOTALL)
    if not found or set(found[3]) - set("iu"):
        return None
    body = found[2].replace("\\/", "/")
    anchored = body.startswith("^") and body.endswith("$") and not body.endswith("\\$")
    if anchored and "|" not in body:
        body = body[1:-1]
    elif not anchored or "|" in body:
        body = _loosened(body)
    return f"(?i:{body})" if "i" in found[3] else body


def _loosened(body: str) -> str:
    """Let a pattern that is sought anywhere be followed by the whole text."""
    start = "" if body.startswith("^") else ".*"
    end = "" if body.endswith("$") and not body.endswith("\\$") else ".*"
    return f"{start}(?:{body}){end}" if "|" in body else f"{start}{body}{end}"
