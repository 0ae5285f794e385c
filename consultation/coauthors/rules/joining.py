"""How one comes to a shared response: the domain of an address, an invitation, a request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path

from consultation.consultations.rules import Refused
from consultation.web.typography import NBSP

LIFE = timedelta(days=14)
"""How long the link of an invitation is valid."""

MOST_PEOPLE = 100
"""Co-authors of a response and invitations that wait: its pages grow with them."""

FULL = (
    f"Cette contribution a déjà {MOST_PEOPLE} personnes et invitations, le plus possible{NBSP}: "
    "un signataire doit d’abord en retirer"
)
LINK_OVER = "Ce lien n’est plus valable. Demandez une nouvelle invitation à un signataire."
NOT_THIS_DOMAIN = "Votre adresse ne permet plus de rejoindre cette contribution. Demandez-le."
WRONG_DOMAIN = "Saisissez un domaine seul, par exemple organisme.fr"
PUBLIC = (
    f"Choisissez le domaine de votre organisme{NBSP}: celui-ci est ouvert à tous. "
    "Laissez vide pour n’accepter personne par ce moyen"
)
NOT_IN_THE_TEAM = (
    f"Choisissez le domaine d’une adresse confirmée de l’équipe{NBSP}: invitez d’abord une "
    "personne de ce domaine, ou demandez à l’organisateur d’en nommer une"
)


class Full(Refused):
    """A response has as many people as it may."""

    def __init__(self, field: str) -> None:
        super().__init__(field, FULL)


def check_room(number: int, field: str = "person") -> None:
    """Raise :class:`Full` when ``number`` people and invitations leave no room for one more."""
    if number >= MOST_PEOPLE:
        raise Full(field)


@cache
def public_domains() -> frozenset[str]:
    """Return the domains whose addresses are given to anybody."""
    file = Path(__file__).parent.parent / "data" / "public_mail.txt"
    return frozenset(file.read_text(encoding="utf-8").split())


def domain_of(email: str) -> str:
    """Return what follows the @ of a clean address."""
    return email.rpartition("@")[2]


def default_domain(email: str) -> str | None:
    """Return the domain whose addresses may join by themselves; none for a public webmail."""
    domain = domain_of(email)
    return None if domain in public_domains() else domain


def clean_domain(typed: str) -> str | None:
    """Return the one form of a domain, or ``None`` when nothing is typed.

    Raise :class:`Refused` when it is not a domain, or when anybody may have an address there.
    """
    text = typed.strip().lstrip("@").lower()
    if not text:
        return None
    # Here and not above: pages that read no address do not need it.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(f"a@{text}", check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, ValueError):
        raise Refused("domain", WRONG_DOMAIN) from None
    domain = domain_of(found.normalized.lower())
    if domain in public_domains():
        raise Refused("domain", PUBLIC)
    return domain


def check_domain(domain: str, confirmed: Iterable[str]) -> None:
    """Raise :class:`Refused` unless a ``confirmed`` address of the team is of the domain.

    Whoever opens the door of a domain has somebody from it among them.
    """
    if domain not in {domain_of(email) for email in confirmed}:
        raise Refused("domain", NOT_IN_THE_TEAM)


def joins_by_domain(domain: str | None, email: str, confirmed: bool) -> bool:
    """Whether the address, once confirmed, opens the response to whoever holds it."""
    return bool(domain) and confirmed and domain_of(email) == domain
