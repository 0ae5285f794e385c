"""Trying the whole path: the answers travel in the page, signed, and are kept nowhere."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from consultation.authoring.trying import Answers, Trial
from consultation.authoring.typed import Typed
from consultation.authoring.views import pages as editor_pages
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint, drawer, started_desk
from consultation.questionnaires.compiled import CompiledSection
from consultation.responses import pages, reading, rules
from consultation.responses.checking import check
from consultation.responses.progress import progress
from consultation.web.frame import render
from consultation.web.refusals import refuse

CHECK = 0
"""The number of the last page, that shows everything."""


@blueprint.get("/essai")
@ORGANISER
def trial(slug: str) -> ResponseReturnValue:
    """Show the first section, without an answer."""
    at = started_desk()
    language = editor_pages.language_of(at, None, request.args.get("langue", ""))
    wanted = request.args.get("partie", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 5 else 1
    return _page(at, Trial(at.overview, {}, language), max(1, number), {})


@blueprint.post("/essai")
@ORGANISER
def try_on(slug: str) -> ResponseReturnValue:
    """Take the answers of a section and show the next page."""
    at, typed = started_desk(), Typed(request.form.to_dict(flat=False))
    tried = Trial(at.overview, _answers(typed), editor_pages.language_of(at, typed, ""))
    section = _section(tried, _number(typed.raw("_partie")))
    if section is None:
        return _page(at, tried, _asked(typed.raw("do"), 1), {})
    seen = tried.sight(section)
    posted = reading.posted(typed.values)
    if long := reading.too_long(section, posted, tried.language):
        return _page(at, tried, section.number, long), 422
    answers = reading.read(section, posted, seen.answers, seen.keys, seen.offers)
    tried = tried.holding(section.section.key, answers)
    return _onward(at, tried, section, typed.raw("do"), posted.pressed is not None)


def _onward(
    at: Desk, tried: Trial, section: CompiledSection, button: str, pressed: bool
) -> ResponseReturnValue:
    if pressed or button == "rester":
        return _page(at, tried, section.number, {})
    if button:
        return _page(at, tried, _asked(button, section.number), {})
    wrong = pages.said(tried.sight(section))
    if wrong:
        return _page(at, tried, section.number, wrong)
    following = rules.next_number(tried.version, tried.path, section.number)
    return _page(at, tried, CHECK if following is None else following, {})


def _asked(button: str, number: int) -> int:
    verb, _, wanted = button.partition(":")
    return _number(wanted) if verb == "partie" else number


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else CHECK


def _section(tried: Trial, number: int) -> CompiledSection | None:
    sections = tried.version.sections
    return sections[number - 1] if 0 < number <= len(sections) else None


def _page(at: Desk, tried: Trial, number: int, wrong: dict[str, str] | Any) -> str:
    section = _section(tried, number)
    context: dict[str, Any] = {}
    hidden = list(tried.hidden())
    if section is not None:
        seen = tried.sight(section)
        drawn = pages.draw(drawer(), seen, seen.answers, wrong)
        context = {
            "seen": seen,
            "introduction": pages.introduction(seen),
            "drawn": drawn,
            "errors": drawn.errors,
        }
    else:
        found = progress(tried.version, tried.draft, tried.path, tried.today)
        context["check"] = check(
            tried.version, tried.draft, tried.path, found, tried.today, tried.language
        )
    return render(
        "authoring/trial.html",
        desk=at,
        tried=tried,
        section=section,
        content=_signer().dumps(tried.answers),
        language=tried.language,
        languages=[
            (code, editor_pages.LANGUAGES.get(code, code)) for code in at.questionnaire.languages
        ],
        hidden_here=[r for r in hidden if section is None or r.section == section.number],
        hidden_elsewhere=[r for r in hidden if section and r.section != section.number],
        **context,
    )


def _answers(typed: Typed) -> Answers:
    signed = typed.raw("_essai")
    try:
        found: Answers = _signer().loads(signed) if signed else {}
    except BadData:
        refuse(400, "Cet essai n’est plus lisible. Recommencez-le depuis le questionnaire.")
    return found


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="questionnaire-trial")
