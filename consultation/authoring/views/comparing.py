"""The draft beside the published version, and its publication."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from consultation.authoring import actions, queries
from consultation.authoring.actions import Overtaken, UnchangedError
from consultation.authoring.typed import Typed
from consultation.authoring.views.desk import ORGANISER, Desk, blueprint, started_desk, who
from consultation.authoring.views.whole import CHANGED
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.questionnaires.actions import NotPublishableError
from consultation.questionnaires.differences import CONFIRM, Difference, Weight
from consultation.responses.queries import counts, drafts_answering
from consultation.tasks.queue import wake
from consultation.web.frame import render
from consultation.web.refusals import refuse

MOST_COUNTED = 20
"""Changed questions whose drafts are counted, one statement each."""

WEIGHTS: Mapping[Weight, tuple[str, str]] = {
    "meaning": ("Changements de sens", "Les personnes concernées sont invitées à confirmer."),
    "addition": ("Ajouts", "Ils s’appliquent aussitôt."),
    "wording": ("Corrections", "Elles s’appliquent aussitôt, les réponses ne changent pas."),
}
NO_DRAFT = "Il n’y a pas de brouillon à publier. Modifiez d’abord le questionnaire."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every change by weight, and how many people each one concerns."""

    found: Sequence[Difference]
    sent: Counter[str]
    drafts: Mapping[str, int]
    responses: int

    def of(self, weight: Weight) -> list[Difference]:
        """Return the changes of one weight."""
        return [difference for difference in self.found if difference.weight == weight]

    @property
    def to_confirm(self) -> bool:
        """Whether somebody is asked to confirm."""
        return any(d.effect == CONFIRM and self.answers(d.key) for d in self.found)

    def answers(self, key: str) -> int:
        """Return how many people have answered a question, sent or not."""
        return self.sent[key] + self.drafts.get(key, 0)

    @property
    def reworded(self) -> dict[str, list[str]]:
        """Return the new words of each question that people answered and nobody is to confirm."""
        asked = {d.key for d in self.found if d.effect == CONFIRM}
        words: dict[str, list[str]] = {}
        for d in self.found:
            if d.rewords and d.key not in asked and self.answers(d.key):
                words.setdefault(d.key, []).append(d.sentence)
        return words


def comparison(at: Desk) -> Comparison:
    """Compare the draft to the published version."""
    if at.before is None:
        return Comparison([], Counter(), {}, 0)
    found = actions.all_changes(at.before.shown, at.overview.shown)
    touched = dict.fromkeys(k for d in found if d.weight != "addition" for k in d.concerned)
    keys = [key for key in touched if at.published_question(key) is not None]
    drafts, sent = counts(db.session, at.consultation.id)
    return Comparison(
        found,
        queries.answered(db.session, at.consultation.id, keys) if sent else Counter(),
        {key: drafts_answering(db.session, at.consultation.id, key) for key in keys[:MOST_COUNTED]}
        if drafts
        else {},
        drafts + sent,
    )


@blueprint.get("/comparer")
@ORGANISER
def compare(slug: str) -> ResponseReturnValue:
    """Show the differences in words."""
    return _page(started_desk())


@blueprint.get("/publier")
@ORGANISER
def confirm_publication(slug: str) -> ResponseReturnValue:
    """Show what publishing does, before it is done."""
    return _page(started_desk(), publishing=True)


@blueprint.post("/publier")
@ORGANISER
def publish(slug: str) -> ResponseReturnValue:
    """Publish the draft that the page showed."""
    at, typed = started_desk(), Typed(request.form.to_dict(flat=False))
    if at.draft is None:
        refuse(409, NO_DRAFT)
    if typed.revision != at.revision:
        return _page(at, publishing=True, late=True), 409
    try:
        version = actions.publish(
            db.session,
            at.consultation,
            at.draft,
            at.published,
            at.questionnaire,
            at.before.shown if at.before else None,
            new_meaning=_new_meaning(at, typed),
            **who(),
        )
        number = version.number
        db.session.commit()
    except NotPublishableError as error:
        db.session.rollback()
        return _page(started_desk(), publishing=True, refused=error), 422
    except UnchangedError:
        db.session.rollback()
        refuse(409, "Le brouillon dit la même chose que la version publiée.")
    except Refused as error:
        db.session.rollback()
        refuse(409, f"{error.sentence}.")
    except Overtaken:
        db.session.rollback()
        refuse(409, CHANGED)
    wake("authoring")
    flash(f"Version {number} publiée.", "ok")
    return redirect(at.url("editor"), 303)


def _new_meaning(at: Desk, typed: Typed) -> list[str]:
    ticked = typed.all("sens")
    reworded = comparison(at).reworded if ticked else {}
    return [key for key in ticked if key in reworded]


def _page(
    at: Desk,
    *,
    publishing: bool = False,
    late: bool = False,
    refused: NotPublishableError | None = None,
) -> str:
    blocking = refused.findings if refused else []
    return render(
        "authoring/compare.html",
        desk=at,
        compared=comparison(at),
        weights=WEIGHTS,
        publishing=publishing,
        late=late,
        blocking=[(f.where, f.what) for f in blocking]
        or [(check.key, check.what) for check in at.overview.errors],
        public=at.consultation.state == "published",
        closed=at.phase == "closed",
    )
