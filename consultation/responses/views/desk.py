"""What the pages of an answer share: the blueprint, the draft, the refusals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn, TypeVar, cast

from flask import Blueprint, abort, current_app, g, make_response, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.accounts.models import Organisation, User
from consultation.consultations.models import Consultation
from consultation.consultations.panels import panel
from consultation.consultations.rules import Phase, phase
from consultation.db import db
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.drawing import Drawer
from consultation.questionnaires.kinds.long_text import LongText
from consultation.questionnaires.kinds.short_text import ShortText
from consultation.questionnaires.queries import compiled, published_at
from consultation.responses import drafts
from consultation.responses.draft import Draft, Shared
from consultation.responses.rules import Respondent
from consultation.web.asking import wants_json
from consultation.web.frame import language, now, render
from consultation.web.refusals import refuse
from consultation.web.typography import in_paris, moment_fr, time_fr

blueprint = Blueprint("responses", __name__)
GONE = "Rien n’est enregistré\u00a0: ce brouillon a été supprimé. Copiez votre texte."
TAKEN_OVER = (
    "Cette contribution a été reprise par celle d’un autre organisme. Écrivez dans celle-ci."
)
LEFT = "Non enregistré\u00a0: vous ne faites plus partie de cette contribution. Copiez votre texte."
WRITTEN = (ShortText, LongText)
"""The questions that people answer with words of their own."""


@blueprint.record_once
def _make_drawer(state: BlueprintSetupState) -> None:
    state.app.extensions["drawer"] = Drawer(state.app.jinja_env)


View = TypeVar("View", bound=Callable[..., Any])


def page(rule: str, *methods: str) -> Callable[[View], View]:
    """Serve a view at the same address under one's own response and under each shared one.

    The view takes ``slug``, and ``shared``: the number of the response of an organisation, or
    ``None`` before one's own. ``rule`` is what follows in the address; GET without ``methods``.
    """

    def decorate(view: View) -> View:
        for root in (OWN, SHARED):
            blueprint.route(root + rule, methods=methods or ("GET",))(view)
        return view

    return decorate


OWN = "/consultations/<slug>/contribution"
SHARED = f"{OWN}/organisme/<int:shared>"


@dataclass(frozen=True, slots=True)
class Desk:
    """One person before one consultation, at one moment; ``shared`` before a shared response."""

    consultation: Consultation
    slug: str
    consultation_id: int
    user_id: int
    version: CompiledVersion
    now: datetime
    language: str
    shared: int | None = None

    @property
    def phase(self) -> Phase:
        return phase(self.consultation, self.now)

    @property
    def open(self) -> bool:
        """Whether what is written here can change; known once the draft is read."""
        return self.phase == "open" and not self.taken_over

    @property
    def taken_over(self) -> bool:
        """Whether another response took this one over; known once the draft is read."""
        return bool(g.get("taken_over", False))

    @property
    def today(self) -> date:
        return in_paris(self.now).date()

    @property
    def version_id(self) -> int:
        return cast(int, self.consultation.version_id)

    def draft(self) -> Draft | None:
        """Read the draft of the person, or the one they share.

        Raises:
            NotFound: the response is not one that this person shares.
        """
        found = drafts.draft(db.session, self.consultation_id, self.user_id, self.shared)
        if found is None and self.shared is not None:
            _not_theirs(self)
        shared = found.shared if found else None
        g.taken_over = shared is not None and shared.merged_into is not None
        return found.completed(self.version) if found else None

    def to_confirm(self, draft: Draft) -> Sequence[Any]:
        """Return the questions whose meaning a new version changes, and that have an answer.

        Each has ``key``, ``number``, ``section``, ``label``, ``sentences`` and ``sent``, which
        says whether the answer was sent: it is then to confirm, otherwise to read again.
        """
        if draft.version_id == self.version_id:
            return ()
        sent = draft.last if draft.sent else None
        if sent is None and draft.sent:
            return ()
        given = (sent.version_id, sent.answers) if sent else (draft.version_id, self.before(draft))
        return panel("to_confirm", db.session, self.version, *given, sent is not None) or ()

    def before(self, draft: Draft) -> dict[str, Any]:
        """Return the drafted answers saved before the version in force was published."""
        moment = published_at(db.session, self.version_id)
        saved = [part for part in draft.sections.values() if part.saved_at < moment]
        return {key: answer for part in saved for key, answer in part.answers.items()}

    def beside(self, name: str, draft: Draft, *more: Any) -> Any:
        """Return what the panel ``name`` shows beside a shared draft; nothing beside one's own."""
        return panel(name, self, draft, *more) if draft.shared is not None else None

    def when(self, moment: datetime) -> str:
        """Write a past moment: the hour alone when it is of this day."""
        same_day = in_paris(moment).date() == self.today
        return f"à {time_fr(moment)}" if same_day else f"le {moment_fr(moment)}"

    def url(self, endpoint: str, **values: object) -> str:
        """Return the address of a page of this response; of another room when it is named."""
        if self.shared is not None:
            values["shared"] = self.shared
        named = endpoint if "." in endpoint else f"responses.{endpoint}"
        return url_for(named, slug=self.slug, **values)  # type: ignore[arg-type]


