"""What a consultation says before it is published, and keeps to afterwards. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Protocol

from consultation.consultations.rules import Dated, Refused, full_days, phase
from consultation.web.typography import NBSP, moment_fr, number_fr

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


class Described(Dated, Protocol):
    """What a consultation says of itself before it may be published."""

    @property
    def mode(self) -> str: ...
    @property
    def version_id(self) -> int | None: ...


_TEXTS = {
    "title": "Donnez un titre à la consultation",
    "purpose": "Décrivez l’objet de la consultation",
    "organiser": "Nommez l’organisateur",
    "audience": "Dites qui peut répondre",
    "outcome": "Dites ce que deviennent les réponses",
    "answers_visibility": "Dites si les réponses sont montrées publiquement",
    "contact": "Donnez une adresse de contact",
    "privacy_notice": "Rédigez la notice sur les données personnelles",
    "recipients": "Dites qui reçoit les données personnelles",
    "retention": "Dites combien de temps les données sont conservées",
    "data_protection_contact": "Donnez l’adresse du délégué à la protection des données",
}


def missing_texts(consultation: object) -> Iterator[Refused]:
    """Yield one refusal per text that is still empty; attributes are read by name."""
    for field, sentence in _TEXTS.items():
        value = getattr(consultation, field)
        if not (value.get("fr") if isinstance(value, dict) else value.strip()):
            yield Refused(field, sentence)


def missing_documents(mode: str, kinds: Collection[str]) -> Iterator[Refused]:
    """Yield one refusal per document that ``mode`` requires and ``kinds`` lacks."""
    if mode == "commission":
        for kind, title in COMMISSION_DOCUMENTS.items():
            if kind not in kinds:
                yield Refused("documents", f"Ajoutez le document{NBSP}: {title.lower()}")
    elif not kinds:
        yield Refused("documents", "Ajoutez au moins un document à lire avant de répondre")


def missing(consultation: Described, kinds: Collection[str], now: datetime) -> list[Refused]:
    """Return everything that prevents publication; ``kinds`` are those of its documents."""
    found = [*missing_texts(consultation), *missing_documents(consultation.mode, kinds)]
    found += wrong_dates(consultation.mode, consultation.opens_at, consultation.closes_at, now)
    if consultation.version_id is None:
        found.append(Refused("version_id", "Choisissez un questionnaire"))
    return found


def wrong_dates(
    mode: str, opens_at: datetime, closes_at: datetime, published_at: datetime | None = None
) -> list[Refused]:
    """Return why these dates are refused, in an empty list when they are not.

    ``published_at`` is when the public learns of them: nobody answers before.
    """
    if closes_at <= opens_at:
        return [Refused("closes_at", "Choisissez une clôture postérieure à l’ouverture")]
    if published_at is not None and closes_at <= published_at:
        return [Refused("closes_at", "Choisissez une clôture dans l’avenir")]
    begins, after = opens_at, "l’ouverture"
    if published_at is not None and published_at > opens_at:
        begins, after = published_at, "aujourd’hui"
    if mode == "commission" and full_days(begins, closes_at) < COMMISSION_DAYS:
        sentence = f"Laissez au moins {COMMISSION_DAYS} jours pleins entre {after} et la clôture"
        return [Refused("closes_at", sentence)]
    return []


def is_short(opens_at: datetime, closes_at: datetime) -> bool:
    """Return whether the duration deserves a warning, in the modes that allow it."""
    return full_days(opens_at, closes_at) < COMMISSION_DAYS


def check_schedule(
    consultation: Dated, mode: str, opens_at: datetime, closes_at: datetime, now: datetime
) -> None:
    """Raise :class:`Refused` unless the dates may still be set freely, to these ones."""
    if phase(consultation, now) in ("open", "closed"):
        raise Refused("opens_at", "La consultation a commencé. Prolongez-la, avec une raison")
    known = now if consultation.state == "published" else None
    wrong = wrong_dates(mode, opens_at, closes_at, known)
    if wrong:
        raise wrong[0]


def check_extension(consultation: Dated, closes_at: datetime, now: datetime) -> None:
    """Raise :class:`Refused` unless the closing of an open consultation may move to then."""
    if phase(consultation, now) != "open":
        raise Refused("closes_at", "Seule une consultation ouverte peut être prolongée")
    if closes_at <= consultation.closes_at:
        raise Refused(
            "closes_at",
            "Une consultation ouverte ne peut pas être raccourcie. Choisissez une clôture "
            f"postérieure au {moment_fr(consultation.closes_at)}",
        )


class Thresholds(Protocol):
    """How small a group results may show."""

    @property
    def minimum_organisations(self) -> int: ...
    @property
    def minimum_individuals(self) -> int: ...
    @property
    def dominance(self) -> float: ...


def check_thresholds(
    current: Thresholds, organisations: int, individuals: int, dominance: float, *, promised: bool
) -> None:
    """Raise :class:`Refused` when a threshold protects less than the floor.

    The floor is the default; once ``promised`` to the public, it is the current value.
    """
    least_organisations = current.minimum_organisations if promised else MINIMUM_ORGANISATIONS
    least_individuals = current.minimum_individuals if promised else MINIMUM_INDIVIDUALS
    most = current.dominance if promised else DOMINANCE
    if organisations < least_organisations:
        raise Refused("minimum_organisations", _at_least(least_organisations))
    if individuals < least_individuals:
        raise Refused("minimum_individuals", _at_least(least_individuals))
    if not 0.5 <= dominance <= most:
        bounds = f"de 50 à {number_fr(most * 100)}{NBSP}%"
        raise Refused("dominance", f"Choisissez un seuil {bounds}. Plus bas protège davantage")


def _at_least(floor: int) -> str:
    return f"Choisissez au moins {floor}. Ce seuil peut seulement être relevé"
