"""Questions with options: L ! O M P Y G 5."""

from __future__ import annotations

from typing import Any

from consultation.questionnaires.expressions.build import call, expression, question, selected
from consultation.questionnaires.expressions.source import to_source
from consultation.questionnaires.expressions.tree import Reference
from consultation.questionnaires.formats.limesurvey.asked import Asked, joined
from consultation.questionnaires.formats.limesurvey.comparisons import figure
from consultation.questionnaires.formats.limesurvey.filters import row_conditions, say_filters
from consultation.questionnaires.formats.limesurvey.scales import (
    COMMENT,
    GENDER,
    YES_NO,
    built_in,
    in_languages,
    numbered,
)
from consultation.questionnaires.formats.limesurvey.source import Row
from consultation.questionnaires.formats.limesurvey.validations import bound
from consultation.questionnaires.formats.limesurvey.variables import (
    Agreement,
    OtherTick,
    Tick,
    Value,
)
from consultation.questionnaires.formats.limesurvey.work import every
from consultation.questionnaires.kinds.consent import Consent
from consultation.questionnaires.kinds.long_text import LongText
from consultation.questionnaires.kinds.multiple import Multiple
from consultation.questionnaires.kinds.question import Option, Text
from consultation.questionnaires.kinds.scale import Scale
from consultation.questionnaires.kinds.short_text import ShortText
from consultation.questionnaires.kinds.single import Single


def single(asked: Asked) -> list[Any]:
    """Return a list (L), a menu (!) or a list with a comment (O)."""
    rows = asked.sorted(asked.answers(), "answer")
    options = asked.options(rows)
    whole = asked.with_other(options)
    codes = {row.get("code"): o.value for row, o in zip(rows, options, strict=True)}
    codes.update(("-oth-", o.value) for o in whole if o.other)
    _name_single(asked, codes, whole, rows, options)
    if "consultation-scale" in asked.attributes.get("cssclass").split():
        return [Scale(**asked.shared(), points=whole, default=_default_choice(asked, codes))]
    made = Single(
        **asked.shared(),
        options=whole,
        random_order=asked.random,
        display="select"
        if asked.type == "!" or asked.attributes.flag("use_dropdown")
        else "radios",
        default=_default_choice(asked, codes),
    )
    if asked.attributes.flag("other_numbers_only"):
        asked.say("La réponse «\u00a0autre\u00a0» n’est plus limitée aux nombres.")
    return [made, _comment(asked)] if asked.type == "O" else [made]


def _name_single(
    asked: Asked, codes: dict[str, str], whole: list[Option], rows: list[Row], options: list[Option]
) -> None:
    points = {
        o.value: int(figure(r.get("assessment_value")) or 0)
        for r, o in zip(rows, options, strict=True)
    }
    labels = {text: o.value for o in reversed(whole) for text in o.label.values()}
    meaning = Value(Reference(asked.key), "choice", codes=codes, labels=labels, points=points)
    asked.work.variable(asked.row, meaning)
    if any(o.other for o in whole):
        other = Value(Reference(asked.key, "other"), "text")
        asked.work.variable(asked.row, other, role="other", tail="other")


def _comment(asked: Asked) -> LongText:
    """Return the text beside a list with a comment."""
    key = asked.work.key(asked.row, "comment")
    asked.work.variable(asked.row, Value(Reference(key), "text"), role="comment", tail="comment")
    word = in_languages(COMMENT, asked.work.source.languages)
    fields = asked.shared("comment", label=joined(asked.label, word))
    return LongText(**{**fields, "required": False}, max_length=5000)


def _default_choice(asked: Asked, codes: dict[str, str]) -> str | None:
    text = asked.default()
    if asked.default(special="other"):
        asked.lost_default(asked.default(special="other"))
    if text and text not in codes:
        asked.lost_default(text)
    return codes.get(text)


def built(asked: Asked) -> list[Any]:
    """Return yes or no (Y), or female or male (G)."""
    languages = asked.work.source.languages
    labels = built_in(YES_NO if asked.type == "Y" else GENDER, languages)
    options = [Option(value=code, label=label) for code, label in labels.items()]
    codes = {code: code for code in labels}
    texts = {text: o.value for o in options for text in o.label.values()}
    asked.work.variable(asked.row, Value(Reference(asked.key), "choice", codes=codes, labels=texts))
    return [Single(**asked.shared(), options=options, default=_default_choice(asked, codes))]


