"""One of our questions as a question of LimeSurvey."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from consultation.questionnaires.compiled import Item
from consultation.questionnaires.formats.limesurvey.codes import Codes
from consultation.questionnaires.formats.limesurvey.validations import PATTERNS
from consultation.questionnaires.formats.limesurvey.written import Tables
from consultation.questionnaires.formats.limesurvey.written_equations import Target
from consultation.questionnaires.kinds.date import first_day
from consultation.questionnaires.kinds.question import Option, Row, Text

OTHER_LETTERS = {
    "single": "L", "scale": "L", "multiple": "M", "matrix": "F", "ranking": "R", "number": "N",
    "allocation": "K", "short_text": "S", "long_text": "T", "date": "D", "file": "|",
    "consent": "M", "statement": "X",
}  # fmt: skip


class Exporting(Protocol):
    """What a question asks of the export under way."""

    def lost(self, where: str, what: str) -> None: ...
    def equation(self, where: str, source: str | None) -> str: ...
    def rule(self, where: str, source: str) -> str: ...
    def quoting(self, text: Text) -> Text: ...


@dataclass(frozen=True, slots=True)
class Writing:
    """Where a question is written: the tables, the export, its survey, its group, its place."""

    tables: Tables
    export: Exporting
    sid: str
    gid: str
    order: int


def target(item: Item, codes: Codes) -> Target:
    """Return how equations write a question."""
    kind = _kind(item)
    code = codes.title(item.key)
    options = [o for o in item.resolved.options if not o.other]
    other = next((o.value for o in item.resolved.options if o.other), "")
    if other and other != "other":
        codes.names.append((code, "-oth-", other))
    rows = [r.value for r in item.resolved.rows]
    values = [o.value for o in options]
    if kind == "consent":
        return Target(kind, code, options={"true": "SQ001"})
    written = codes.parts(code, values, rows, answers=kind != "multiple")
    return Target(
        "reference" if kind == "single" and item.name == "reference" else kind,
        code,
        options={**written, other: "-oth-"} if other and kind != "multiple" else written,
        rows=codes.parts(code, rows, values, answers=False),
        other=other,
    )


def _kind(item: Item) -> str:
    if item.name == "reference":
        return "multiple" if item.question.several else "single"
    return item.name


def write(writing: Writing, item: Item, aim: Target) -> None:
    """Write a question, its rows, its options, its attributes and its default answer."""
    question, kind = item.question, _kind(item)
    qid = writing.tables.new_id("questions")
    letter = "!" if _is_menu(item) else OTHER_LETTERS[kind]
    writing.tables.add(
        "questions", qid=qid, parent_qid="0", sid=writing.sid, gid=writing.gid, type=letter,
        title=aim.code, preg=_preg(question), other="Y" if aim.other else "N",
        mandatory="Y" if question.required else "N", question_order=str(writing.order),
        scale_id="0", same_default="0",
        relevance=writing.export.equation(item.key, question.relevant),
    )  # fmt: skip
    writing.tables.say(
        "question_l10ns",
        {"qid": qid},
        question=writing.export.quoting(question.label),
        help=writing.export.quoting(question.hint),
    )
    _parts(writing, item, aim, qid, letter)
    for name, value in _attributes(writing, item, aim).items():
        if value:
            writing.tables.attribute(qid, name, value)
    _constraints(writing, item, qid)


def _is_menu(item: Item) -> bool:
    if item.name == "reference":
        return not item.question.several
    return item.name == "single" and item.question.display == "select"


def _preg(question: Any) -> str:
    pattern, regex = getattr(question, "pattern", None), getattr(question, "regex", None)
    if pattern:
        return PATTERNS[str(pattern)]
    if not regex:
        return ""
    small = regex.startswith("(?i:") and regex.endswith(")")
    body = (regex[4:-1] if small else regex).replace("/", "\\/")
    body = f"(?:{body})" if "|" in body and not body.startswith("(?:") else body
    return f"/^{body}$/{'i' if small else ''}"


# --- rows, options, defaults -------------------------------------------------------------------


def _parts(writing: Writing, item: Item, aim: Target, qid: str, letter: str) -> None:
    options = [o for o in item.resolved.options if not o.other]
    default = item.question.default
    if letter == "M":
        boxes: Sequence[Option] = options
        if item.name == "consent":
            boxes = [Option(value="true", label=item.question.statement)]
        ids = _subquestions(writing, item, aim.options, boxes, qid, letter)
        for value in default if isinstance(default, list) else ():
            if value in ids:
                _default(writing, qid, "Y", sqid=ids[value])
        return
    ids = _subquestions(writing, item, aim.rows, item.resolved.rows, qid, letter)
    _answers(writing, item, aim, options, qid)
    if isinstance(default, dict):
        for row, value in default.items():
            if row in ids and value in aim.options:
                _default(writing, qid, aim.options[value], sqid=ids[row])
    elif isinstance(default, str | int | float) and not isinstance(default, bool):
        _default(writing, qid, aim.options.get(str(default), str(default)))


def _subquestions(
    writing: Writing,
    item: Item,
    codes: Any,
    parts: Sequence[Option | Row],
    qid: str,
    letter: str,
) -> dict[str, str]:
    ids = {}
    for number, part in enumerate(parts, 1):
        sqid = ids[part.value] = writing.tables.new_id("questions")
        writing.tables.add(
            "subquestions", qid=sqid, parent_qid=qid, sid=writing.sid, gid=writing.gid, type=letter,
            title=codes[part.value], preg="", other="N", mandatory="N", question_order=str(number),
            scale_id="0", same_default="0",
            relevance=writing.export.equation(item.key, _condition(item, part)),
        )  # fmt: skip
        writing.tables.say("question_l10ns", {"qid": sqid}, question=_label(writing, part), help={})
    return ids


def _condition(item: Item, part: Option | Row) -> str | None:
    """Return the condition of an option or a row; what is carried over is shown when chosen."""
    own = {o.value for o in getattr(item.question, "options", ())}
    own |= {r.value for r in getattr(item.question, "rows", ())}
    if item.carried and part.value not in own:
        value = part.value.replace("\\", "\\\\").replace("'", "\\'")
        return f"selected({item.carried}, '{value}')"
    return part.relevant


def _answers(
    writing: Writing, item: Item, aim: Target, options: Sequence[Option], qid: str
) -> None:
    for number, option in enumerate(options, 1):
        if _condition(item, option):
            writing.export.lost(
                item.key,
                f"La condition de l’option «\u00a0{option.value}\u00a0» n’est pas écrite\u00a0: "
                "LimeSurvey montre toutes les réponses d’une liste.",
            )
        aid = writing.tables.new_id("answers")
        writing.tables.add(
            "answers", aid=aid, qid=qid, code=aim.options[option.value], sortorder=str(number),
            assessment_value="0", scale_id="0",
        )  # fmt: skip
        writing.tables.say("answer_l10ns", {"aid": aid}, answer=_label(writing, option))


def _label(writing: Writing, part: Option | Row) -> Text:
    """Return the label of an option or a row, followed by its hint."""
    hint = getattr(part, "hint", {})
    label = {
        language: f"{text} – {hint[language]}" if hint.get(language) else text
        for language, text in part.label.items()
    }
    return writing.export.quoting(label)


def _default(writing: Writing, qid: str, value: str, sqid: str = "0") -> None:
    dvid = writing.tables.new_id("defaultvalues")
    writing.tables.add("defaultvalues", dvid=dvid, qid=qid, scale_id="0", sqid=sqid, specialtype="")
    for language in writing.tables.languages:
        writing.tables.add(
            "defaultvalue_l10ns", id=writing.tables.new_id("defaultvalue_l10ns"), dvid=dvid,
            language=language, defaultvalue=value,
        )  # fmt: skip


# --- attributes --------------------------------------------------------------------------------

Attributes = dict[str, str | Text]


def _attributes(writing: Writing, item: Item, aim: Target) -> Attributes:
    made = _KINDS.get(_kind(item), _nothing)(item)
    question = item.question
    if getattr(question, "random_order", False):
        name = "answer_order" if _kind(item) in ("single", "ranking") else "random_order"
        made[name] = "random" if name == "answer_order" else "1"
    exclusive = [o.value for o in item.resolved.options if o.exclusive]
    codes = [aim.options[value] for value in exclusive if value in aim.options]
    if _kind(item) == "multiple" and codes:
        made["exclude_all_others"] = ";".join(codes)
    other = next((o for o in item.resolved.options if o.other), None)
    if other is not None:
        made["other_replace_text"] = _label(writing, other)
        made |= _other_position(item, aim)
    return made


def _nothing(item: Item) -> Attributes:
    return {}


def _other_position(item: Item, aim: Target) -> Attributes:
    values = [o.value for o in item.resolved.options]
    at = next(n for n, o in enumerate(item.resolved.options) if o.other)
    if at == len(values) - 1:
        return {}
    if at == 0:
        return {"other_position": "beginning"}
    return {"other_position": "specific", "other_position_code": aim.options[values[at - 1]]}


def _number(item: Item) -> Attributes:
    question = item.question
    return {
        "num_value_int_only": "1" if question.integer else "",
        "min_num_value_n": _plain(question.minimum),
        "max_num_value_n": _plain(question.maximum),
        "suffix": question.unit,
    }


def _allocation(item: Item) -> Attributes:
    question = item.question
    return {
        "equals_num_value": _plain(question.total),
        "num_value_int_only": "1" if question.integer else "",
        "suffix": question.unit,
    }


def _multiple(item: Item) -> Attributes:
    question = item.question
    return {
        "min_answers": str(question.min_choices or ""),
        "max_answers": str(question.max_choices or ""),
    }


def _ranking(item: Item) -> Attributes:
    question = item.question
    return {
        "min_answers": str(question.min_ranked or ""),
        "max_answers": str(question.max_ranked or ""),
    }


def _text(item: Item) -> Attributes:
    return {"maximum_chars": str(item.question.max_length)}


def _date(item: Item) -> Attributes:
    question = item.question
    form = {"day": "dd/mm/yyyy", "month": "mm/yyyy", "year": "yyyy"}[question.precision]
    return {
        "date_format": form,
        "date_min": _first(question.minimum),
        "date_max": _last(question.maximum),
    }


def _first(text: str | None) -> str:
    day = first_day(text) if text else None
    return day.isoformat() if day else ""


def _last(text: str | None) -> str:
    """Return the last day of a day, a month or a year."""
    day = first_day(text) if text else None
    if day is None or text is None:
        return ""
    parts = text.count("-")
    if parts == 0:
        day = day.replace(month=12)
    if parts < 2:
        day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day.isoformat()


def _file(item: Item) -> Attributes:
    question = item.question
    return {
        "allowed_filetypes": ", ".join(question.extensions),
        "max_filesize": str(round(question.max_megabytes * 1024)),
        "max_num_of_files": str(question.max_files),
        "show_title": "0",
        "show_comment": "0",
    }


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.10f}".rstrip("0").rstrip(".")


_KINDS: dict[str, Callable[[Item], Attributes]] = {
    "number": _number,
    "allocation": _allocation,
    "multiple": _multiple,
    "ranking": _ranking,
    "short_text": _text,
    "long_text": _text,
    "date": _date,
    "file": _file,
    "scale": lambda item: {"cssclass": "consultation-scale"},
    "consent": lambda item: {"cssclass": "consultation-consent"},
}


def _constraints(writing: Writing, item: Item, qid: str) -> None:
    """Write the constraints of a question as one equation, its message the sum of theirs."""
    rules = [
        (writing.export.rule(item.key, c.expression), c.message) for c in item.question.constraints
    ]
    rules = [(rule, message) for rule, message in rules if rule]
    if not rules:
        return
    source = " and ".join(f"({rule})" for rule, _ in rules) if len(rules) > 1 else rules[0][0]
    writing.tables.attribute(qid, "em_validation_q", source)
    languages = dict.fromkeys(language for _, message in rules for language in message)
    tip = {
        language: " ".join(dict.fromkeys(m[language] for _, m in rules if m.get(language)))
        for language in languages
    }
    writing.tables.attribute(qid, "em_validation_q_tip", tip)
