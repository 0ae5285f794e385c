"""Who signs and who may go: a response that somebody writes always has a signatory. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from consultation.consultations.rules import Refused
from consultation.web.typography import NBSP

SIGNATORY, AUTHOR = "signatory", "author"

LAST_SIGNATORY = f"Nommez d’abord un autre signataire{NBSP}: il n’y en a pas d’autre."
LAST_OF_A_SENT_ONE = (
    "Invitez d’abord quelqu’un, puis nommez-le signataire : cette contribution est envoyée et "
    "personne d’autre ne la suit."
).replace(" :", f"{NBSP}:")
TAKEN_OVER = "Cette contribution a été reprise par une autre. Ouvrez celle-ci pour continuer."


@dataclass(frozen=True, slots=True)
class Member:
    """A co-author, their role and since when."""

    user_id: int
    role: str
    joined_at: datetime


Team = Sequence[Member]


def role_of(team: Team, user_id: int) -> str | None:
    """Return the role of a person, or ``None`` when they are not of the team."""
    return next((member.role for member in team if member.user_id == user_id), None)


def entering_role(team: Team) -> str:
    """Return the role of whoever comes by themselves: they sign when nobody is left."""
    return AUTHOR if team else SIGNATORY


def check_parting(team: Team, user_id: int, *, sent: bool) -> None:
    """Raise :class:`Refused` when the departure would leave people or an answer without signatory.

    The last co-author may leave a draft that was never sent: it then waits for somebody.
    """
    others = [member for member in team if member.user_id != user_id]
    if not others and sent:
        raise Refused("person", LAST_OF_A_SENT_ONE)
    if others and not _signed_by(others):
        raise Refused("person", LAST_SIGNATORY)


def check_stepping_down(team: Team, user_id: int) -> None:
    """Raise :class:`Refused` when nobody else would sign."""
    if not _signed_by([member for member in team if member.user_id != user_id]):
        raise Refused("person", LAST_SIGNATORY)


def successor(team: Team) -> int | None:
    """Return who must become signatory: the oldest co-author, when there are only authors."""
    if not team or _signed_by(team):
        return None
    return min(team, key=lambda member: (member.joined_at, member.user_id)).user_id


def _signed_by(team: Team) -> bool:
    return any(member.role == SIGNATORY for member in team)
