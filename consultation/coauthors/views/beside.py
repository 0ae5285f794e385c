"""What the pages of a shared draft show beside it: who is there, who does what, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from consultation.coauthors.queries.beside import Beside
from consultation.coauthors.queries.beside import beside as read_beside
from consultation.coauthors.rules import signing
from consultation.coauthors.rules.signing import Change
from consultation.coauthors.rules.writing import (
    WHOLE,
    Writer,
    here,
    in_charge,
    listed,
    of_question,
    of_section,
    present,
)
from consultation.consultations.panels import register
from consultation.db import db
from consultation.questionnaires.compiled import CompiledSection
from consultation.questionnaires.path import Path, submitted
from consultation.responses.draft import Draft, LastSent
from consultation.responses.progress import Part
from consultation.responses.views.desk import Desk

ROOM = 8
"""Co-authors named beside the list of sections; the page of the team names everybody."""

SOMEBODY = "une personne qui n’écrit plus ici"


@dataclass(frozen=True)
class Side:
    """One co-author before a shared draft, and what stands beside it.

    ``changed``: whether there is something new to sign; ``changes``: what, on the page where it is
    signed.
    """

    at: Desk
    draft: Draft
    found: Beside
    section: CompiledSection | None = None
    changed: bool = False
    changes: Sequence[Change] = ()
    dropped: int = 0

    @property
    def signs(self) -> bool:
        return self.draft.shared is not None and self.draft.shared.signs

    # --- Who is there -------------------------------------------------------------------------

    @cached_property
    def _present(self) -> dict[int, str]:
        everybody = present(self.found.writers, self.draft.sections, self.at.user_id, self.at.now)
        return {user_id: section for user_id, (section, _) in everybody.items()}

    def here(self, key: str) -> str:
        """Say who else is in the section ``key`` now; nothing when nobody is."""
        return here([self.found.name(u) for u, section in self._present.items() if section == key])

    def saver(self, key: str) -> tuple[str, str] | None:
        """Return who saved a section last, if somebody else did, and when, in words."""
        saved = self.draft.sections.get(key)
        if saved is None or saved.saved_by == self.at.user_id:
            return None
        return self.name(saved.saved_by), self.at.when(saved.saved_at)

    def name(self, user_id: int | None) -> str:
        """Return the name of who writes or wrote here."""
        return self.found.name(user_id) or SOMEBODY

    @property
    def first_writers(self) -> Sequence[Writer]:
        """The co-authors that a list has room for: the person, who signs, then the others."""
        me = self.at.user_id
        ordered = sorted(self.found.writers, key=lambda w: (w.user_id != me, not w.signs))
        return ordered[:ROOM]

    # --- Who does what ------------------------------------------------------------------------

    def in_charge(self, target: str) -> str:
        """Say who looks after ``target``: « vous et Nadia Benali »."""
        return in_charge(self.found.shares.get(target, ()), self.found.writers, self.at.user_id)

    def of_part(self, part: Part) -> dict[str, Any]:
        """Return what the list of sections says of one: who is there, in charge, open notes."""
        section = part.section
        return {
            "here": self.here(section.section.key),
            "in_charge": self.in_charge(of_section(section)),
            "notes": self.notes_of(section),
        }

    def notes_of(self, section: CompiledSection) -> int:
        """Count the open notes on a section and on its questions."""
        return sum(self.found.notes.get(target, 0) for target in _targets(section))

    def notes_in_all(self) -> int:
        """Count the open notes of the response."""
        return sum(self.found.notes.values())

    def of_question(self, key: str) -> tuple[str, int] | None:
        """Return who looks after a question, and its open notes; ``None`` when there is neither."""
        target = of_question(key)
        who, notes = self.in_charge(target), self.found.notes.get(target, 0)
        return (who, notes) if who or notes else None

    @property
    def mine_only(self) -> bool:
        """Whether the person asks for their own sections alone."""
        return request.args.get("parties") == "miennes"

    def is_mine(self, section: CompiledSection) -> bool:
        """Whether the person looks after the section, or after a question of it."""
        me = self.at.user_id
        return any(me in self.found.shares.get(target, ()) for target in _targets(section))

    def shown(self, parts: Sequence[Part]) -> list[Part]:
        """Return the sections that the list shows."""
        return [part for part in parts if not self.mine_only or self.is_mine(part.section)]

    # --- The signature ------------------------------------------------------------------------

    @property
    def asked(self) -> bool:
        """Whether a signature is awaited."""
        # What was signed then withdrawn was signed: the request is over, and may be made again.
        asked, last = self.found.asked, self.draft.last
        return signing.pending(asked.at if asked else None, last.submitted_at if last else None)

    @property
    def moved(self) -> int:
        """How many sections were saved since the signature was asked for."""
        asked = self.found.asked
        return len(signing.moved_since(asked.state, self.draft)) if asked else 0

    @property
    def signatories(self) -> str:
        """The names of those who may sign, as one says them; empty when there are none."""
        names = [writer.name for writer in self.found.writers if writer.signs]
        return listed(names) if names else ""

    @property
    def whole_notes(self) -> int:
        """How many open notes are about the whole response."""
        return self.found.notes.get(WHOLE, 0)


def _targets(section: CompiledSection) -> list[str]:
    return [of_section(section), *(of_question(item.key) for item in section.items)]


def on_section(at: Desk, draft: Draft, section: CompiledSection) -> Side:
    """Say what stands beside one section."""
    return Side(at, draft, read_beside(db.session, draft.response_id), section)


def on_tasks(at: Desk, draft: Draft, changed: bool) -> Side:
    """Say what stands beside the list of sections."""
    return Side(at, draft, read_beside(db.session, draft.response_id), changed=changed)


def on_check(at: Desk, draft: Draft, path: Path, sent: LastSent | None) -> Side:
    """Say what a signatory signs: what changed since the last signature, and who wrote it."""
    found = read_beside(db.session, draft.response_id)
    answers = submitted(at.version, path)
    return Side(
        at,
        draft,
        found,
        changed=sent is None or sent.answers != answers,
        changes=(
            signing.changes(at.version, path, sent.answers, answers, at.today, at.language)
            if sent is not None
            else ()
        ),
        dropped=signing.dropped(at.version, sent.answers) if sent is not None else 0,
    )


register("co_authors_section", on_section)
register("co_authors_tasks", on_tasks)
register("co_authors_check", on_check)
