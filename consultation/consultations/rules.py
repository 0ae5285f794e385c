"""When a consultation is open, what it must say before that, and what may change after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, Protocol

from consultation.web.typography import in_paris

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

COMMISSION_DOCUMENTS = {
    "decision": "Décision d’organiser la consultation",
    "draft_act": "Projet d’acte",
    "explanatory_note": "Note de présentation",
}
"""What a consultation that replaces a commission must attach."""

COMMISSION_DAYS = 15
MINIMUM_ORGANISATIONS = 3
MINIMUM_INDIVIDUALS = 11
DOMINANCE = 0.85


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
