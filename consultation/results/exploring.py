"""What a page of results is asked to show: a section, groups, a crossing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consultation.results.questions import Breakdown, Choice

SECTION, CROSSING, FILTER = "partie", "croiser", "filtre_"
"""Names of the fields: a filter is ``filtre_`` and the key of its breakdown."""

SHORT = {"acteur": "Type d’organisme", "region": "Région"}
"""How the usual breakdowns are called where their whole question would be too long."""


class RefusedExplorationError(Exception):
    """Something was asked that is not offered; the message is a French sentence."""


@dataclass(frozen=True)
class Exploration:
    """One view of the results, which its address says whole."""

    section: int
    filters: Mapping[str, str]
    by: str | None

    def address(self) -> dict[str, str]:
        """Return the fields of the address."""
        filters = {f"{FILTER}{key}": value for key, value in self.filters.items()}
        crossing = {CROSSING: self.by} if self.by else {}
        return {SECTION: str(self.section), **filters, **crossing}


def read(
    fields: Mapping[str, str], sections: Sequence[Choice], breakdowns: Sequence[Breakdown]
) -> Exploration:
    """Read what is asked; nothing asked is the first section, everybody, not crossed.

    Raises:
        RefusedExplorationError: a value is not offered.
    """
    numbers = [section.value for section in sections]
    section = fields.get(SECTION) or numbers[0]
    if section not in numbers:
        raise RefusedExplorationError("Choisissez une partie de la liste.")
    filters = {}
    for breakdown in breakdowns:
        value = fields.get(f"{FILTER}{breakdown.key}")
        if value:
            if value not in {choice.value for choice in breakdown.choices}:
                raise RefusedExplorationError("Choisissez un groupe de la liste.")
            filters[breakdown.key] = value
    by = fields.get(CROSSING) or None
    if by is not None and by not in {breakdown.key for breakdown in breakdowns}:
        raise RefusedExplorationError("Choisissez un croisement de la liste.")
    # Crossing by what is already filtered would make a single group: the filter wins.
    return Exploration(int(section), filters, None if by in filters else by)


def short_name(breakdown: Breakdown) -> str:
    """Return what a breakdown is called beside its field."""
    return SHORT.get(breakdown.key, breakdown.label)


def described(view: Exploration, breakdowns: Sequence[Breakdown]) -> str:
    """Return the groups kept, in words; empty when everybody is."""
    names = []
    for breakdown in breakdowns:
        value = view.filters.get(breakdown.key)
        names += [choice.label for choice in breakdown.choices if choice.value == value]
    return ", ".join(names)
