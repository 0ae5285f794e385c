"""The page of one section."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from consultation.authoring import lists, reading, rules
from consultation.authoring.fields import Field
from consultation.authoring.reading import Around, Header, Read
from consultation.authoring.typed import Typed
from consultation.authoring.views import pages
from consultation.authoring.views.adding import add
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint
from consultation.authoring.views.saving import Next, Wrong, save, show
from consultation.questionnaires import editing
from consultation.questionnaires.format import Questionnaire

_MOVES = {"up": (-1, "Partie montée."), "down": (1, "Partie descendue.")}


@dataclass(frozen=True)
class SectionPart:
    """The section ``key``."""

    key: str
    language: str = ""
    what: str = "cette partie"

    def find(self, at: Desk) -> Header:
        return reading.header_of(editing.section_of(at.questionnaire, self.key))

    def read(self, typed: Typed, before: Header, at: Desk) -> Read:
        language = pages.language_of(at, typed, self.language)
        return reading.section(typed, before, at.around(self.key, language))

    def put(self, at: Desk, before: Header, after: Header) -> Questionnaire:
        return editing.change_section(
            at.questionnaire,
            self.key,
            title=after.title,
            introduction=after.introduction,
            relevant=after.relevant,
        )

    def press(
        self, at: Desk, questionnaire: Questionnaire, after: Header, button: str
    ) -> tuple[Questionnaire, Next]:
        here, said = self.url(at), "Partie enregistrée."
        verb, _, language = button.partition(":")
        if verb in _MOVES:
            by, said = _MOVES[verb]
            questionnaire = editing.move_section(questionnaire, self.key, by)
        elif verb == "duplicate":
            questionnaire, copy = editing.duplicate_section(questionnaire, self.key)
            return questionnaire, Next(at.url("section", key=copy), "Partie dupliquée.")
        elif verb in ("question", "section"):
            return add(at, questionnaire, verb, section=self.key if verb == "question" else "")
        elif verb == "langue" and language in questionnaire.languages:
            here = at.url("section", key=self.key, langue=language)
        elif verb in ("condition", "questions"):
            asked = {"questions": 1} if verb == "questions" else {}
            here = at.url("section", key=self.key, **asked, _anchor="x-relevant-n")
        return questionnaire, Next(here, said)

    def page(self, at: Desk, part: Header, typed: Typed | None, wrong: Wrong) -> str:
        language = pages.language_of(at, typed, self.language)
        around = at.around(self.key, language)
        places = [s.key for s in at.questionnaire.sections]
        return pages.editor_page(
            "section",
            at,
            self.key,
            opened=self.key,
            action=self.url(at),
            seen=rules.fingerprint(part),
            key=self.key,
            number=places.index(self.key) + 1,
            language=language,
            form=[_text("title", "Titre", part, around, typed, wrong),
                  _text("introduction", "Introduction", part, around, typed, wrong)],
            wrong=wrong,
            relevance=lists.form_of(
                at.overview,
                "relevant",
                part.relevant,
                own=self.key,
                typed=typed,
                error=wrong.get("relevant", ""),
                faults=at.overview.faults(part),
                every="questions" in request.args,
            ),
        )  # fmt: skip

    def url(self, at: Desk) -> str:
        return at.url("section", key=self.key)


def _text(
    name: str, label: str, part: Header, around: Around, typed: Typed | None, wrong: Wrong
) -> Field:
    was = getattr(part, name)
    value = was.get(around.language, "")
    return Field(
        name=name,
        widget="text",
        label=label,
        value=typed.raw(name, value) if typed is not None else value,
        error=wrong.get(name, ""),
        beside=was.get(around.first, "") if around.translating else "",
        needed=name == "title",
    )


@blueprint.get("/parties/<key>")
@ORGANISER
def section(slug: str, key: str) -> ResponseReturnValue:
    """Show one section."""
    return show(SectionPart(key, request.args.get("langue", "")))


@blueprint.post("/parties/<key>")
@ORGANISER
def save_section(slug: str, key: str) -> ResponseReturnValue:
    """Save one section."""
    return save(SectionPart(key))
