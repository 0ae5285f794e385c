"""Whether a letter that waited still says something true. Pure."""

from __future__ import annotations

from datetime import datetime

from consultation.coauthors.rules.roles import SIGNATORY
from consultation.coauthors.rules.signing import pending

LEFT = "la personne n’écrit plus cette contribution"
OVER = "la consultation est terminée"
NOT_SIGNATORY = "la personne ne signe plus cette contribution"
ANSWERED = "la signature n’est plus demandée"


def no_longer(
    kind: str,
    role: str | None,
    asked_at: datetime | None,
    signed_at: datetime | None,
    *,
    over: bool,
) -> str | None:
    """Return why a letter of ``kind`` must no longer leave, or ``None``.

    ``role`` is that of the person now, ``None`` when they left; ``asked_at`` and ``signed_at`` the
    last request for a signature and the last signature; ``over``: the consultation is closed.
    """
    if role is None:
        return LEFT
    if over:
        return OVER
    if kind != "signature":
        return None
    if role != SIGNATORY:
        return NOT_SIGNATORY
    return None if pending(asked_at, signed_at) else ANSWERED
