"""Saving one section: what is valid and what is not yet, never over somebody else's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from consultation.accounts.queries import names
from consultation.db import db
from consultation.questionnaires.compiled import Item
from consultation.questionnaires.kinds.question import Answer
from consultation.responses import actions, pages, reading, rules
from consultation.responses.checking import said
from consultation.responses.pages import Sight
from consultation.responses.reading import Posted, Settled
from consultation.responses.views import filing
from consultation.responses.views.desk import Desk, drawer, gone, not_open
from consultation.responses.views.showing import how_far, saved_sentence, section_page
from consultation.web.asking import wants_json
from consultation.web.frame import render
from consultation.web.refusals import refuse
from consultation.web.typography import plural

ATTEMPTS = 5
"""How often a save that others overtake is tried again, put together with theirs."""

BUSY = "Non enregistré\u00a0: beaucoup de personnes écrivent dans cette partie. Nouvelle tentative."


@dataclass(frozen=True, slots=True)
class Done:
    """What a save did: the section before and after it, its revision, the files refused.

    ``taken``: the questions that somebody else had answered meanwhile, and the person had not.
    """

    before: Sight
    after: Sight
    posted: Posted
    revision: int
    refused: Mapping[str, str]
    taken: Sequence[Item]


def save(at: Desk, seen: Sight) -> ResponseReturnValue:
    """Save the section that this request posts and say what comes next."""
    posted = reading.posted(request.form.to_dict(flat=False))
    if long := reading.too_long(seen.section, posted, at.language):
        return _too_long(at, seen, posted, long)
    for _ in range(ATTEMPTS):
        mine = _mine(seen, posted)
        settled = _settled(seen, posted, mine)
        if settled.left:
            return _newer(at, seen, posted, mine, settled)
        if done := _write(at, seen, posted, settled):
            return _in_json(at, done) if wants_json() else _onward(at, done)
        # Somebody saved it in between: what they saved is put together with this.
        draft = at.draft()
        if draft is None:
            return gone(at)
        if not at.open:
            return not_open(at, draft)
        seen = seen.with_draft(draft)
    if wants_json():
        refuse(503, BUSY)
    mine = _mine(seen, posted)
    differ = reading.differing(seen.section, mine, seen.answers)
    return _newer(at, seen, posted, mine, Settled(mine, differ))


def _mine(seen: Sight, posted: Posted) -> dict[str, Answer]:
    return reading.read(seen.section, posted, seen.answers, seen.keys, seen.offers)


def _settled(seen: Sight, posted: Posted, mine: Mapping[str, Answer]) -> Settled:
    saved = seen.draft.sections.get(seen.section.section.key)
    if saved is None:
        return Settled(mine)
    return reading.settle(seen.section, posted, mine, saved.answers, saved.revision)


def _write(at: Desk, seen: Sight, posted: Posted, settled: Settled) -> Done | None:
    """Write the section and commit; ``None`` when somebody saved it in between."""
    key, draft = seen.section.section.key, seen.draft
    saved = draft.sections.get(key)
    files = filing.of_request(at, seen, posted, settled.answers)
    revision = draft.revision(key)
    if saved is None or files.answers != saved.answers:
        try:
            changed = actions.save_section(
                db.session,
                response_id=draft.response_id,
                user_id=at.user_id,
                section=key,
                answers=files.answers,
                seen=revision,
                now=at.now,
            )
        except IntegrityError:  # the draft was deleted this very second
            db.session.rollback()
            changed = None
        if changed is None:
            db.session.commit()  # of nothing: it only lets the others write
            files.forget_added()
            return None
        files.record(draft.response_id, at.user_id, at.now)
        db.session.commit()
        files.forget_removed()
        revision = changed
    after = seen.with_draft(draft.holding(key, files.answers, revision, at.now, at.user_id))
    return Done(seen, after, posted, revision, files.refused, settled.taken)


# --- What comes next -----------------------------------------------------------------------------


def _onward(at: Desk, done: Done) -> ResponseReturnValue:
    """Lead to the next page, or back to this one when something here needs the person."""
    after = done.after
    if done.taken:
        flash(_taken(done), "warn")
    if done.refused:
        return section_page(at, after, after.answers, done.revision, done.refused), 422
    if done.posted.pressed:
        return _back(at, done, done.posted.pressed[0])
    if done.posted.after == "quitter":
        flash(f"{saved_sentence(at, after.draft)}. Vous pouvez revenir quand vous voulez.", "ok")
        return redirect(at.url("tasks"), 303)
    if done.posted.after == "rester" or pages.said(after):
        return _back(at, done)
    if opened := rules.newly_shown(done.before.path, after.path, after.keys):
        number = plural(len(opened), "question", "questions")
        flash(f"Votre réponse ouvre {number} dans cette partie.", "warn")
        return _back(at, done, opened[0])
    following = rules.next_number(at.version, after.path, after.section.number)
    if following is None:
        return redirect(at.url("check"), 303)
    return redirect(at.url("section", number=following), 303)


def _back(at: Desk, done: Done, key: str = "") -> ResponseReturnValue:
    if not key:
        flash(f"{saved_sentence(at, done.after.draft)}.", "ok")
    anchor = f"q-{key}" if key else None
    return redirect(at.url("section", number=done.after.section.number, _anchor=anchor), 303)


def _in_json(at: Desk, done: Done) -> ResponseReturnValue:
    """Tell the script of the page what changed on it."""
    after = done.after
    wrong = pages.said(after)
    redrawn = [*done.taken, *pages.changed_questions(done.before, after)]
    if done.posted.pressed:
        redrawn += [i for i in after.items if i.key == done.posted.pressed[0]]
    words, answered, asked = how_far(at, after)
    return jsonify(
        revision=done.revision,
        base=reading.marks(after.section, done.posted.questions or (), after.answers),
        saved=saved_sentence(at, after.draft) + (f". {_taken(done)}" if done.taken else ""),
        hidden=after.hidden,
        html={i.key: pages.question(drawer(), after, i, after.answers, wrong) for i in redrawn},
        progress=[words, answered, asked],
    )


def _taken(done: Done) -> str:
    """Say that answers saved by somebody else, or in another window, came into the section."""
    one = "Une réponse enregistrée entre-temps est reprise"
    many = f"{len(done.taken)}\u00a0réponses enregistrées entre-temps sont reprises"
    return f"{one if len(done.taken) == 1 else many} dans cette partie"


def _too_long(
    at: Desk, seen: Sight, posted: Posted, sentences: Mapping[str, str]
) -> ResponseReturnValue:
    """Give back, whole, texts that are too long to be kept; nothing is saved."""
    if wants_json():
        first = next(iter(sentences))
        number = at.version.items[first].number
        refuse(422, f"Rien n’est enregistré. Question\u00a0{number}\u00a0: {sentences[first]}.")
    answers = reading.read(seen.section, posted, seen.answers, seen.keys, seen.offers)
    for key in sentences:
        for name in (key, f"{key}.other"):
            if typed := posted.values.get(name):
                answers[name] = typed[0]
    again = seen.with_answers(answers)
    return section_page(at, again, answers, posted.revision, sentences, posted.base), 422


def _who_saved(at: Desk, user_id: int | None) -> str:
    """Say who saved the other version, to one of those who may know."""
    if user_id == at.user_id:
        return "dans une autre fenêtre ou sur un autre appareil"
    return f"par {names(db.session, [user_id]).get(user_id or 0, 'une autre personne')}"


def _newer(
    at: Desk, seen: Sight, posted: Posted, mine: Mapping[str, Answer], settled: Settled
) -> ResponseReturnValue:
    """Show the two versions of each question that both sides changed; the person chooses."""
    if wants_json():
        refuse(409, "Une version plus récente existe. Enregistrez pour comparer les deux.")
    key = seen.section.section.key
    differ = reading.differing(seen.section, mine, seen.answers)
    asked = differ if posted.deciding else settled.left
    chosen = [
        (item.key, "theirs" if item in settled.taken else "mine")
        for item in differ
        if item not in asked
    ]
    choices = [
        (
            item,
            said(item, mine, seen.path, at.today, at.language),
            said(item, seen.answers, seen.path, at.today, at.language),
            posted.choice(item.key),
        )
        for item in asked
    ]
    errors = [
        (f"v-{i.key}", f"Question\u00a0{i.number}\u00a0: choisissez une version")
        for i in settled.left
    ]
    return render(
        "responses/newer.html",
        desk=at,
        seen=seen,
        saved=seen.draft.sections[key],
        by=_who_saved(at, seen.draft.sections[key].saved_by),
        choices=choices,
        chosen=chosen,
        with_files=any(upload.filename for upload in request.files.values()),
        fields=posted.fields_of(seen.section),
        errors=errors if posted.deciding else [],
    ), 409
