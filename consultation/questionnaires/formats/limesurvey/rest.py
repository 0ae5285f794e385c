"""The other questions: date (D), ranking (R), text (X), equation (*), language (I), file (|)."""

from __future__ import annotations

import re
from typing import Any

from consultation.questionnaires.expressions.build import call, question
from consultation.questionnaires.expressions.build import expression as checked
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Reference
from consultation.questionnaires.format import Computed
from consultation.questionnaires.formats.limesurvey.asked import Asked
from consultation.questionnaires.formats.limesurvey.em_tree import Untranslatable, cited
from consultation.questionnaires.formats.limesurvey.filters import row_conditions, say_filters
from consultation.questionnaires.formats.limesurvey.moments import iso_day
from consultation.questionnaires.formats.limesurvey.texts import pieces
from consultation.questionnaires.formats.limesurvey.validations import bound
from consultation.questionnaires.formats.limesurvey.variables import (
    Files,
    Formula,
    Missing,
    Place,
    Value,
)
from consultation.questionnaires.formats.plain_words import plain
from consultation.questionnaires.kinds.date import Date
from consultation.questionnaires.kinds.file import File
from consultation.questionnaires.kinds.ranking import Ranking
from consultation.questionnaires.kinds.statement import Statement

_BOUNDS = (("date_min", ">=", "minimum"), ("date_max", "<=", "maximum"))


def date(asked: Asked) -> list[Any]:
    """Return a date of the precision that its format shows."""
    asked.work.variable(asked.row, Value(Reference(asked.key), "date"))
    form = asked.attributes.get("date_format")
    precision = "day" if not form or "d" in form else "month" if "m" in form else "year"
    if re.search(r"[Hh]|M{2}", form):
        asked.say("L’heure n’est pas demandée\u00a0: la question ne garde que la date.")
    made = Date(**asked.shared(), precision=precision, default=_default_day(asked))  # type: ignore[arg-type]
    for name, sign, field in _BOUNDS:
        text = asked.attributes.get(name) or asked.attributes.get(f"dropdown_dates_year_{name[5:]}")
        day = iso_day(text)
        if day:
            setattr(made, field, _bounding(day, name))
        elif text.strip().strip("'\"").lower() in ("now", "today") and not asked.work.silent:
            made.constraints = [*made.constraints, asked.limit(made.key, (sign, "today()"))]
        elif rule := bound(asked, name, question(made.key), sign):
            made.constraints = [*made.constraints, rule]
    return [made]


def _bounding(day: str, name: str) -> str:
    """A year alone ends on its last day, as LimeSurvey reads it."""
    return f"{day}-12-31" if name == "date_max" and len(day) == 4 else day


def _default_day(asked: Asked) -> str | None:
    text = asked.default()
    day = iso_day(text) if text else None
    if text and not day:
        asked.lost_default(text)
    return day


def ranking(asked: Asked) -> list[Any]:
    """Return options to put in order."""
    rows = asked.answers() or asked.rows()
    name = "answer" if asked.answers() else "question"
    rows = asked.sorted(rows, name)
    options = asked.options(rows, name)
    field = "code" if name == "answer" else "title"
    for option, condition in zip(options, row_conditions(asked, rows, field), strict=True):
        option.relevant = condition
    say_filters(asked)
    codes = {row.get(field): o.value for row, o in zip(rows, options, strict=True)}
    for place in range(1, len(options) + 1):
        asked.work.variable(asked.row, Place(asked.key, place, codes), str(place))
    low, high = asked.attributes.whole("min_answers"), asked.attributes.whole("max_answers")
    high = high or asked.attributes.whole("max_subquestions")
    most = min(high, len(options)) if high else None
    least = low or (len(options) if asked.mandatory and not most else 1)
    made = Ranking(
        **asked.shared(),
        options=options,
        random_order=asked.random,
        min_ranked=min(least, most or len(options)) if options else 1,
        max_ranked=most if most != len(options) else None,
    )
    count = call("count", question(asked.key))
    limits = [bound(asked, "min_answers", count, ">="), bound(asked, "max_answers", count, "<=")]
    made.constraints = [limit for limit in limits if limit]
    return [made]


