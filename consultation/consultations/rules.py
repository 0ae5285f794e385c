"""When a consultation is open, what it must say before that, and what may change after."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol

from consultation.web.typography import PARIS, in_paris

Phase = Literal["draft", "coming", "open", "closed"]

MODALITIES = {
    "purpose": "Objet de la consultation",
    "organiser": "Organisateur",
    "audience": "Qui peut répondre",
    "dates": "Dates d’ouverture et de clôture",
    "outcome": "Ce que deviennent les réponses",
    "answers_visibility": "Publicité des réponses",
    "documents": "Documents mis à disposition",
    "contact": "Contact",
    "privacy_notice": "Données personnelles",
}
"""The nine modalities that everybody can read, in their order."""

FIRST_YEAR, LAST_YEAR = 2000, 2100


class Refused(Exception):
    """A rule says no. ``field`` names what is at fault, the message says what to do, in French."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class Dated(Protocol):
    """What has a life: a state and two instants (aware)."""

    @property
    def state(self) -> str: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...


def phase(consultation: Dated, now: datetime) -> Phase:
    """Return where the consultation is in its life. The closing instant itself is still open."""
    if consultation.state == "draft":
        return "draft"
    if now < consultation.opens_at:
        return "coming"
    return "open" if now <= consultation.closes_at else "closed"


def days_remaining(consultation: Dated, now: datetime) -> int:
    """Return the days of the Paris calendar until the closing day: 0 on that day and after."""
    return max(0, (in_paris(consultation.closes_at).date() - in_paris(now).date()).days)


def full_days(opens_at: datetime, closes_at: datetime) -> int:
    """Return the full days between two instants, read on the clocks of Paris.

    From 9 h to 9 h is a day, even when the clocks change in between.
    """
    elapsed = in_paris(closes_at).replace(tzinfo=None) - in_paris(opens_at).replace(tzinfo=None)
    return elapsed // timedelta(days=1)


def check_last_organiser(role: str, organisers: int) -> None:
    """Raise :class:`Refused` when taking ``role`` back would leave no organiser."""
    if role == "organiser" and organisers <= 1:
        raise Refused("role", "Nommez d’abord un autre organisateur, celui-ci est le dernier")


def instant(day: date, hour: time, *, last: bool = False) -> datetime:
    """Return the moment when the clocks of Paris show ``hour`` on ``day``, in UTC.

    When they show it twice, the first time counts, unless ``last``. Raise ``ValueError`` when they
    never do, or outside the years that a consultation may have.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("not a year that people mean")
    local = datetime.combine(day, hour.replace(fold=int(last)), tzinfo=PARIS)
    moment = local.astimezone(UTC)
    if moment.astimezone(PARIS).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError("the clocks of Paris skip this hour")
    return moment
