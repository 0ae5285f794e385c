"""The questionnaires of this folder, by name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from consultation.questionnaires.format import Questionnaire, decode


@cache
def starter(name: str) -> Questionnaire:
    """Return the starter ``name``, for example ``poles_2022``.

    Raises:
        LookupError: there is no such starter.
    """
    if name not in names():
        raise LookupError(f"no starter called {name!r}")
    return decode((files(__package__) / f"{name}.json").read_bytes())


@cache
def names() -> tuple[str, ...]:
    """Return the names of the starters, sorted."""
    folder = files(__package__).iterdir()
    return tuple(sorted(f.name.removesuffix(".json") for f in folder if f.name.endswith(".json")))
