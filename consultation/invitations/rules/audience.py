"""Who may receive which campaign: asked when it is planned, and again when it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from consultation.consultations.rules import Phase

Kind = Literal["invitation", "not_started", "draft"]
Participation = Literal["none", "withdrawn", "draft", "sent"]
Asked = Literal["never", "waiting", "invited"]

PARTICIPATIONS: tuple[Participation, ...] = ("none", "withdrawn", "draft", "sent")
"""Where a contact, or their organisation, is in the consultation; the furthest one counts."""

ASKED: tuple[Asked, ...] = ("never", "waiting", "invited")
"""Whether an invitation was posted to a contact, and whether it left."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides whether a contact receives a campaign."""

    participation: Participation = "none"
    asked: Asked = "never"
    unsubscribed: bool = False
    bounced: bool = False

    @property
    def code(self) -> int:
        """A number for each standing: what the database computes, and what it is asked for."""
        return (
            PARTICIPATIONS.index(self.participation)
            + 4 * ASKED.index(self.asked)
            + 12 * self.unsubscribed
            + 24 * self.bounced
        )


def every_standing() -> Iterator[Standing]:
    """Yield each of the 48 standings."""
    for chosen in product(PARTICIPATIONS, ASKED, (False, True), (False, True)):
        yield Standing(*chosen)


STANDINGS = {standing.code: standing for standing in every_standing()}
"""Each standing by its code."""


def closed_to(kind: Kind, phase: Phase) -> str | None:
    """Return why no message of ``kind`` leaves in this phase, or ``None``.

    An invitation may announce a consultation that is published and not open yet.
    """
    if phase == "closed":
        return "closed"
    if phase == "open" or (phase == "coming" and kind == "invitation"):
        return None
    return "not_open"


def excluded(kind: Kind, person: Standing) -> str | None:
    """Return why ``person`` does not receive a campaign of ``kind``, or ``None``."""
    if person.unsubscribed:
        return "unsubscribed"
    if person.bounced:
        return "bounced"
    if person.participation in ("sent", "withdrawn"):
        return person.participation
    return _BY_KIND[kind](person)


def _invitation(person: Standing) -> str | None:
    if person.asked != "never":
        return "already_invited"
    return "started" if person.participation == "draft" else None


def _not_started(person: Standing) -> str | None:
    if person.participation == "draft":
        return "started"
    return None if person.asked == "invited" else "not_invited"


def _draft(person: Standing) -> str | None:
    return None if person.participation == "draft" else "not_started"


_BY_KIND = {"invitation": _invitation, "not_started": _not_started, "draft": _draft}


def wanted_codes(kind: Kind) -> list[int]:
    """Return the codes of the standings that receive a campaign of ``kind``."""
    return [code for code, person in STANDINGS.items() if excluded(kind, person) is None]


def still_wanted(kind: Kind, person: Standing, phase: Phase, *, revoked: bool) -> str | None:
    """Return why a message posted to ``person`` must not leave after all, or ``None``.

    ``revoked``: the link it holds was revoked. Its own posting does not count as an invitation.
    """
    if reason := closed_to(kind, phase):
        return reason
    if revoked:
        return "revoked"
    reason = excluded(kind, person)
    return None if kind == "invitation" and reason == "already_invited" else reason


REASONS = {
    "closed": "la consultation est terminée",
    "not_open": "la consultation n’est pas ouverte",
    "unsubscribed": "la personne s’est désabonnée",
    "bounced": "l’adresse refuse les courriels",
    "sent": "la contribution est envoyée",
    "withdrawn": "la contribution est retirée",
    "already_invited": "la personne est déjà invitée",
    "started": "la contribution est commencée",
    "not_started": "la contribution n’est pas commencée",
    "not_invited": "la personne n’est pas encore invitée",
    "revoked": "le lien personnel est révoqué",
    "removed": "la personne est retirée du carnet",
    "cancelled": "l’envoi est arrêté",
}
"""Why a message did not leave, in French."""
