"""The queue of a consultation and the comment that a moderator reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from consultation.db import db
from consultation.moderation import claims, highlights, queries, register, rules
from consultation.moderation.actions import open_reports
from consultation.moderation.forms import DecisionForm, JudgementForm
from consultation.moderation.queries import Queue, Waiting
from consultation.moderation.views.bench import LABELS, blueprint
from consultation.territories.queries import regions
from consultation.territories.reading import actor_types
from consultation.web.access import requires
from consultation.web.asking import wants_json
from consultation.web.frame import now, render
from consultation.web.typography import in_paris

MODERATOR = requires("moderator", of="consultation")
OLDEST_FIRST = "anciens"


@blueprint.get("/espace/<slug>/moderation")
@MODERATOR
def queue(slug: str) -> ResponseReturnValue:
    """Show the queue and the comment to examine."""
    return page()


@blueprint.post("/espace/<slug>/moderation/<int:number>/examiner")
@MODERATOR
def examine(slug: str, number: int) -> ResponseReturnValue:
    """Tell colleagues that this moderator examines the comment, or takes it over."""
    if queries.one(db.session, g.consultation.id, number) is None:
        raise NotFound
    force = request.form.get("reprendre") == "1"
    claimed = claims.claim(db.session, number, current_user.id, now(), force=force)
    db.session.commit()
    if wants_json():
        return "", 204 if claimed else 409
    return redirect(address(number), 303)


@blueprint.post("/espace/<slug>/moderation/<int:number>/passer")
@MODERATOR
def skip(slug: str, number: int) -> ResponseReturnValue:
    """Leave the comment to somebody else and open the next one."""
    claims.release(db.session, number, current_user.id)
    db.session.commit()
    return redirect(address(next_after(number)), 303)


def ordering() -> bool:
    """Return whether reported comments come first in the queue of this request."""
    return request.values.get("file") != OLDEST_FIRST


def address(number: int | None) -> str:
    """Return the address of the queue, open on comment ``number``."""
    order = None if ordering() else OLDEST_FIRST
    slug = g.consultation.slug
    return url_for("moderation.queue", slug=slug, file=order, examiner=number)


def next_after(number: int) -> int | None:
    """Return the comment that follows ``number`` in the queue, else the first one."""
    listed = queries.queue(db.session, g.consultation.id, reported_first=ordering(), limit=200)
    identifiers = [item.comment.id for item in listed.items]
    others = [identifier for identifier in identifiers if identifier != number]
    if number not in identifiers:
        return others[0] if others else None
    following = identifiers[identifiers.index(number) + 1 :]
    return following[0] if following else (others[0] if others else None)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that came back with errors, or what happened meanwhile."""

    number: int
    decision: DecisionForm | None = None
    judgement: JudgementForm | None = None
    meanwhile: bool = False


def page(typed: Typed | None = None) -> str:
    """Draw the queue; ``typed`` is shown again on its comment."""
    listed = _listed()
    number = typed.number if typed else _asked()
    item = _current(listed, number)
    form = (typed.decision or typed.judgement) if typed else None
    return render(
        "moderation/queue.html",
        consultation=g.consultation,
        now=now(),
        queue=listed,
        offset=_offset(),
        reported_first=ordering(),
        item=item,
        asked=number,
        meanwhile=_meanwhile(number, item, typed),
        figures=_figures(),
        labels=LABELS,
        errors=form.summary() if form else [],
        **(_details(item, typed) if item else {}),
    )


def _listed() -> Queue:
    return queries.queue(db.session, g.consultation.id, reported_first=ordering(), offset=_offset())


def _offset() -> int:
    typed = request.args.get("debut", "0")
    return min(int(typed), 100_000) if typed.isascii() and typed.isdecimal() else 0


def _asked() -> int | None:
    typed = request.args.get("examiner", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def _current(listed: Queue, number: int | None) -> Waiting | None:
    if number is None:
        return listed.items[0] if listed.items else None
    found = [item for item in listed.items if item.comment.id == number]
    return found[0] if found else queries.one(db.session, g.consultation.id, number)


def _meanwhile(number: int | None, item: Waiting | None, typed: Typed | None) -> Any:
    """Return what a colleague decided about the comment that was asked for."""
    if number is None or (item is not None and not (typed and typed.meanwhile)):
        return None
    found = [
        (decision, name)
        for decision, name in queries.decisions_of(db.session, number)
        if decision.consultation_id == g.consultation.id
    ]
    return found[0] if found else None


def _details(item: Waiting, typed: Typed | None) -> dict[str, Any]:
    comment = item.comment
    claim = queries.claim_of(db.session, comment.id)
    values = {"revision": comment.revision}
    return {
        "segments": highlights.segments(comment.text),
        "found": highlights.labels(comment.text),
        "author": _author(item),
        "thread": queries.thread(db.session, comment),
        "reports": open_reports(db.session, comment.id),
        "reasons": rules.REASONS,
        "history": queries.decisions_of(db.session, comment.id),
        "contested": queries.contestable(db.session, comment.id) if item.appeal_id else None,
        "claim": claim,
        "taken": rules.is_taken(claim[0] if claim else None, current_user.id, now()),
        "mine": claim is not None and claim[0].moderator_id == current_user.id,
        "own": comment.author_id == current_user.id,
        "form": (typed and typed.decision) or DecisionForm(None, data=values),
        "judgement": (typed and typed.judgement) or JudgementForm(None),
    }


def _author(item: Waiting) -> dict[str, Any]:
    known = queries.background(db.session, item.comment)
    names = {region.code: region.name for region in regions(db.session)}
    kind = actor_types().get(known.actor_type or "")
    said = [kind.french if kind else None, names.get(known.region_code or "")]
    return {
        "kind": ", ".join(part for part in said if part) or "Non précisé",
        "published": known.published,
        "refused": known.refused,
    }


def _figures() -> dict[str, Any]:
    midnight = in_paris(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "median": register.median_delay(db.session, g.consultation.id),
        "last": queries.last_sent(db.session, g.consultation.id),
        "today": register.decided_since(db.session, g.consultation.id, midnight),
    }
