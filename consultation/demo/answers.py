"""Whole sets of answers: columns drawn at once, then each respondent follows the real path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import numpy as np
from numpy.random import Generator

from consultation.demo import writing
from consultation.demo.amounts import Areas, draw_memberships, draw_numbers
from consultation.demo.opinions import Column, by_number, draw_opinions
from consultation.demo.people import INDIVIDUAL, People, actors, draw_people, regions
from consultation.demo.registry import siret
from consultation.demo.resources import sheet
from consultation.questionnaires import path
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.path import Path

PRESENCE_ONLY = frozenset({"dispositifs"})
"""Questions that conditions only ask to be answered, whatever the answer."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything drawn about n respondents, the first of whom has the number ``start``."""

    start: int
    people: People
    columns: Mapping[str, Column]
    writes: Mapping[str, list[bool]]
    random: Random

    def __len__(self) -> int:
        return len(self.people)

    def organisation(self, place: int) -> int | None:
        """Return the number of the organisation of a respondent; ``None`` for an individual."""
        if self.columns["acteur"][place] == INDIVIDUAL:
            return None
        return self.start + int(self.people.same_as[place])


def draw_batch(
    rng: Generator, start: int, size: int, version: CompiledVersion, areas: Areas
) -> Batch:
    """Draw ``size`` respondents and what each would answer to every question."""
    people = draw_people(rng, size)
    opinions = draw_opinions(rng, people, version)
    columns = {
        **_profiles(people, start),
        **opinions,
        "siret": _numbers(rng, people, start),
        **draw_memberships(rng, people, version, areas),
        **draw_numbers(rng, people, opinions["nombre_poles"]),
    }
    random = Random(int(rng.integers(2**63)))
    return Batch(start, people, columns, _writers(rng, people), random)


def _profiles(people: People, start: int) -> dict[str, Column]:
    kinds = by_number(actors(), people.actors)
    homes = (start + people.same_as).tolist()
    return {
        "acteur": kinds,
        "region": by_number(regions(), people.regions),
        "organisme": [organisation_name(k, n) for k, n in zip(kinds, homes, strict=True)],
        "mandat": ["officiel" if yes else "personnel" for yes in people.official.tolist()],
        "connaissance": by_number(_KNOWLEDGE, people.knowledge),
    }


_KNOWLEDGE = ("adherent", "partenaire", "ancien", "connait", "decouvre")


def organisation_name(actor: str, number: int) -> str | None:
    """Return a name that can be nobody's: « Société fictive n° 42 »."""
    if actor == INDIVIDUAL:
        return None
    return f"{sheet('population')['names'][actor]} n°\u00a0{number}"


def _numbers(rng: Generator, people: People, start: int) -> Column:
    given = (rng.random(len(people)) < 0.65).tolist()
    homes = (start + people.same_as).tolist()
    return [siret(home) if yes else None for home, yes in zip(homes, given, strict=True)]


def _writers(rng: Generator, people: People) -> dict[str, list[bool]]:
    eager = np.array([writing.talkative(actor) for actor in actors()])[people.actors]
    return {
        key: (rng.random(len(people)) < writing.rate(key) * eager).tolist()
        for key in writing.text_questions()
    }


class Filling:
    """Puts together the answers of a respondent, question after question along the real path."""

    def __init__(self, version: CompiledVersion, today: date) -> None:
        self._version, self._today = version, today
        self._triggers = tuple(key for key in version.items if key in version.triggers)
        self._paths: dict[tuple[Any, ...], tuple[Path, tuple[str, ...]]] = {}

    def answers(self, batch: Batch, place: int) -> tuple[dict[str, Any], Path]:
        """Return what the respondent at ``place`` answers, and the path that led there."""
        path, keys = self._path(batch.columns, place)
        found: dict[str, Any] = {}
        for key in keys:
            column = batch.columns.get(key)
            answer = _text(batch, key, place, found) if column is None else column[place]
            if answer is not None:
                found[key] = answer
                if key == "secteur" and "autre" in answer:
                    found["secteur.other"] = writing.other_industry(batch.random)
        return found, path

    def _path(self, columns: Mapping[str, Column], place: int) -> tuple[Path, tuple[str, ...]]:
        given = {key: columns[key][place] for key in self._triggers}
        mark = tuple(v is None if k in PRESENCE_ONLY else v for k, v in given.items())
        if mark not in self._paths:
            answered = {key: value for key, value in given.items() if value is not None}
            walked = path.walk(self._version, answered, self._today)
            shown = tuple(key for key in self._version.items if key in walked.shown)
            self._paths[mark] = (walked, shown)
        return self._paths[mark]


def _text(batch: Batch, key: str, place: int, answers: Mapping[str, Any]) -> str | None:
    if key not in batch.writes or not batch.writes[key][place]:
        return None
    industries = answers.get("secteur")
    voice = writing.Voice(
        actor=answers["acteur"],
        industry=industries[0] if industries else None,
        region=answers["region"],
        stance=_stance(key, answers, float(batch.people.traits[place, 0])),
    )
    return writing.answer(batch.random, key, voice)


def _stance(key: str, answers: Mapping[str, Any], regional: float) -> str:
    if key == "regionalisation_pourquoi":
        return "favourable" if answers["bilan_regionalisation"] in ("4", "5") else "unfavourable"
    if key == "proposition":
        return "regional" if regional > 0.8 else "national" if regional < -0.8 else "balanced"
    return "any"
