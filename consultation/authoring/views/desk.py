"""What the pages of the editor share: the blueprint, the draft as it is now, where it leads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import msgspec
from flask import Blueprint, current_app, g, url_for
from flask_login import current_user

from consultation.authoring import queries
from consultation.authoring.overview import Overview, overview
from consultation.authoring.reading import Around
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Phase, phase
from consultation.db import db
from consultation.lib.recent import Recent
from consultation.questionnaires.drafts import StoredVersion
from consultation.questionnaires.drawing import Drawer
from consultation.questionnaires.format import Questionnaire, decode
from consultation.questionnaires.kinds.table import AnyQuestion
from consultation.web.access import requires
from consultation.web.frame import now
from consultation.web.refusals import refuse
from consultation.web.typography import in_paris, moment_fr, time_fr

blueprint = Blueprint("authoring", __name__, url_prefix="/espace/<slug>/questionnaire")
ORGANISER = requires("organiser", of="consultation")
NOTHING = "Ce questionnaire n’existe pas encore. Commencez-le depuis l’onglet Questionnaire."
_decoded: Recent[str, Questionnaire] = Recent(48)


@dataclass(frozen=True)
class Desk:
    """One organiser before the questionnaire of one consultation, at one moment."""

    consultation: Consultation
    draft: StoredVersion | None
    published: StoredVersion | None
    now: datetime

    @property
    def started(self) -> bool:
        """Whether there is a questionnaire at all."""
        return self.draft is not None or self.published is not None

    @property
    def source(self) -> StoredVersion:
        """What the editor shows: the draft, else the published version."""
        found = self.draft or self.published
        if found is None:
            refuse(409, NOTHING)
        return found

    @property
    def revision(self) -> int:
        """The revision of the draft; 0 while there is none."""
        return self.draft.revision if self.draft else 0

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return decoded(self.source)

    @cached_property
    def overview(self) -> Overview:
        return overview(self.questionnaire, _name(self.source), self.today)

    @cached_property
    def before(self) -> Overview | None:
        """The published version."""
        if self.published is None:
            return None
        return overview(decoded(self.published), _name(self.published), self.today)

    @property
    def today(self) -> date:
        return in_paris(self.now).date()

    @property
    def phase(self) -> Phase:
        return phase(self.consultation, self.now)

    @property
    def number(self) -> int:
        """The number that the draft takes when it is published."""
        after = self.published.number + 1 if self.published else 1
        return max(self.draft.number, after) if self.draft else after

    @property
    def first(self) -> str:
        """The language the questionnaire is written in first."""
        return next(iter(self.questionnaire.languages), "fr")

    @property
    def saved(self) -> str:
        """When the draft was saved, in words; empty while there is none."""
        if self.draft is None or self.draft.edited_at is None:
            return ""
        return f"Enregistré {self.when(self.draft.edited_at)}"

    def when(self, moment: datetime) -> str:
        """Write a past moment: the hour alone when it is of this day."""
        same_day = in_paris(moment).date() == self.today
        return f"à {time_fr(moment)}" if same_day else f"le {moment_fr(moment)}"

    def published_question(self, key: str) -> AnyQuestion | None:
        """Return the question ``key`` of the published version."""
        item = self.before.shown.items.get(key) if self.before else None
        return item.question if item is not None else None

    def around(self, key: str = "", language: str = "") -> Around:
        """Describe what stands around the part ``key``, for whoever reads its form."""
        whole, questionnaire = self.overview, self.questionnaire
        taken = whole.keys | {c.key for c in questionnaire.computed}
        return Around(
            language=language or self.first,
            first=self.first,
            taken=frozenset(taken - {key}),
            symbols=whole.symbols,
            named={
                "from_list": frozenset(questionnaire.lists),
                "scale": frozenset(questionnaire.scales),
            },
            numbers=whole.numbers,
        )

    def place(self, key: str) -> str:
        """Return the address where the question, section, list or scale ``key`` is edited."""
        if key in self.overview.keys:
            return self.url("question", key=key)
        if any(section.key == key for section in self.questionnaire.sections):
            return self.url("section", key=key)
        if key in self.questionnaire.lists:
            return self.url("named", sort="liste", name=key)
        if key in self.questionnaire.scales:
            return self.url("named", sort="echelle", name=key)
        return self.url("editor")

    def url(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page of the editor."""
        return url_for(f"authoring.{endpoint}", slug=self.consultation.slug, **values)


def desk() -> Desk:
    """Return the desk of this request: two versions at the most, in one statement."""
    consultation: Consultation = g.consultation
    draft, published = queries.stored(db.session, consultation.id, consultation.version_id)
    return Desk(consultation, draft, published, now())


def started_desk() -> Desk:
    """Return the desk of this request; refuse when there is no questionnaire yet."""
    at = desk()
    if not at.started:
        refuse(409, NOTHING)
    return at


def decoded(stored: StoredVersion) -> Questionnaire:
    """Return the questionnaire of a stored version, decoded once per process."""
    name = _name(stored)
    return _decoded.get(name) or _decoded.keep(name, decode(stored.definition))


def _name(stored: StoredVersion) -> str:
    """Return what identifies a definition: two states that say the same are the same."""
    return stored.digest or hashlib.sha256(msgspec.json.encode(stored.definition)).hexdigest()


def who() -> Mapping[str, Any]:
    """Return who acts and when, as actions take them."""
    return {"actor_id": current_user.id, "now": now()}


def drawer() -> Drawer:
    """Return what draws the questions of this application."""
    found: Drawer = current_app.extensions["drawer"]
    return found