def five_points(asked: Asked) -> list[Any]:
    """Return the choice from 1 to 5."""
    labels = numbered(1, 5, asked.work.source.languages)
    codes = {code: code for code in labels}
    asked.work.variable(asked.row, Value(Reference(asked.key), "choice", codes=codes))
    points = [Option(value=code, label=label) for code, label in labels.items()]
    return [Scale(**asked.shared(), points=points, default=_default_choice(asked, codes))]


def multiple(asked: Asked) -> list[Any]:
    """Return a multiple choice (M), with a comment by option (P)."""
    rows = asked.sorted(asked.rows(), "question")
    options = asked.options(rows, "question")
    for option, condition in zip(options, row_conditions(asked, rows), strict=True):
        option.relevant = condition
    say_filters(asked)
    _exclude(asked, rows, options)
    whole = asked.with_other(options)
    if "consultation-consent" in asked.attributes.get("cssclass").split() and len(whole) == 1:
        return _consent(asked, rows[0], options[0])
    _name_multiple(asked, rows, options, whole)
    low, high = asked.attributes.whole("min_answers"), asked.attributes.whole("max_answers")
    if low and high and low > high:
        asked.say("Le nombre minimum de réponses dépasse le maximum\u00a0: il n’est pas repris.")
        low = None
    made = Multiple(
        **asked.shared(),
        options=whole,
        random_order=asked.random,
        min_choices=low,
        max_choices=high,
        default=_default_boxes(asked, rows, options),
    )
    count = call("count", question(asked.key))
    limits = [bound(asked, "min_answers", count, ">="), bound(asked, "max_answers", count, "<=")]
    made.constraints = [limit for limit in limits if limit]
    return [made, *_comments(asked, rows, options)] if asked.type == "P" else [made]


def _consent(asked: Asked, row: Row, option: Option) -> list[Any]:
    asked.work.variable(asked.row, Agreement(asked.key), row.get("title"))
    return [Consent(**asked.shared(), statement=option.label)]


def _exclude(asked: Asked, rows: list[Row], options: list[Option]) -> None:
    codes = asked.attributes.listed("exclude_all_others")
    for row, option in zip(rows, options, strict=True):
        option.exclusive = row.get("title") in codes
    lost = set(codes) - {row.get("title") for row in rows}
    if lost:
        asked.say(f"L’option exclusive «\u00a0{', '.join(sorted(lost))[:80]}\u00a0» n’existe pas.")


def _name_multiple(
    asked: Asked, rows: list[Row], options: list[Option], whole: list[Option]
) -> None:
    for row, option in zip(rows, options, strict=True):
        asked.work.variable(asked.row, Tick(asked.key, option.value), row.get("title"))
    for option in whole:
        if option.other:
            meaning = OtherTick(asked.key, option.value)
            asked.work.variable(asked.row, meaning, role="other", tail="other")


def _default_boxes(asked: Asked, rows: list[Row], options: list[Option]) -> list[str] | None:
    ticked = [o.value for r, o in zip(rows, options, strict=True) if asked.default(part=r) == "Y"]
    return ticked or None


def _comments(asked: Asked, rows: list[Row], options: list[Option]) -> list[ShortText]:
    """Return a short text by option, shown as LimeSurvey shows its comments."""
    word = in_languages(COMMENT, asked.work.source.languages)
    when = asked.attributes.get("commented_checkbox") or "checked"
    made = []
    for row, option in zip(rows, options, strict=True):
        key = asked.work.key(asked.row, row.get("title"), "comment")
        asked.work.variable(
            asked.row,
            Value(Reference(key), "text"),
            row.get("title"),
            role="comment",
            tail="comment",
        )
        ticked = to_source(expression(selected(asked.key, option.value)))
        shown = {"checked": ticked, "unchecked": f"not {ticked}"}.get(when)
        label: Text = asked.part_label(option.label, word)
        fields = asked.shared(
            row.get("title"), "comment", label=label, when=every(option.relevant, shown)
        )
        made.append(ShortText(**{**fields, "required": False}, max_length=1000))
    return made
