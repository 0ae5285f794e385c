"""How the dates, files and hours of a consultation are written. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from consultation.web.typography import NBSP, date_fr, moment_fr

PLACES_OVERSEAS = (
    ("Guadeloupe, Martinique", ZoneInfo("America/Guadeloupe")),
    ("Guyane", ZoneInfo("America/Cayenne")),
    ("La Réunion", ZoneInfo("Indian/Reunion")),
    ("Mayotte", ZoneInfo("Indian/Mayotte")),
)
"""The Regions that do not live on the clocks of Paris."""


class Step(Protocol):
    """A milestone: its first and last days, either unknown."""

    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


class Scheduled(Protocol):
    """The mode and the dates that the public was told."""

    @property
    def mode(self) -> str: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def results_on(self) -> date | None: ...


def schedule_news(before: Scheduled, after: Scheduled) -> list[str]:
    """Return one sentence for each promise that changes; none when the schedule stays the same."""
    found = []
    if before.mode != after.mode:
        found.append(_MODE_NEWS[after.mode])
    if (before.opens_at, before.closes_at) != (after.opens_at, after.closes_at):
        dates = f"du {moment_fr(after.opens_at)} au {moment_fr(after.closes_at)}"
        found.append(f"Nouvelles dates{NBSP}: {dates}.")
    if before.results_on != after.results_on:
        day = f"le {date_fr(after.results_on)}" if after.results_on else "date à préciser"
        found.append(f"Publication des résultats{NBSP}: {day}.")
    return found


_MODE_NEWS = {
    "commission": (
        "Cette consultation remplace désormais l’avis d’une commission (article L132-1 du code des "
        "relations entre le public et l’administration)."
    ),
    "open": (
        "Cette consultation ne remplace plus l’avis d’une commission (article L132-1 du code des "
        "relations entre le public et l’administration)."
    ),
}
"""What the public reads when a consultation comes to a mode."""


def overseas(moment: datetime) -> list[tuple[str, str]]:
    """Return the same moment in each overseas Region: (places, « 11 mars 2022 à 13 h 00 »)."""
    return [(place, _local(moment.astimezone(zone))) for place, zone in PLACES_OVERSEAS]


def _local(local: datetime) -> str:
    return f"{date_fr(local.date())} à {local.hour}{NBSP}h{NBSP}{local.minute:02}"


def step_dates(step: Step) -> str:
    """Write the dates of a milestone: « Du 12 janvier 2022 au 11 mars 2022 », « Le … »."""
    if step.starts_on is None:
        return f"Jusqu’au {date_fr(step.ends_on)}" if step.ends_on else "Date à préciser"
    if step.ends_on is None:
        return f"À partir du {date_fr(step.starts_on)}"
    if step.ends_on == step.starts_on:
        return f"Le {date_fr(step.starts_on)}"
    return f"Du {date_fr(step.starts_on)} au {date_fr(step.ends_on)}"


def step_state(step: Step, today: date) -> Literal["done", "now", "later"]:
    """Return whether the milestone is over, runs on ``today``, or is still to come."""
    last = step.ends_on
    if last is not None and last < today:
        return "done"
    if step.starts_on is not None and step.starts_on > today:
        return "later"
    # Without a last day, a milestone that began goes on until the organiser says otherwise.
    return "now" if step.starts_on or last else "later"


def file_type(name: str) -> str:
    """Return the type that people read in a list of documents: « PDF »."""
    _, dot, extension = name.rpartition(".")
    return extension.upper() if dot and extension else "Fichier"


def list_fr(words: Sequence[str]) -> str:
    """Write a list: « objet, contact et thème »."""
    *first, last = words
    return f"{', '.join(first)} et {last}" if first else last


def one_line(text: str) -> str:
    """Write paragraphs and list items on one line: « Pôles, entreprises, laboratoires »."""
    lines = [line.strip().removeprefix("- ").rstrip(" ;") for line in text.split("\n")]
    return ", ".join(line for line in lines if line)
