"""How people and machines are named: names, addresses of mail and of the network."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from consultation.accounts.rules.refusal import Refusal

LONGEST = 254
LONGEST_NAME = 120
WRONG_ADDRESS = "Saisissez une adresse complète, par exemple prenom.nom@organisme.fr"

_USUAL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9.-]+)")


def clean_email(typed: str) -> str:
    """Return the one form of an address that the accounts know: lower-case, without spaces around.

    The domain may have accents (its two spellings give the same result), the part before the @
    may not. No network is asked. Raise :class:`Refusal` when it cannot be an address.
    """
    text = typed.strip()
    if len(text) > LONGEST:
        raise Refusal(WRONG_ADDRESS)
    usual = _USUAL.fullmatch(text)
    if usual and _is_usual_domain(usual[1]):
        return text.lower()
    found = _normalized(text)
    if found is None:
        raise Refusal(WRONG_ADDRESS)
    return found.lower()


@lru_cache(maxsize=2048)
def _is_usual_domain(domain: str) -> bool:
    """Tell whether a domain is good as it is written: an address book repeats a few of them."""
    found = _normalized(f"a@{domain}")
    return found is not None and found.lower() == f"a@{domain}".lower()


def _normalized(address: str) -> str | None:
    # Here and not above: pages that read no address do not need it.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, ValueError):
        return None
    return found.normalized


def clean_name(typed: str) -> str:
    """Return a name on one line; raise :class:`Refusal` on what a name cannot hold.

    Names are written in letters sent to others: no address of a site, no hidden character.
    """
    name = " ".join(typed.split())
    if not name:
        raise Refusal("Saisissez votre nom, par exemple Claire Morvan")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"Limitez-vous à {LONGEST_NAME} caractères")
    if not name.isprintable() or any(sign in name.casefold() for sign in ("://", "www.", "@")):
        raise Refusal("Saisissez votre nom seul, sans adresse ni caractère caché")
    return name


def neighbourhood(address: str | None) -> str:
    """Return the network a visitor comes from: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.exploded[:19]
