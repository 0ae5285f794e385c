"""Who answers: kinds of actors, regions and leanings of a batch of synthetic respondents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.random import Generator

from consultation.demo.draws import Booleans, Floats, Integers
from consultation.demo.resources import sheet

INDIVIDUAL = "particulier"
TWICE = 0.05
"""The share of respondents whose organisation has already answered by somebody else."""


@dataclass(frozen=True, slots=True)
class People:
    """A batch of n respondents, in the order in which they answer.

    ``actors`` and ``regions`` are indices in :func:`actors` and :func:`regions`, ``traits`` is
    (n, 6); ``same_as`` is the place of the colleague who answered before, or one's own place.
    """

    actors: Integers
    regions: Integers
    traits: Floats
    same_as: Integers
    official: Booleans
    knowledge: Integers

    def __len__(self) -> int:
        return len(self.actors)


@cache
def actors() -> tuple[str, ...]:
    """Return the codes of the kinds of actors."""
    return tuple(sheet("population")["actors"])


@cache
def regions() -> tuple[str, ...]:
    """Return the codes of the regions, then « national » and « etranger »."""
    population = sheet("population")
    return (*population["regions"], *population["elsewhere"])


@cache
def traits() -> tuple[str, ...]:
    """Return the names of the leanings."""
    return tuple(sheet("population")["traits"])


def draw_people(rng: Generator, n: int) -> People:
    """Draw ``n`` respondents."""
    kinds = rng.choice(len(actors()), size=n, p=_weights("actors"))
    same_as = _colleagues(rng, kinds)
    places = _places(rng, kinds)[same_as]
    return People(
        actors=kinds,
        regions=places,
        traits=_traits(rng, kinds, places),
        same_as=same_as,
        official=_official(rng, kinds, same_as),
        knowledge=_knowledge(rng, kinds),
    )


@cache
def _weights(part: str) -> Floats:
    odds = np.array([entry["weight"] for entry in sheet("population")[part].values()], dtype=float)
    weights: Floats = odds / odds.sum()
    return weights


@cache
def _of_actors(field: str, default: Any = 0.0) -> Floats:
    entries = sheet("population")["actors"].values()
    return np.array([entry.get(field, default) for entry in entries], dtype=float)


def _colleagues(rng: Generator, kinds: Integers) -> Integers:
    """Send some respondents back to an earlier one of the same kind: their organisation."""
    own = np.arange(len(kinds))
    same_as = own.copy()
    for place in np.flatnonzero(rng.random(len(kinds)) < TWICE):
        before = np.flatnonzero((kinds[:place] == kinds[place]) & (same_as[:place] == own[:place]))
        if len(before) and actors()[kinds[place]] != INDIVIDUAL:
            same_as[place] = before[rng.integers(len(before))]
    return same_as


def _places(rng: Generator, kinds: Integers) -> Integers:
    found = rng.choice(len(_weights("regions")), size=len(kinds), p=_weights("regions"))
    for number, odds in enumerate(sheet("population")["elsewhere"].values()):
        share = np.array([odds.get(actor, 0.0) for actor in actors()])[kinds]
        found[rng.random(len(kinds)) < share] = len(_weights("regions")) + number
    return found


def _traits(rng: Generator, kinds: Integers, places: Integers) -> Floats:
    of_kind = _of_actors("traits")[kinds]
    drawn: Floats = of_kind + _traits_of_regions()[places] + rng.normal(0.0, 0.8, of_kind.shape)
    return drawn


@cache
def _traits_of_regions() -> Floats:
    entries = [entry["traits"] for entry in sheet("population")["regions"].values()]
    entries += [{} for _ in sheet("population")["elsewhere"]]
    return np.array([[entry.get(trait, 0.0) for trait in traits()] for entry in entries])


def _official(rng: Generator, kinds: Integers, same_as: Integers) -> Booleans:
    """One official response at the most for an organisation."""
    willing = rng.random(len(kinds)) < _of_actors("official")[kinds]
    first: Booleans = same_as == np.arange(len(kinds))
    return willing & first


def _knowledge(rng: Generator, kinds: Integers) -> Integers:
    odds = _of_actors("knowledge")
    cumulated = np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)[kinds]
    drawn: Integers = (rng.random((len(kinds), 1)) > cumulated).sum(axis=1)
    return drawn
