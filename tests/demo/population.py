"""A batch of synthetic respondents, drawn without a database."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np

from consultation.demo.answers import Batch, Filling, draw_batch
from consultation.questionnaires.compiled import CompiledVersion, compile_version
from consultation.questionnaires.path import Path
from consultation.questionnaires.starters.shelf import starter
from consultation.territories.reading import rows

TODAY = date(2022, 2, 1)


@cache
def version() -> CompiledVersion:
    return compile_version(starter("poles_2022"))


def drawn(seed: int, size: int) -> Batch:
    areas = {row["slug"]: row["regions_code_insee"].split("|") for row in rows("poles.csv")}
    return draw_batch(np.random.default_rng(seed), 1, size, version(), areas)


@cache
def respondents(seed: int = 7, size: int = 1200) -> tuple[tuple[dict[str, Any], Path], ...]:
    """The answers of ``size`` respondents, and the path that each followed."""
    filling, batch = Filling(version(), TODAY), drawn(seed, size)
    return tuple(filling.answers(batch, place) for place in range(size))
