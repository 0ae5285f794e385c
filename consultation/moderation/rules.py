"""What a moderator may decide, and what an author may contest. Pure."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from consultation.comments.rules import GROUNDS
from consultation.web.typography import number_fr

VERDICTS = {
    "publish": "Publier",
    "return": "Demander une modification",
    "refuse": "Refuser",
    "second_opinion": "Demander un second avis",
}
"""What a moderator chooses."""

OUTCOMES = {
    "published": "Publié",
    "kept": "Maintenu après signalement",
    "returned": "Renvoyé à l’auteur pour modification",
    "refused": "Refusé",
    "removed": "Retiré",
    "second_opinion": "Second avis demandé",
    "confirmed": "Décision confirmée après recours",
    "restored": "Publié après recours",
}
"""What a decision did; the table of decisions keeps one of these."""

ADVERSE = ("returned", "refused", "removed")
"""The outcomes that an author may contest."""

_OUTCOME = {
    ("pending", "publish"): "published",
    ("pending", "return"): "returned",
    ("pending", "refuse"): "refused",
    ("published", "publish"): "kept",
    ("published", "return"): "returned",
    ("published", "refuse"): "removed",
}

REASONS = {
    "insult": "Blessant ou injurieux",
    "off_topic": "Hors sujet",
    "advertising": "Publicité",
    "illegal": "Illicite",
}
"""Why a reader reports a comment."""

LONGEST_MESSAGE = 2000
APPEAL_MONTHS = 6
ALREADY_CONTESTED = "Vous avez déjà contesté cette décision"
CLAIM = timedelta(minutes=10)


class Refused(Exception):
    """A rule says no. ``field`` names what is at fault, the message says what to do, in French."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class ConflictError(Refused):
    """Somebody would judge their own words or their own decision."""


class Decided(Protocol):
    """A decision: what it did, who took it, when."""

    @property
    def outcome(self) -> str: ...
    @property
    def moderator_id(self) -> int | None: ...
    @property
    def decided_at(self) -> datetime: ...


def outcome(state: str, verdict: str) -> str | None:
    """Return what ``verdict`` does to a comment in ``state``; ``None`` when it cannot be decided.

    A published comment is decided again once a reader has reported it.
    """
    if verdict == "second_opinion":
        return "second_opinion" if state in ("pending", "published") else None
    return _OUTCOME.get((state, verdict))


def check_reasons(verdict: str, grounds: Collection[str], message: str) -> None:
    """Raise :class:`Refused` unless the author can be told why.

    A refusal or a request for changes names a ground; a refusal also says it in words.
    """
    if any(ground not in GROUNDS for ground in grounds):
        raise Refused("grounds", "Choisissez des motifs de la liste")
    if verdict in ("return", "refuse") and not grounds:
        raise Refused("grounds", "Choisissez au moins un motif, il est transmis à l’auteur")
    if verdict == "refuse" and not message.strip():
        raise Refused("message", "Expliquez le refus à l’auteur en quelques mots")
    if len(message) > LONGEST_MESSAGE:
        raise Refused("message", f"Limitez-vous à {number_fr(LONGEST_MESSAGE)} caractères")


def check_not_own(author_id: int | None, moderator_id: int) -> None:
    """Raise :class:`ConflictError` when moderators would judge their own words."""
    if author_id == moderator_id:
        raise ConflictError(
            "verdict", "Vous êtes l’auteur de ce commentaire. Laissez-le à un collègue"
        )


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day and hour ``months`` later, or the last day of a shorter month."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def appeal_until(decision: Decided) -> datetime:
    """Return the last moment when the author may contest ``decision``."""
    return months_later(decision.decided_at, APPEAL_MONTHS)


def check_appeal(decision: Decided, now: datetime, *, already: bool) -> None:
    """Raise :class:`Refused` unless the author may contest ``decision`` now."""
    if decision.outcome not in ADVERSE:
        raise Refused("text", "Cette décision ne peut pas être contestée")
    if already:
        raise Refused("text", ALREADY_CONTESTED)
    if now > appeal_until(decision):
        raise Refused("text", "Le délai de six mois pour contester cette décision est passé")


def check_judge(decision: Decided, author_id: int | None, judge_id: int) -> None:
    """Raise :class:`ConflictError` when whoever decided first, or wrote, would judge the appeal."""
    if decision.moderator_id == judge_id:
        raise ConflictError(
            "upheld", "Vous avez pris la première décision. Laissez-la à un collègue"
        )
    check_not_own(author_id, judge_id)


class Claimed(Protocol):
    """Who examines a comment, and until when."""

    @property
    def moderator_id(self) -> int: ...
    @property
    def until(self) -> datetime: ...


def is_taken(claim: Claimed | None, moderator_id: int, now: datetime) -> bool:
    """Return whether a colleague examines the comment just now."""
    return claim is not None and claim.moderator_id != moderator_id and now < claim.until


def median(ordered: list[int]) -> float | None:
    """Return the median of an ordered list, ``None`` when it is empty."""
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