def statement(asked: Asked) -> list[Any]:
    """Return a text to read."""
    fields = asked.shared()
    del fields["required"]
    return [Statement(**fields)]


def file(asked: Asked) -> list[Any]:
    """Return a place for files."""
    asked.work.variable(asked.row, Files(asked.key))
    asked.work.variable(asked.row, Files(asked.key), tail="filecount")
    listed = [e.lower().lstrip(".") for e in asked.attributes.listed("allowed_filetypes")]
    kilobytes = asked.attributes.number("max_filesize") or 10_240
    if kilobytes > 10_240:
        asked.say("Les fichiers sont limités à 10\u00a0Mo chacun.")
    count = asked.attributes.whole("max_num_of_files") or 1
    least = asked.attributes.whole("min_num_of_files")
    made = File(
        **asked.shared(),
        extensions=list(dict.fromkeys(listed)) or ["pdf", "odt", "docx", "xlsx", "png", "jpg"],
        max_megabytes=max(0.1, round(min(kilobytes, 10_240) / 1024, 2)),
        max_files=min(count, 20),
    )
    if least and not asked.work.silent:
        made.constraints = [asked.limit(f"count({made.key})", (">=", str(least)))]
    for name, what in (("show_title", "titre"), ("show_comment", "commentaire")):
        if asked.attributes.flag(name):
            asked.say(f"Le {what} de chaque fichier n’est pas demandé.")
    return [made]


def language(asked: Asked) -> list[Any]:
    """Report the choice of a language: the platform has its own."""
    reason = "le choix de la langue n’est pas une question ici"
    asked.work.variable(asked.row, Missing(reason))
    asked.work.relevance(asked.row)
    asked.say(
        "La question de choix de la langue n’est pas reprise\u00a0: la langue se choisit en haut "
        "de chaque page."
    )
    return []


def equation(asked: Asked) -> list[Any]:
    """Return what an equation computes as a computed value, and its text when people see it."""
    attribute = asked.attributes.get("equation")
    said = asked.row.said("question")
    text = attribute or said.get(asked.work.base) or next(iter(said.values()), "")
    source = _source(text)
    key = asked.key
    asked.work.variable(asked.row, Formula(lambda: asked.work.formula(asked.row, source), key))
    condition = asked.work.relevance(asked.row)
    if asked.work.silent:
        return []
    computed = _computed(asked, source, key)
    hidden = asked.attributes.flag("hidden")
    if not hidden and (attribute or not computed or len(pieces(text)) > 1):
        return _shown(asked, condition)
    return []


def _source(text: str) -> str:
    """Return the equation that a text with equations in it is: its pieces one after the other."""
    found = [p if is_one else _literal(plain(p)) for is_one, p in pieces(text)]
    found = [piece for piece in found if piece]
    if not found:
        return text.strip() or "''"
    return found[0] if len(found) == 1 else f"join({', '.join(found)})"


def _literal(text: str) -> str:
    if not text.strip():
        return ""
    return '"' + text.replace('"', '\\"') + '"'


def _computed(asked: Asked, source: str, key: str) -> bool:
    try:
        found = to_source(checked(asked.work.formula(asked.row, source)))
        asked.work.verified(found)
    except (Untranslatable, ValueError) as error:
        reason = getattr(error, "reason", str(error)).rstrip(".")
        asked.say(f"L’équation {cited(source)} n’est pas reprise\u00a0: {reason}.")
        return False
    asked.work.computed.append(Computed(key=key, expression=found))
    return True


def _shown(asked: Asked, condition: str | None) -> list[Any]:
    """Return the text of an equation that respondents see, as a statement."""
    label = asked.work.text(asked.row, "question", lines=True)
    if not label:
        return []
    key = asked.work.key(asked.row, "texte")
    return [Statement(key=key, label=label, relevant=condition, hint=asked.hint)]
