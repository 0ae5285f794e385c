"""The responses of a batch: submissions sealed like any other, and drafts left half-way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from consultation.accounts.rules.organisations import siren_of
from consultation.demo.answers import Batch, Filling
from consultation.demo.packing import Packing
from consultation.demo.profiles import Rows, add_person
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.path import Path
from consultation.responses import proof
from consultation.responses.models import Response, ResponseSection, Submission
from consultation.responses.rules import Respondent, is_individual, unit

CORRECTED = 0.03
"""The share of respondents who sent a second version of their response."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What respondents answer to: a consultation of this version, with this site's secret.

    ``mark`` begins every address, so that two loads never give the same one twice.
    """

    consultation_id: int
    version_id: int
    version: CompiledVersion
    opens_at: datetime
    secret: str
    mark: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a respondent is last seen, and whether they send."""

    moment: datetime
    sends: bool


class Recording:
    """Turns the respondents of one consultation into rows, one after the other."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._filling = Filling(survey.version, survey.opens_at.date())
        self._packing = Packing(survey.version)

    def record(self, rows: Rows, batch: Batch, arrivals: Sequence[Arrival]) -> None:
        """Add the rows of every respondent of ``batch``."""
        for place, arrival in enumerate(arrivals):
            self._respondent(rows, batch, place, arrival)

    def _respondent(self, rows: Rows, batch: Batch, place: int, arrival: Arrival) -> None:
        answers, path = self._filling.answers(batch, place)
        began = max(self._survey.opens_at, arrival.moment - _time_spent(batch.random))
        person = add_person(rows, batch, place, self._survey.mark, began)
        response = rows.add(
            Response,
            consultation_id=self._survey.consultation_id,
            user_id=person.user_id,
            version_id=self._survey.version_id,
            status="draft",
            submission_id=None,
            created_at=began,
            updated_at=arrival.moment,
        )
        if arrival.sends:
            self._send(rows, batch.random, person, response, answers, path)
        else:
            self._give_up(rows, batch.random, response, answers)

    def _send(
        self,
        rows: Rows,
        random: Random,
        person: Respondent,
        response: dict[str, Any],
        answers: dict[str, Any],
        path: Path,
    ) -> None:
        sent = [(response["updated_at"], answers)]
        if random.random() < CORRECTED:
            sent.insert(0, (response["created_at"], _without_proposal(answers)))
        for number, (moment, given) in enumerate(sent, 1):
            salt = f"{random.getrandbits(128):032x}"
            packed = self._packed(person, response["id"], moment, given, path)
            row = rows.add(
                Submission, **packed, **self._sealed(person, number, moment, given, salt, packed)
            )
            response["submission_id"], response["status"] = row["id"], "sent"

    def _packed(
        self,
        person: Respondent,
        response_id: int,
        moment: datetime,
        answers: dict[str, Any],
        path: Path,
    ) -> dict[str, Any]:
        """Return what results count of a submission."""
        individual = is_individual(self._survey.version, answers, person, moment.date())
        return {
            "response_id": response_id,
            "codes": self._packing.vector(path, answers),
            "unit": self._unit(answers, person, individual),
            "individual": individual,
        }

    def _sealed(
        self,
        person: Respondent,
        number: int,
        moment: datetime,
        answers: dict[str, Any],
        salt: str,
        packed: dict[str, Any],
    ) -> dict[str, Any]:
        survey = self._survey
        document = proof.document(
            consultation_id=survey.consultation_id,
            version=survey.version.digest,
            number=number,
            answers=answers,
            profile=person.profile,
            submitted_at=moment,
            salt=salt,
            counted=proof.counted(**packed),
        )
        leaf = proof.leaf_hash(document)
        return {
            "consultation_id": survey.consultation_id,
            "version_id": survey.version_id,
            "number": number,
            "answers": answers,
            "profile": person.profile,
            "salt": salt,
            "leaf_hash": leaf,
            "receipt": proof.receipt(leaf),
            "submitted_at": moment,
        }

    def _unit(self, answers: dict[str, Any], person: Respondent, individual: bool) -> int:
        """Return the unit of the rule, spared the check of a SIRET that is right by making."""
        if "siret" in answers:
            person = replace(person, siren=siren_of(answers["siret"]))
        return unit(self._survey.version, {}, person, individual, self._survey.secret)

    def _give_up(
        self, rows: Rows, random: Random, response: dict[str, Any], answers: dict[str, Any]
    ) -> None:
        """Keep the first sections only: the respondent stopped before the end."""
        sections = self._survey.version.sections
        for section in sections[: _reached(random, len(sections))]:
            keys = {item.key for item in section.items}
            rows.tables[ResponseSection].append(
                {
                    "response_id": response["id"],
                    "section": section.section.key,
                    "answers": {k: a for k, a in answers.items() if k.split(".")[0] in keys},
                    "revision": random.randint(1, 4),
                    "saved_at": response["updated_at"],
                    "saved_by": response["user_id"],
                }
            )


def _time_spent(random: Random) -> timedelta:
    """From opening the questionnaire to sending it: half an hour mostly, days sometimes."""
    middle = 0.5 if random.random() < 0.7 else 40.0
    return timedelta(seconds=round(3600 * middle * math.exp(random.gauss(0.0, 0.7))))


def _without_proposal(answers: dict[str, Any]) -> dict[str, Any]:
    """Return an earlier version: the same choices, before the proposal was written."""
    return {key: answer for key, answer in answers.items() if key != "proposition"}


def _reached(random: Random, sections: int) -> int:
    """Return how many sections a respondent who gave up had filled: most stop early."""
    reached = 0
    while reached < sections - 1 and random.random() < 0.72:
        reached += 1
    return reached