def desk(shared: int | None = None) -> Desk:
    """Return the desk of this request; a 404 while the consultation is not published."""
    consultation: Consultation = g.consultation
    if consultation.state == "draft" or consultation.version_id is None:
        raise NotFound
    version = compiled(db.session, consultation.version_id)
    # Nothing that this request has read is read again after its commit.
    db.session.expire_on_commit = False
    spoken = language() if language() in version.questionnaire.languages else "fr"
    # What a rollback would make the session read again is kept apart.
    own = consultation.slug, consultation.id, user().id
    return Desk(consultation, *own, version, now(), spoken, shared)


def user() -> User:
    """Return the person signed in."""
    return cast(User, current_user._get_current_object())


def respondent(shared: Shared | None = None) -> Respondent:
    """Describe the person as a submission keeps them, or the organisation they sign for."""
    person = user()
    if shared is not None:
        return Respondent(
            person.id,
            shared.organisation_id,
            shared.siren,
            shared.actor_type,
            shared.region_code,
            official=True,
        )
    organisation = person.organisation
    if organisation is None:
        return Respondent(person.id, None, None, person.actor_type, person.region_code)
    return Respondent(
        person.id,
        organisation.id,
        organisation.siren,
        organisation.actor_type,
        organisation.region_code,
    )


def on_behalf(draft: Draft) -> Organisation | Shared | None:
    """Return the organisation for which the response speaks, with its ``name``."""
    return draft.shared or user().organisation


def drawer() -> Drawer:
    """Return what draws the questions of this application."""
    found: Drawer = current_app.extensions["drawer"]
    return found


def not_open(at: Desk, draft: Draft | None = None) -> ResponseReturnValue:
    """Refuse to write in a consultation that is not open, and lead to the draft."""
    if at.phase == "coming":
        refuse(403, f"Cette consultation ouvre le {moment_fr(at.consultation.opens_at)}.")
    closed = moment_fr(at.consultation.closes_at)
    sentence = f"Cette consultation est terminée depuis le {closed} (heure de Paris)."
    if at.taken_over:
        sentence = TAKEN_OVER
    if wants_json() or draft is None:
        refuse(403, sentence)
    page = render(
        "responses/closed.html", desk=at, draft=draft, sentence=sentence, typed=_typed(at)
    )
    return page, 403


def _typed(at: Desk) -> list[str]:
    """Return what was written in this request, so that a person can copy it."""
    written = {key for key, item in at.version.items.items() if isinstance(item.question, WRITTEN)}
    values = (
        value.strip()
        for name, value in request.form.items()
        if name in written or name.endswith(".other")
    )
    return [value for value in values if value]


def _not_theirs(at: Desk) -> NoReturn:
    """Hide a response from whoever does not share it; give back what they have just typed."""
    if not (texts := _typed(at)):
        raise NotFound
    if wants_json():
        refuse(403, LEFT)
    abort(make_response(render("responses/left.html", typed=texts), 403))


def gone(at: Desk) -> ResponseReturnValue:
    """Give back the words that somebody writes in a response deleted meanwhile."""
    if wants_json():
        refuse(410, GONE)
    if texts := _typed(at):
        return render("responses/gone.html", desk=at, typed=texts), 410
    return to_consultation(at)


def to_consultation(at: Desk) -> ResponseReturnValue:
    """Lead to the page of the consultation, where a response begins."""
    return redirect(url_for("consultations.show", slug=at.slug), 303)
