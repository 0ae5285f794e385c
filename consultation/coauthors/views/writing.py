"""Who is there, who does what, and the notes: what co-authors do beside a shared draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from consultation.coauthors import notices
from consultation.coauthors.actions.assigning import Share, share_out
from consultation.coauthors.actions.noting import add_note, delete_note, settle_note
from consultation.coauthors.actions.presence import show_presence
from consultation.coauthors.queries import beside
from consultation.coauthors.queries.beside import Noted, Signs
from consultation.coauthors.rules.writing import (
    WHOLE,
    Target,
    Writer,
    here,
    of_question,
    of_section,
    present,
    section_of,
    targets,
)
from consultation.coauthors.views.about import about
from consultation.coauthors.views.desk import blueprint
from consultation.coauthors.views.forms import NoteForm
from consultation.consultations.forms import blame
from consultation.consultations.rules import Refused
from consultation.db import db
from consultation.questionnaires.compiled import CompiledSection
from consultation.responses.draft import Draft, SavedSection
from consultation.responses.draft import section_of as part_of
from consultation.responses.views.desk import SHARED, Desk, desk, not_open, user
from consultation.tasks.queue import wake
from consultation.web.access import requires
from consultation.web.frame import render

# --- Who is there --------------------------------------------------------------------------------


@blueprint.post(f"{SHARED}/presence/<int:number>")
@requires(of="consultation")
def presence(slug: str, shared: int, number: int) -> ResponseReturnValue:
    """Keep that the person has a section open, or leaves it; say who else is there."""
    at = desk(shared)
    section = part_of(at.version, number)
    if section is None:
        raise NotFound
    if not at.open:
        return not_open(at)
    key = section.section.key
    shown = show_presence(
        db.session,
        consultation_id=at.consultation_id,
        response_id=shared,
        user_id=at.user_id,
        section=key,
        leaving=bool(request.form.get("quitte")),
        now=at.now,
    )
    if not shown:
        raise NotFound
    db.session.commit()
    found = beside.signs(db.session, shared, key)
    return jsonify(here=_others(at, found, key), newer=_newer(at, found))


def _others(at: Desk, found: Signs, key: str) -> str:
    saved = {}
    if found.saved_at is not None:
        saved[key] = SavedSection({}, found.revision, found.saved_at, found.saved_by)
    there = present(found.writers, saved, at.user_id, at.now)
    return here([w.name for w in found.writers if there.get(w.user_id, ("",))[0] == key])


def _newer(at: Desk, found: Signs) -> str:
    """Say that somebody else saved the section since the page was shown."""
    seen = request.form.get("revision", "")
    if not (seen.isascii() and seen.isdecimal() and len(seen) < 10):
        return ""
    if found.saved_at is None or found.saved_by == at.user_id or found.revision <= int(seen):
        return ""
    known = {writer.user_id: writer.name for writer in found.writers}
    who = known.get(found.saved_by or 0) or "Une autre personne"
    return f"{who} a enregistré cette partie {at.when(found.saved_at)}."


# --- Who does what -------------------------------------------------------------------------------


@blueprint.route(f"{SHARED}/repartition", methods=["GET", "POST"])
@blueprint.route(f"{SHARED}/repartition/<int:number>", methods=["GET", "POST"])
@requires(of="consultation")
def sharing(slug: str, shared: int, number: int | None = None) -> ResponseReturnValue:
    """Give sections to co-authors; with ``number``, a section and its questions."""
    at = desk(shared)
    section = part_of(at.version, number) if number is not None else None
    if number is not None and section is None:
        raise NotFound
    draft = at.draft()
    if draft is None or not at.open:
        return not_open(at)
    found = beside.beside(db.session, shared)
    offered = _offered(at, section)
    if request.method == "POST":
        return _share(at, draft, found.writers, offered)
    return render(
        "coauthors/sharing.html",
        desk=at,
        draft=draft,
        found=found,
        offered=offered,
        section=section,
    )


def _offered(at: Desk, section: CompiledSection | None) -> list[Target]:
    if section is not None:
        return list(targets([section]).values())
    found = targets(at.version.sections)
    return [found[of_section(one)] for one in at.version.sections]


def _share(
    at: Desk, draft: Draft, writers: Sequence[Writer], offered: Sequence[Target]
) -> ResponseReturnValue:
    allowed = {f"{t.name} {w.user_id}": (t.name, w.user_id) for t in offered for w in writers}
    ticked = {allowed[pair] for pair in request.form.getlist("confier") if pair in allowed}
    before = {allowed[pair] for pair in request.form.getlist("avant") if pair in allowed}
    given, taken = ticked - before, before - ticked
    share_out(
        db.session,
        consultation_id=at.consultation_id,
        response_id=draft.response_id,
        actor_id=at.user_id,
        given=given,
        taken=taken,
        now=at.now,
    )
    _tell_shares(at, draft, offered, given)
    db.session.commit()
    wake("mail")
    flash("La répartition est enregistrée." if given or taken else "Rien n’a changé.", "ok")
    return redirect(at.url("tasks"), 303)


def _tell_shares(at: Desk, draft: Draft, offered: Sequence[Target], given: Iterable[Share]) -> None:
    labels: dict[int, list[str]] = {}
    chosen = set(given)
    for target in offered:
        for name, user_id in chosen:
            if name == target.name and user_id != at.user_id:
                labels.setdefault(user_id, []).append(target.label)
    if labels:
        to = _addresses(draft, labels)
        kept = {user_id: labels[user_id] for user_id in to}
        notices.shared_out(db.session, about(at, draft), user().display_name, kept, to, at.now)


def _addresses(draft: Draft, user_ids: Iterable[int]) -> dict[int, str]:
    known = beside.addresses(db.session, draft.response_id)
    return {user_id: known[user_id][0] for user_id in user_ids if user_id in known}


# --- The notes -----------------------------------------------------------------------------------


@blueprint.route(f"{SHARED}/notes", methods=["GET", "POST"])
@requires(of="consultation")
def notes(slug: str, shared: int) -> ResponseReturnValue:
    """Show the notes, those of one section when ``partie`` or ``q`` says which; add one."""
    at = desk(shared)
    draft = at.draft()
    if draft is None:
        raise NotFound
    known = targets(at.version.sections)
    form = NoteForm(None if request.method == "GET" else request.form).offer(known.values())
    about_what = _asked_about(at)
    if request.method == "GET":
        form.target.data = about_what if about_what in known else WHOLE
        return _notes_page(at, draft, known, form, about_what)
    if not at.open:
        return not_open(at, draft)
    if not form.validate():
        return _notes_page(at, draft, known, form, form.target.data or ""), 422
    try:
        return _add(at, draft, form)
    except Refused as refused:
        db.session.rollback()
        blame(form, refused)
        return _notes_page(at, draft, known, form, form.target.data or ""), 422


def _asked_about(at: Desk) -> str:
    """Return the target that the address names; empty when it names none."""
    number = request.args.get("q", 0, type=int)
    for item in at.version.items.values():
        if item.number and item.number == number:
            return of_question(item.key)
    section = part_of(at.version, request.args.get("partie", 0, type=int))
    return of_section(section) if section else ""


def _add(at: Desk, draft: Draft, form: NoteForm) -> ResponseReturnValue:
    target = form.target.data
    added = add_note(
        db.session,
        response_id=draft.response_id,
        author_id=at.user_id,
        target=target,
        text=form.cleaned,
        now=at.now,
    )
    if added:
        _tell_note(at, draft, target)
    db.session.commit()
    wake("mail")
    flash("La note est ajoutée.", "ok")
    return redirect(_notes_about(at, target), 303)


def _tell_note(at: Desk, draft: Draft, target: str) -> None:
    """Write to those who look after what the note is about, or after its section."""
    shares = beside.beside(db.session, draft.response_id).shares
    number = section_of(at.version, target)
    section = part_of(at.version, number)
    wanted = {*shares.get(target, ()), *(shares.get(of_section(section), ()) if section else ())}
    if wanted := wanted - {at.user_id}:
        to = _addresses(draft, wanted)
        notices.noted(db.session, about(at, draft), user().display_name, to, at.now)


def _notes_page(
    at: Desk, draft: Draft, known: Mapping[str, Target], form: NoteForm, about_what: str
) -> str:
    number = known[about_what].section if about_what in known else 0
    found = [
        note
        for note in beside.notes(db.session, draft.response_id)
        if not number or _number(known, note) == number
    ]
    return render(
        "coauthors/notes.html",
        desk=at,
        draft=draft,
        form=form,
        errors=form.summary(),
        groups=_grouped(known, [note for note in found if note.settled_at is None]),
        settled=[note for note in found if note.settled_at is not None],
        labels={name: target.label for name, target in known.items()},
        section=part_of(at.version, number),
    )


def _number(known: Mapping[str, Target], note: Noted) -> int:
    target = known.get(note.target)
    return target.section if target else 0


def _grouped(
    known: Mapping[str, Target], found: Sequence[Noted]
) -> list[tuple[Target | None, list[Noted]]]:
    """Put notes together by what they are about, in reading order; the whole response first."""
    first = [note for note in found if note.target not in known]
    groups: list[tuple[Target | None, list[Noted]]] = [(None, first)] if first else []
    for name, target in known.items():
        if here_ := [note for note in found if note.target == name]:
            groups.append((target, here_))
    return groups


@blueprint.post(f"{SHARED}/notes/<int:note>/regler")
@requires(of="consultation")
def settle(slug: str, shared: int, note: int) -> ResponseReturnValue:
    """Mark a note as settled."""
    at = desk(shared)
    draft = at.draft()
    if draft is None or not at.open:
        return not_open(at)
    settle_note(db.session, response_id=shared, note_id=note, user_id=at.user_id, now=at.now)
    db.session.commit()
    flash("La note est marquée comme réglée.", "ok")
    return redirect(_back_to_notes(at), 303)


@blueprint.post(f"{SHARED}/notes/<int:note>/supprimer")
@requires(of="consultation")
def remove(slug: str, shared: int, note: int) -> ResponseReturnValue:
    """Delete a note of one's own, or a settled one."""
    at = desk(shared)
    draft = at.draft()
    if draft is None or not at.open:
        return not_open(at)
    if not _delete(at, draft, note):
        raise NotFound
    db.session.commit()
    flash("La note est supprimée.", "ok")
    return redirect(_back_to_notes(at), 303)


def _delete(at: Desk, draft: Draft, note: int) -> bool:
    signs = draft.shared is not None and draft.shared.signs
    return delete_note(
        db.session,
        response_id=draft.response_id,
        note_id=note,
        user_id=at.user_id,
        signs=signs,
    )


def _back_to_notes(at: Desk) -> str:
    return _notes_about(at, request.form.get("sur", ""))


def _notes_about(at: Desk, target: str) -> str:
    """Return the address of the notes of the section of ``target``, or of all of them."""
    number = section_of(at.version, target)
    return at.url("coauthors.notes", **({"partie": number} if number else {}))
