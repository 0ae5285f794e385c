"""Scale: one point of an ordered list, with points such as « sans avis » left out of means."""

from __future__ import annotations

from consultation.questionnaires.kinds import single
from consultation.questionnaires.kinds.question import Option, Question, Resolved

SHAPE = "choice"
SUMMARY = "scale"

read = single.read
errors = single.errors
display = single.display
columns = single.columns
cells = single.cells
pack = single.pack
width = single.width


class Scale(Question, tag="scale"):
    """One point of the named ``scale`` of the questionnaire, or of its own ``points``."""

    scale: str | None = None
    points: list[Option] = []


def check(resolved: Resolved) -> list[str]:
    """Return what is wrong with the definition."""
    counted = [point for point in resolved.options if not point.no_opinion]
    return [] if len(counted) > 1 else ["il faut au moins deux points à l’échelle"]
