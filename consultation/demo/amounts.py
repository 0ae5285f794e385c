"""Profiles, memberships, numbers, shares and months of a batch of synthetic respondents."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.random import Generator

from consultation.demo import draws
from consultation.demo.draws import Booleans, Floats, Integers
from consultation.demo.opinions import Column, ticked_values
from consultation.demo.people import People, actors, regions
from consultation.demo.resources import sheet
from consultation.questionnaires.compiled import CompiledVersion

FIRST_MONTH = 2005 * 12 + 6
LAST_MONTH = 2022 * 12 + 1
"""Months counted from year 0: July 2005, when clusters were born, and February 2022."""

Areas = dict[str, list[str]]
"""The regions of each cluster, by its slug, the region of its seat first."""


def draw_memberships(
    rng: Generator, people: People, version: CompiledVersion, areas: Areas
) -> dict[str, Column]:
    """Return the clusters of each respondent and the month they joined."""
    slugs = tuple(option.value for option in version.items["poles_membres"].resolved.options)
    order = draws.ranked(rng, _nearness(slugs, areas)[people.regions])
    chosen = draws.first(order, draws.sizes(rng, len(people), [68, 22, 7, 3]))
    nobody = np.zeros(len(people), dtype=bool)
    months = FIRST_MONTH + ((LAST_MONTH - FIRST_MONTH) * rng.beta(2.0, 1.2, len(people))).astype(
        np.int64
    )
    return {
        "poles_membres": ticked_values(chosen, slugs, nobody),
        "date_adhesion": _sometimes(rng, 0.7, [f"{m // 12}-{m % 12 + 1:02}" for m in months]),
    }


def _nearness(slugs: tuple[str, ...], areas: Areas) -> Floats:
    """Log-odds that somebody of a region is in a cluster, (regions, clusters)."""
    table = np.zeros((len(regions()), len(slugs)))
    for column, slug in enumerate(slugs):
        for line, region in enumerate(regions()):
            where = areas.get(slug, [])
            table[line, column] = 4.0 if where[:1] == [region] else 3.0 * (region in where)
    return table


def draw_numbers(rng: Generator, people: People, choice: Column) -> dict[str, Column]:
    """Return headcounts, fees, the wished number of clusters (by ``choice``) and the shares."""
    staff = _staff(rng, people)[people.same_as]
    given = draws.shares(rng, _share_scores(people))
    return {
        "effectif": _sometimes(rng, 0.85, staff.tolist()),
        "cotisation": _sometimes(rng, 0.55, _fees(rng, people)),
        "nombre_cible": _sometimes(rng, 0.8, _targets(rng, choice)),
        **{f"part_{who}": given[:, n].tolist() for n, who in enumerate(_PAYERS)},
    }


_PAYERS = ("etat", "regions", "privee")


def _share_scores(people: People) -> Floats:
    regional, public = people.traits[:, 0], people.traits[:, 1]
    state = 0.30 * public - 0.30 * regional
    region = 0.20 * public + 0.35 * regional
    private = 0.35 - 0.45 * public
    return np.stack([state, region, private], axis=1)


def _staff(rng: Generator, people: People) -> Integers:
    """Headcounts within the band of each kind of company, 0 for whoever is not one."""
    low, high, middle = _bands().T[:, people.actors]
    drawn = middle * np.exp(rng.normal(0.0, 0.8, len(people)))
    staff: Integers = np.clip(drawn, low, high).astype(np.int64)
    return staff


@cache
def _bands() -> Floats:
    entries = sheet("population")["actors"]
    return np.array([entries[actor].get("staff", [0, 0, 0]) for actor in actors()], dtype=float)


def _fees(rng: Generator, people: People) -> list[int]:
    entries = sheet("population")["actors"]
    middle = np.array([entries[actor].get("fee", 0) for actor in actors()], dtype=float)
    drawn = middle[people.actors] * np.exp(rng.normal(0.0, 0.7, len(people)))
    step = np.where(drawn < 2000, 50, 500)
    rounded: list[int] = (np.round(drawn / step) * step).astype(np.int64).tolist()
    return rounded


def _targets(rng: Generator, choice: Column) -> list[int]:
    fewer = np.clip(rng.normal(38, 8, len(choice)).round(), 10, 53).astype(np.int64)
    more = np.clip(rng.normal(65, 9, len(choice)).round(), 55, 150).astype(np.int64)
    wants_fewer: Booleans = np.array(choice) == "moins"
    found: list[int] = np.where(wants_fewer, fewer, more).tolist()
    return found


def _sometimes(rng: Generator, rate: float, values: list[Any]) -> Column:
    """Return ``values`` with gaps: an optional question is answered at this ``rate``."""
    kept = (rng.random(len(values)) < rate).tolist()
    return [value if keep else None for value, keep in zip(values, kept, strict=True)]
