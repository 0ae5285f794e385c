"""Setting up the demonstration, one step after the other, in the caller's session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from consultation.accounts.keys import Keys
from consultation.accounts.models import User
from consultation.audit.actions import record
from consultation.consultations.actions import publish
from consultation.consultations.models import Consultation
from consultation.demo import cast, programme, talk
from consultation.demo.amounts import Areas
from consultation.demo.inviting import Inviting
from consultation.demo.moderating import moderate, report_one
from consultation.demo.populate import populate
from consultation.demo.programme import Plan
from consultation.demo.records import Survey
from consultation.demo.resources import rural_questionnaire
from consultation.demo.timetable import Timetable, timetable
from consultation.demo.together import Together
from consultation.invitations.links import Links
from consultation.lib.file_store import FileStore
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.starters.shelf import starter
from consultation.territories import actions as territories
from consultation.territories import queries as places

OPEN_SHARE, MOST_OPEN = 0.2, 2_000
"""Respondents of the open consultation for each one of the closed one, and at the most."""

ANNOUNCED = timedelta(days=20)
"""How long before its opening a consultation is published."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much to load, and the seed that everything is drawn from."""

    respondents: int
    comments: int
    seed: int

    @property
    def respondents_open(self) -> int:
        return min(MOST_OPEN, round(self.respondents * OPEN_SHARE))


@dataclass(frozen=True, slots=True)
class Staging:
    """One load: where it writes, the secret and the address of the site, and the day."""

    session: Session
    files: FileStore
    secret: str
    public_url: str
    now: datetime
    progress: bool

    def earlier(self) -> tuple[int, int]:
        """Return how many demonstrations are there, and how many were left half-way."""
        slug = programme.closed_plan().slug
        statement = (
            select(Consultation.state, func.count())
            .where(Consultation.demonstration, Consultation.slug.startswith(slug))
            .group_by(Consultation.state)
        )
        found = {row[0]: row[1] for row in self.session.execute(statement)}
        return found.get("published", 0), found.get("draft", 0)

    def load(self, amount: Amount, turn: int) -> None:
        """Load the demonstration for the ``turn``-th time, and leave the commit to the caller."""
        territories.load(self.session)
        clusters = self._version(starter("poles_2022"), "poles_2022")
        rural = self._version(rural_questionnaire(), "agenda_rural")
        closed = self._consultation(programme.closed_plan(), clusters, turn)
        current = self._consultation(programme.open_plan(self.now), clusters, turn)
        coming = self._consultation(programme.coming_plan(self.now), rural, turn)
        people = cast.open_cast(self.session, [c.id for c in (current, closed, coming)], self.now)
        self._populate(closed, current, amount, turn)
        Together(self.session, current, self.now).write()
        self._invite(current, amount, turn, people["organisateur@example.org"].id)
        self._talk(closed, current, amount, people["moderateur@example.org"].id)
        self._publish([closed, current, coming], people["admin@example.org"], amount)

    def _version(self, questionnaire: Questionnaire, lineage: str) -> int:
        version = publish_version(
            self.session, questionnaire, lineage=lineage, actor_id=None, now=self.now
        )
        return version.id

    def _consultation(self, plan: Plan, version_id: int, turn: int) -> Consultation:
        slug = plan.slug if turn == 1 else f"{plan.slug}-{turn}"
        return programme.make(self.session, self.files, replace(plan, slug=slug), version_id)

    def _populate(
        self, closed: Consultation, current: Consultation, amount: Amount, turn: int
    ) -> None:
        total = amount.respondents + amount.respondents_open
        with tqdm(total=total, unit=" respondents", disable=not self.progress) as bar:
            number = self._respond(closed, amount.respondents, 1, amount.seed, turn, bar.update)
            self._respond(current, amount.respondents_open, number, amount.seed, turn, bar.update)

    def _respond(
        self,
        consultation: Consultation,
        total: int,
        number: int,
        seed: int,
        turn: int,
        advance: Callable[[int], object],
    ) -> int:
        survey = Survey(
            consultation_id=consultation.id,
            version_id=consultation.version_id or 0,
            version=compile_version(starter("poles_2022")),
            opens_at=consultation.opens_at,
            secret=self.secret,
            mark=f"repondant-{turn}",
        )
        return populate(
            self.session,
            survey,
            self._timetable(consultation),
            self._areas(),
            total=total,
            first_number=number,
            seed=seed,
            advance=advance,
        )

    def _timetable(self, consultation: Consultation) -> Timetable:
        return timetable(consultation.opens_at, consultation.closes_at, self.now)

    def _areas(self) -> Areas:
        return {cluster.slug: cluster.region_codes for cluster in places.clusters(self.session)}

    def _invite(
        self, consultation: Consultation, amount: Amount, turn: int, organiser_id: int
    ) -> None:
        links = Links(Keys(self.secret), self.public_url)
        mark = str(turn)
        inviting = Inviting(self.session, consultation, links, organiser_id, mark, self.now)
        inviting.invite(amount.seed)

    def _talk(
        self, closed: Consultation, current: Consultation, amount: Amount, moderator_id: int
    ) -> None:
        for consultation, share, script in (
            (closed, talk.CLOSED_SHARE, talk.CLOSED),
            (current, 1 - talk.CLOSED_SHARE, talk.OPEN),
        ):
            comments = talk.discuss(
                self.session,
                consultation.id,
                self._timetable(consultation),
                script,
                count=round(amount.comments * share),
                seed=amount.seed,
                until=min(self.now, consultation.closes_at + talk.DECIDED_WITHIN),
            )
            moderate(self.session, comments, moderator_id)
        report_one(self.session, comments, self.now)

    def _publish(self, consultations: list[Consultation], admin: User, amount: Amount) -> None:
        for consultation in consultations:
            published = consultation.opens_at - ANNOUNCED
            publish(self.session, consultation, actor_id=admin.id, now=published)
        record(
            self.session,
            actor_id=admin.id,
            verb="load_demonstration",
            subject="site",
            subject_id="demonstration",
            now=self.now,
            details={"respondents": amount.respondents, "seed": amount.seed},
        )
