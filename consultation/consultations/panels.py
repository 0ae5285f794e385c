"""What the rooms above show on the pages of a consultation, which knows none of them.

A room registers a callable under a name when its views are imported; a page asks for the name and
draws nothing when nobody answers. The names, and what each callable takes and returns:

``participation`` (session, consultation, user or ``None``, now)
    -> ``{"state": "none" | "draft" | "sent" | "withdrawn", "url": str}``, with ``"saved_at":
    datetime`` for a draft and ``"sent_at": datetime``, ``"receipt_url": str`` for a sent one when
    known.
    ``url`` is posted to when the state is ``none`` and followed otherwise. ``"shared"`` holds one
    such dictionary for each response that the person writes with others, with ``organisation``
    (its name) and ``siren``.
``official_choice`` (consultation, user or ``None``, the ``shared`` of ``participation``)
    -> how the person may answer for an organisation: ``{"name": str | None, "state": "open" |
    "incomplete" | "alone" | "written", "url": str}``, or ``None`` without a person
``official_responses`` (session, consultation, now)
    -> ``{"number": int, "waiting": int, "url": str}``: responses of organisations and how many of
    them nobody writes; ``None`` while there is none
``received`` (session, consultation ids) -> ``{consultation id: submissions that count}``
``progress`` (session, consultation, now)
    -> ``{"sent": int, "drafts": int, "idle_drafts": int, "last_days": int, "days": [(date, sent
    that day)], "sections": [(title, number of drafts that stopped there)]}``
``discussion`` (session, consultation, user or ``None``, now)
    -> ``{"template": str, …}``: what the template needs, under the name ``discussion``
``to_confirm`` (session, compiled version, identifier of the version answered, answers)
    -> the questions whose answer is to confirm, each with ``key``, ``number``, ``section``,
    ``label`` and ``sentences``
``moderation`` (session, consultation, now)
    -> ``{"waiting": int, "oldest": datetime | None, "url": str}``
``invitations`` (session, consultation, now)
    -> ``{"contacts": int, "invited": int, "started": int, "sent": int, "bounced": int, "url":
    str}``, or ``None`` while nobody is in the address book
``opening`` (consultation) -> the address where one asks to be told of the opening
``waiting_for_opening`` (session, consultation) -> how many people are told when it opens
``admission`` (session, consultation, user)
    -> the French sentence that keeps the person from beginning a response, or ``None``
``co_authors_section`` (desk, draft, section), ``co_authors_tasks`` (desk, draft, changed) and
``co_authors_check`` (desk, draft, path, sent or ``None``), asked beside a shared draft alone
    -> what the templates ``coauthors/_beside_*.html`` show, under the name ``beside``
``extended`` (session, consultation, reason, now), asked in the transaction that extends
    -> how many people with a draft are told of it by letter
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Panel = Callable[..., Any]
_panels: dict[str, Panel] = {}


def register(name: str, panel: Panel) -> None:
    """Answer for ``name`` from now on."""
    _panels[name] = panel


def panel(name: str, *arguments: Any) -> Any:
    """Return what ``name`` has to show, or ``None`` when no room answers for it."""
    found = _panels.get(name)
    return found(*arguments) if found is not None else None
