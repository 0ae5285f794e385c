"""Saving one part of a draft: what another organiser did in between is kept, never overwritten.

The page says which part it showed by a fingerprint. When the part is still the same, the change is
made on the draft as it is now, whatever happened elsewhere in it. When it is not, both versions are
shown field by field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consultation.accounts.queries import names
from consultation.authoring import actions, rules
from consultation.authoring.actions import Overtaken
from consultation.authoring.merging import Divergence, divergences, settled
from consultation.authoring.reading import Read
from consultation.authoring.typed import Typed
from consultation.authoring.views.desk import Desk, started_desk, who
from consultation.db import db
from consultation.questionnaires.editing import NoSuchPartError
from consultation.questionnaires.format import Questionnaire
from consultation.web.frame import render
from consultation.web.refusals import refuse

TRIES = 12
BUSY = "Beaucoup de personnes enregistrent en même temps. Enregistrez à nouveau."
WRITTEN = 40
"""Characters from which a text typed is worth giving back."""

Wrong = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Next:
    """Where a save leads: an address, and a sentence when there is one to say."""

    url: str
    sentence: str = ""


class Part(Protocol):
    """A piece of the questionnaire that has its own page."""

    @property
    def what(self) -> str:
        """What to call it in a sentence: « cette question »."""

    def find(self, at: Desk) -> Any:
        """Return it as it is; raise :class:`NoSuchPartError` when it is gone."""

    def read(self, typed: Typed, before: Any, at: Desk) -> Read:
        """Read its form."""

    def put(self, at: Desk, before: Any, after: Any) -> Questionnaire:
        """Return the questionnaire with ``after`` in the place of ``before``."""

    def press(
        self, at: Desk, questionnaire: Questionnaire, after: Any, button: str
    ) -> tuple[Questionnaire, Next]:
        """Do what the button asks besides saving, and say where to go."""

    def page(self, at: Desk, part: Any, typed: Typed | None, wrong: Wrong) -> str:
        """Return its page."""

    def url(self, at: Desk) -> str:
        """Return its address."""


def show(part: Part, at: Desk | None = None) -> ResponseReturnValue:
    """Show the page of a part."""
    at = at or started_desk()
    try:
        return part.page(at, part.find(at), None, {})
    except NoSuchPartError:
        return gone(at, part), 404


def save(part: Part) -> ResponseReturnValue:
    """Save what this request posts, and do what its button asks."""
    typed = Typed(request.form.to_dict(flat=False))
    for _ in range(TRIES):
        try:
            return _save(part, started_desk(), typed)
        except Overtaken:
            db.session.rollback()
    refuse(409, BUSY)


def _save(part: Part, at: Desk, typed: Typed) -> ResponseReturnValue:
    try:
        before = part.find(at)
    except NoSuchPartError:
        return gone(at, part), 409
    read = part.read(typed, before, at)
    if read.wrong:
        return part.page(at, before, typed, read.wrong), 422
    after, left = _settled(before, read.part, typed)
    if left:
        return newer(at, part, before, read.part, typed, left), 409
    questionnaire = part.put(at, before, after) if after != before else at.questionnaire
    questionnaire, then = part.press(at, questionnaire, after, typed.raw("do"))
    if questionnaire != at.questionnaire:
        write(at, questionnaire, part.what)
        flash(then.sentence or "Enregistré.", "ok")
    elif not typed.raw("do"):
        flash("Rien n’a changé.", "ok")
    return redirect(then.url, 303)


def _settled(before: Any, mine: Any, typed: Typed) -> tuple[Any, Sequence[Divergence]]:
    """Return the part to save, and the fields for which the organiser must choose first."""
    if mine == before:
        return before, []
    if rules.fingerprint(before) != typed.seen:
        return mine, divergences(mine, before)
    return settled(mine, before, typed) if typed.deciding else (mine, [])


def write(
    at: Desk, questionnaire: Questionnaire, part: str, verb: str = "edit_questionnaire"
) -> None:
    """Save the whole draft and commit; raise :class:`Overtaken` when somebody saved in between."""
    actions.save_draft(
        db.session,
        at.consultation,
        at.draft,
        at.published,
        questionnaire,
        verb=verb,
        part=part,
        **who(),
    )
    db.session.commit()


def newer(
    at: Desk, part: Part, theirs: Any, mine: Any, typed: Typed, left: Sequence[Divergence]
) -> str:
    """Show the two versions of each field that differs; the organiser chooses."""
    decided = typed.deciding and rules.fingerprint(theirs) == typed.seen
    errors = [(f"v-{each.name}", f"{each.label}\u00a0: choisissez une version") for each in left]
    return render(
        "authoring/newer.html",
        desk=at,
        name=at.overview.name(getattr(theirs, "key", "")),
        what=part.what,
        author=author(at),
        when=at.when(at.draft.edited_at) if at.draft and at.draft.edited_at else "",
        action=part.url(at),
        seen=rules.fingerprint(theirs),
        fields=typed.again(),
        divergences=divergences(mine, theirs),
        typed=typed,
        left=[each.name for each in left] if decided else [],
        errors=errors if decided else [],
    )


def author(at: Desk) -> str:
    """Return the name of who saved the draft last."""
    if at.draft is None or at.draft.edited_by is None:
        return "Une autre personne"
    if at.draft.edited_by == current_user.id:
        return "Une autre fenêtre de votre navigateur"
    return names(db.session, [at.draft.edited_by]).get(at.draft.edited_by, "Une autre personne")


def gone(at: Desk, part: Part) -> str:
    """Say that somebody removed the part, and give back what was typed."""
    texts = (value.strip() for name, value in request.form.items() if not name.startswith("_"))
    return render(
        "authoring/gone.html",
        desk=at,
        title=f"{part.what[:1].upper()}{part.what[1:]} n’existe plus",
        sentence="Une autre personne l’a supprimée ou a changé son code.",
        texts=[text for text in texts if len(text) > WRITTEN and " " in text],
    )
