"""The two letters to somebody who wants to know of an opening. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from consultation.web.typography import NBSP, moment_fr


class Announced(Protocol):
    """What the letters say of a consultation."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...


def to_confirm(consultation: Announced, link: str) -> tuple[str, str]:
    """Return the subject and the text that ask an address to confirm."""
    title = consultation.title.get("fr", "")
    opens = f"{moment_fr(consultation.opens_at)} (heure de Paris)"
    text = f"""Bonjour,

Quelqu’un a demandé que cette adresse soit prévenue de l’ouverture de la consultation \
«{NBSP}{title}{NBSP}», le {opens}.

Si c’est vous, confirmez{NBSP}:
{link}

Sinon, ne faites rien{NBSP}: l’adresse est effacée sous 7 jours. La même page permet de renoncer.
"""
    return f"Confirmez votre adresse{NBSP}: {title}", text


def to_tell(consultation: Announced, base: str) -> tuple[str, str]:
    """Return the subject and the text that tell of the opening, the same for everybody."""
    title = consultation.title.get("fr", "")
    text = f"""Bonjour,

La consultation «{NBSP}{title}{NBSP}» est ouverte. Vous pouvez répondre jusqu’au \
{moment_fr(consultation.closes_at)} (heure de Paris){NBSP}:
{base}/consultations/{consultation.slug}

Vous l’aviez demandé. C’est le seul courriel{NBSP}: votre adresse est maintenant effacée.
"""
    return f"La consultation est ouverte{NBSP}: {title}", text
