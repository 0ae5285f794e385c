"""The closed answers of a batch, question by question, from the table of leanings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from consultation.demo import draws
from consultation.demo.draws import Booleans, Floats, Integers
from consultation.demo.people import People, regions, traits
from consultation.demo.resources import sheet
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.kinds.question import Resolved

Column = Sequence[Any]
"""The answers of a batch to one question, ``None`` where there is none."""


def draw_opinions(rng: Generator, people: People, version: CompiledVersion) -> dict[str, Column]:
    """Return the column of every question of the table ``answers`` of the population."""
    scores: dict[str, Floats] = {}
    columns: dict[str, Column] = {}
    for key, spec in sheet("population")["answers"].items():
        resolved = version.items[key].resolved
        scores[key] = _scores(people, spec, scores)
        columns[key] = _DRAWS[spec["draw"]](rng, scores[key], spec, resolved)
    return columns


def _scores(people: People, spec: dict[str, Any], known: dict[str, Floats]) -> Floats:
    """What each respondent thinks of each option or row: base, leanings, region; (n, k)."""
    if "like" in spec:
        return known[spec["like"]]
    base = spec["base"] if isinstance(spec["base"], dict) else {"": spec["base"]}
    leans = spec.get("leans", {}) if isinstance(spec["base"], dict) else {"": spec["leans"]}
    loadings = np.array(
        [[leans.get(part, {}).get(trait, 0.0) for part in base] for trait in traits()]
    )
    own: Floats = np.array(list(base.values())) + people.traits @ loadings
    return own + _local(spec.get("regions", {}), tuple(base))[people.regions]


def _local(table: dict[str, dict[str, float]], parts: tuple[str, ...]) -> Floats:
    return np.array([[table.get(part, {}).get(code, 0.0) for part in parts] for code in regions()])


def _points(rng: Generator, scores: Floats, spec: dict[str, Any], resolved: Resolved) -> Column:
    silent = spec["silent"]
    share = np.array(list(silent.values())) if isinstance(silent, dict) else silent
    codes = draws.points(rng, scores, spec["cuts"], share)
    values = np.array([option.value for option in resolved.options], dtype=object)[codes]
    if not resolved.rows:
        return [row[0] for row in values.tolist()]
    names = tuple(spec["base"])
    return [dict(zip(names, row, strict=True)) for row in values.tolist()]


def _one(rng: Generator, scores: Floats, spec: dict[str, Any], resolved: Resolved) -> Column:
    values = list(spec["base"])
    return [values[number] for number in draws.one(rng, scores).tolist()]


def _ranked(rng: Generator, scores: Floats, spec: dict[str, Any], resolved: Resolved) -> Column:
    order = draws.ranked(rng, scores, spec.get("strength", 1.0)).tolist()
    values = [option.value for option in resolved.options]
    lengths = draws.sizes(rng, len(scores), spec["length"]).tolist()
    pairs = zip(order, lengths, strict=True)
    return [[values[number] for number in numbers[:length]] for numbers, length in pairs]


def _several(rng: Generator, scores: Floats, spec: dict[str, Any], resolved: Resolved) -> Column:
    if spec.get("odds"):
        ticked = draws.each(rng, scores)
    else:
        order = draws.ranked(rng, scores)
        ticked = draws.first(order, draws.sizes(rng, len(scores), spec["size"]))
    silent = rng.random(len(scores)) >= spec["rate"]
    return ticked_values(ticked, tuple(spec["base"]), silent, spec.get("exclusive"))


def ticked_values(
    ticked: Booleans, values: tuple[str, ...], silent: Booleans, exclusive: str | None = None
) -> Column:
    """Return the ticked values of each respondent, in order; the same list for the same ticks.

    Nothing ticked is ``exclusive`` where there is such an option, else no answer.
    """
    nothing = [exclusive] if exclusive else None
    known: dict[bytes, list[str] | None] = {}
    found: list[list[str] | None] = []
    for row, quiet in zip(ticked, silent.tolist(), strict=True):
        mask = row.tobytes()
        if mask not in known:
            known[mask] = [v for v, on in zip(values, row, strict=True) if on] or nothing
        found.append(None if quiet else known[mask])
    return found


def by_number(values: Sequence[str], numbers: Integers) -> Column:
    """Return the value of each number."""
    return [values[number] for number in numbers.tolist()]


_DRAWS: dict[str, Callable[[Generator, Floats, dict[str, Any], Resolved], Column]] = {
    "points": _points,
    "one": _one,
    "ranked": _ranked,
    "several": _several,
}
