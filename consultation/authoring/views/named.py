"""The page of one list, or of one scale, that several questions use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from msgspec.structs import replace

from consultation.authoring import reading, rules
from consultation.authoring.actions import Overtaken
from consultation.authoring.fields import Field
from consultation.authoring.reading import KEY, NamedList, Read
from consultation.authoring.settings import settings_of
from consultation.authoring.typed import Typed
from consultation.authoring.views import pages
from consultation.authoring.views.adding import add
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint, started_desk
from consultation.authoring.views.questions import with_no_opinion
from consultation.authoring.views.saving import BUSY, Next, Wrong, save, show, write
from consultation.db import db
from consultation.questionnaires.editing import NoSuchPartError
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.question import Option
from consultation.territories import queries as territories
from consultation.web.refusals import refuse

FIELDS = {"liste": "lists", "echelle": "scales"}
USES = {"liste": "from_list", "echelle": "scale"}
BAD_NAME = (
    "Écrivez un code en minuscules, chiffres et tirets bas, qui ne sert pas encore, "
    "par exemple filieres."
)


@dataclass(frozen=True)
class NamedPart:
    """The list or scale ``name``."""

    sort: str
    name: str
    language: str = ""

    @property
    def what(self) -> str:
        return "cette échelle" if self.sort == "echelle" else "cette liste"

    def find(self, at: Desk) -> NamedList:
        named = getattr(at.questionnaire, FIELDS[self.sort]) if self.sort in FIELDS else {}
        if self.name not in named:
            raise NoSuchPartError(self.name)
        return NamedList(options=named[self.name])

    def read(self, typed: Typed, before: NamedList, at: Desk) -> Read:
        language = pages.language_of(at, typed, self.language)
        return reading.named_list(typed, before, at.around("", language))

    def put(self, at: Desk, before: NamedList, after: NamedList) -> Questionnaire:
        return with_named(at.questionnaire, self.sort, self.name, after.options)

    def press(
        self, at: Desk, questionnaire: Questionnaire, after: NamedList, button: str
    ) -> tuple[Questionnaire, Next]:
        here = {"sort": self.sort, "name": self.name}
        verb, _, language = button.partition(":")
        if verb in ("question", "section"):
            return add(at, questionnaire, verb)
        if verb == "langue" and language in questionnaire.languages:
            return questionnaire, Next(at.url("named", **here, langue=language), SAVED)
        if verb == "options":
            return questionnaire, Next(at.url("named", **here, lignes=1), SAVED)
        if verb == "sans-avis":
            options = with_no_opinion(after.options)
            questionnaire = with_named(questionnaire, self.sort, self.name, options)
        return questionnaire, Next(self.url(at), SAVED)

    def page(self, at: Desk, part: NamedList, typed: Typed | None, wrong: Wrong) -> str:
        language = pages.language_of(at, typed, self.language)
        shown = settings_of(at.overview, "options", part.options, typed)
        return pages.editor_page(
            "named",
            at,
            "",
            action=self.url(at),
            seen=rules.fingerprint(part),
            sort=self.sort,
            name=self.name,
            language=language,
            lines=_lines(at, part, typed, wrong, language),
            settings_shown=shown,
            detailed=bool(request.args.get("lignes"))
            or any(each.is_wrong for each in shown)
            or (typed is not None and any(name.endswith("/vu") for name in typed.values)),
            wrong=wrong,
            users=users(at.questionnaire, self.sort, self.name),
        )

    def url(self, at: Desk) -> str:
        return at.url("named", sort=self.sort, name=self.name)


SAVED = "Liste enregistrée."


def _lines(at: Desk, part: NamedList, typed: Typed | None, wrong: Wrong, language: str) -> Field:
    around = at.around("", language)
    value = reading.source_of(part.options, language, translating=around.translating)
    return Field(
        name="options",
        widget="lines",
        label="Lignes",
        value=typed.raw("options", value) if typed is not None else value,
        hint="Une par ligne, dans leur ordre",
        error=wrong.get("options", ""),
        beside=reading.source_of(part.options, around.first) if around.translating else "",
        needed=True,
    )


def with_named(
    questionnaire: Questionnaire, sort: str, name: str, options: Sequence[Option]
) -> Questionnaire:
    """Return the questionnaire with this list or scale, new or changed."""
    field = FIELDS[sort]
    named = {**getattr(questionnaire, field), name: list(options)}
    return replace(questionnaire, **{field: named})


def without_named(questionnaire: Questionnaire, sort: str, name: str) -> Questionnaire:
    """Return the questionnaire without this list or scale."""
    field = FIELDS[sort]
    named = {key: each for key, each in getattr(questionnaire, field).items() if key != name}
    return replace(questionnaire, **{field: named})


def users(questionnaire: Questionnaire, sort: str, name: str) -> list[str]:
    """Return the keys of the questions that use a list or scale."""
    return [
        question.key
        for section in questionnaire.sections
        for question in section.questions
        if getattr(question, USES[sort], None) == name
    ]


@blueprint.get("/listes/<sort>/<name>")
@ORGANISER
def named(slug: str, sort: str, name: str) -> ResponseReturnValue:
    """Show one list or scale."""
    return show(NamedPart(sort, name, request.args.get("langue", "")))


@blueprint.post("/listes/<sort>/<name>")
@ORGANISER
def save_named(slug: str, sort: str, name: str) -> ResponseReturnValue:
    """Save one list or scale."""
    return save(NamedPart(sort, name))


@blueprint.post("/listes")
@ORGANISER
def add_named(slug: str) -> ResponseReturnValue:
    """Add a list or a scale, empty or official."""
    at = started_desk()
    typed = Typed(request.form.to_dict(flat=False))
    asked = typed.raw("sort")
    sort = asked if asked in FIELDS else "liste"
    official = OFFICIAL.get(asked)
    name = typed.line("name") or (asked if official else "")
    taken = {*at.questionnaire.lists, *at.questionnaire.scales}
    if not KEY.fullmatch(name) or name in taken:
        refuse(422, BAD_NAME)
    options = official() if official else []
    try:
        write(at, with_named(at.questionnaire, sort, name, options), "une liste")
    except Overtaken:
        db.session.rollback()
        refuse(409, BUSY)
    flash("Liste ajoutée.", "ok")
    return redirect(at.url("named", sort=sort, name=name), 303)


def _regions() -> list[Option]:
    return [_option(each.code, each.name) for each in territories.regions(db.session)]


def _clusters() -> list[Option]:
    return [_option(each.slug, each.name) for each in territories.clusters(db.session)]


def _option(value: Any, label: str) -> Option:
    return Option(value=str(value), label={"fr": label})


OFFICIAL: dict[str, Callable[[], list[Option]]] = {"regions": _regions, "poles": _clusters}
