"""The page of one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from consultation.authoring import fields, kinds, lists, reading, rules
from consultation.authoring.overview import Fault
from consultation.authoring.reading import Read
from consultation.authoring.settings import settings_of
from consultation.authoring.typed import Typed
from consultation.authoring.views import pages
from consultation.authoring.views.adding import add
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint
from consultation.authoring.views.saving import Next, Wrong, save, show
from consultation.db import db
from consultation.questionnaires import editing
from consultation.questionnaires.editing import taken_keys
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.formats.keys import Keys
from consultation.questionnaires.kinds.question import Constraint, Option, say
from consultation.questionnaires.kinds.table import AnyQuestion, name_of
from consultation.questionnaires.renaming import rename
from consultation.responses.queries import counts

NO_OPINION = {"fr": "Ne se prononce pas", "en": "No opinion"}
_MOVES = {"up": (-1, "Question montée."), "down": (1, "Question descendue.")}


@dataclass(frozen=True)
class QuestionPart:
    """The question ``key``."""

    key: str
    language: str = ""
    what: str = "cette question"

    def find(self, at: Desk) -> AnyQuestion:
        return editing.find(at.questionnaire, self.key)[1]

    def read(self, typed: Typed, before: AnyQuestion, at: Desk) -> Read:
        language = pages.language_of(at, typed, self.language)
        frozen = rules.is_frozen(at.published_question(self.key), before)
        return reading.question(typed, before, at.around(self.key, language), frozen)

    def put(self, at: Desk, before: AnyQuestion, after: AnyQuestion) -> Questionnaire:
        questionnaire = editing.replace_question(at.questionnaire, before.key, after)
        if after.key != before.key:
            # Conditions still name the former key, and so does nothing else.
            return rename(questionnaire, before.key, after.key)
        return questionnaire

    def press(
        self, at: Desk, questionnaire: Questionnaire, after: AnyQuestion, button: str
    ) -> tuple[Questionnaire, Next]:
        key, said = after.key, "Question enregistrée."
        questionnaire, key, more = _kept_apart(at, questionnaire, key)
        here = at.url("question", key=key)
        verb, _, language = button.partition(":")
        if verb in _MOVES:
            by, said = _MOVES[verb]
            questionnaire = editing.move_question(questionnaire, key, by)
        elif verb == "duplicate":
            questionnaire, copy = editing.duplicate_question(questionnaire, key)
            return questionnaire, Next(at.url("question", key=copy), "Question dupliquée.")
        elif verb in ("question", "section"):
            return add(at, questionnaire, verb, after=key)
        elif verb == "langue" and language in questionnaire.languages:
            here = at.url("question", key=key, langue=language)
        elif verb == "options":
            here = at.url("question", key=key, lignes=1)
        elif verb in ("condition", "questions"):
            asked = {"questions": 1} if verb == "questions" else {}
            here = at.url("question", key=key, **asked, _anchor="x-relevant-n")
        elif verb in ("autres", "contrainte"):
            asked = {"autres": 1, **({"contrainte": 1} if verb == "contrainte" else {})}
            here = at.url("question", key=key, **asked, _anchor="x-autres")
        elif verb == "sans-avis":
            questionnaire = _with_no_opinion(questionnaire, key)
        return questionnaire, Next(here, more or said)

    def page(self, at: Desk, part: AnyQuestion, typed: Typed | None, wrong: Wrong) -> str:
        return _page(self, at, part, typed, wrong)

    def url(self, at: Desk) -> str:
        return at.url("question", key=self.key)


def _kept_apart(at: Desk, questionnaire: Questionnaire, key: str) -> tuple[Questionnaire, str, str]:
    """Give a question that changed kind over answers a key of its own: they stay as they are."""
    published = at.published_question(key)
    question = editing.find(questionnaire, key)[1]
    if published is None or rules.same_answers(published, question):
        return questionnaire, key, ""
    if not any(counts(db.session, at.consultation.id)):
        return questionnaire, key, ""
    new = taken_keys(questionnaire).give(key)
    changed = editing.replace_question(questionnaire, key, replace(question, key=new))
    said = (
        f"Le type change\u00a0: c’est une nouvelle question, de code {new}. "
        "Les réponses données restent dans la version publiée."
    )
    return changed, new, said


def _with_no_opinion(questionnaire: Questionnaire, key: str) -> Questionnaire:
    question = editing.find(questionnaire, key)[1]
    name = next((n for n in ("options", "points") if hasattr(question, n)), None)
    if name is None:
        return questionnaire
    changes = {name: with_no_opinion(getattr(question, name), name_of(question) == "multiple")}
    return editing.replace_question(questionnaire, key, replace(question, **changes))


def with_no_opinion(options: Sequence[Option], exclusive: bool = False) -> list[Option]:
    """Return the options with « Ne se prononce pas », unless one says so already."""
    if any(option.no_opinion for option in options):
        return list(options)
    value = Keys(option.value for option in options).give("nsp")
    last = Option(value=value, label=NO_OPINION, no_opinion=True, exclusive=exclusive)
    return [*options, last]


@blueprint.get("/questions/<key>")
@ORGANISER
def question(slug: str, key: str) -> ResponseReturnValue:
    """Show one question."""
    return show(QuestionPart(key, request.args.get("langue", "")))


@blueprint.post("/questions/<key>")
@ORGANISER
def save_question(slug: str, key: str) -> ResponseReturnValue:
    """Save one question."""
    return save(QuestionPart(key))


# --- The page ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConstraintRow:
    """One constraint of the page, or the empty one that adds another."""

    name: str
    source: str
    message: str
    sentence: str
    faults: Sequence[Fault]
    mark: str = ""


def _page(
    part: QuestionPart, at: Desk, question: AnyQuestion, typed: Typed | None, wrong: Wrong
) -> str:
    whole, kind = at.overview, name_of(question)
    language = pages.language_of(at, typed, part.language)
    around = at.around(part.key, language)
    faults = whole.faults(question)
    constraints = _constraints(at, question, language, typed, faults)
    lines = [(n, getattr(question, n)) for n in kinds.LINES if getattr(question, n, None)]
    settings = [settings_of(whole, name, parts, typed) for name, parts in lines]
    section = editing.find(at.questionnaire, part.key)[0]
    form = fields.fields_of(question, at.questionnaire, around, typed, wrong)
    return pages.editor_page(
        "question",
        at,
        part.key,
        opened=section.key,
        action=part.url(at),
        seen=rules.fingerprint(question),
        number=whole.number(part.key),
        key_now=part.key,
        key=typed.raw("key", part.key) if typed is not None else part.key,
        frozen=rules.is_frozen(at.published_question(part.key), question),
        kind=kind,
        wanted=typed.raw("kind", kind) if typed is not None else kind,
        kinds=list(kinds.NAMES.items()),
        language=language,
        form=form,
        wrong=wrong,
        lines=lines,
        settings_shown=settings,
        detailed=bool(request.args.get("lignes"))
        or any(each.is_wrong for parts in settings for each in parts)
        or _details_typed(typed, lines),
        special=_special(lines),
        relevance=lists.form_of(
            whole,
            "relevant",
            question.relevant,
            own=part.key,
            typed=typed,
            error=wrong.get("relevant", ""),
            faults=faults,
            every="questions" in request.args,
        ),
        constraints=constraints,
        more_shown="autres" in request.args or typed is not None or _has_more(question),
        more_open="autres" in request.args or _opens(question, constraints, wrong),
        **pages.preview(at, part.key, language),
    )


def _details_typed(typed: Typed | None, lines: Sequence[tuple[str, Any]]) -> bool:
    return typed is not None and any(
        f"{name}/{part.value}/vu" in typed for name, parts in lines for part in parts
    )


def _special(lines: Sequence[tuple[str, Sequence[Any]]]) -> list[str]:
    """Say in a few words which options have settings."""
    words = {"other": "texte à préciser", "exclusive": "seule réponse", "no_opinion": "sans avis"}
    found = []
    for part in (part for _, parts in lines for part in parts):
        said = [text for name, text in words.items() if getattr(part, name, False)]
        said += ["avec condition"] if part.relevant else []
        if said:
            found.append(f"«\u00a0{say(part.label)}\u00a0»\u00a0: {', '.join(said)}")
    return found[:6]


def _constraints(
    at: Desk, question: AnyQuestion, language: str, typed: Typed | None, faults: Sequence[Fault]
) -> list[ConstraintRow]:
    rows = []
    asked = "contrainte" in request.args or typed is not None
    empty = [Constraint(expression="", message={})] if asked or question.constraints else []
    for place, each in enumerate([*question.constraints, *empty]):
        name = f"constraints.{place}"
        source, message = each.expression, each.message.get(language, "")
        if typed is not None:
            source = typed.raw(f"{name}.expression", source)
            message = typed.raw(f"{name}.message", message)
        mine = [fault for fault in faults if fault.field == f"{name}.expression"]
        said = at.overview.sentence(each.expression)
        mark = lists.pointed_at(source) if source.strip() else ""
        rows.append(ConstraintRow(name, source, message, said, mine, mark))
    return rows


def _more(question: AnyQuestion) -> frozenset[str]:
    specs = kinds.specs_of(name_of(question))
    return frozenset(spec.name for spec in specs if spec.group == "more")


def _has_more(question: AnyQuestion) -> bool:
    """Tell whether one of the rarer settings is not what it is by default."""
    usual = kinds.new_question(name_of(question), question.key, {})
    names = _more(question) | {"constraints"}
    return any(getattr(question, name) != getattr(usual, name) for name in names)


def _opens(question: AnyQuestion, constraints: Sequence[ConstraintRow], wrong: Wrong) -> bool:
    names = _more(question)
    return any(row.faults for row in constraints) or any(
        name in names or name.startswith("constraints") for name in wrong
    )
