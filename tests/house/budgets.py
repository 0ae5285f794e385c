"""How many SQL statements a page may send."""

from __future__ import annotations

DEFAULT = 30

BY_ENDPOINT: dict[str, int] = {
    # Whatever the number of consultations, documents, milestones and comments.
    "consultations.home": 8,
    "consultations.show": 8,
    "consultations.terms": 8,
    "comments.index": 8,
    # Each room tells its own, at any length: responses 4, co-authors 2, the others 1 each.
    "accounts.notices": 12,
    "accounts.space": 14,
    "responses.own": 4,
    "comments.own": 4,
    # Any number of submissions.
    "responses.history": 5,
    "responses.submission": 5,
    # The person, the consultation, the draft; the save. A file or a page overtaken costs one more.
    "responses.section": 5,
    # What stands beside a shared draft costs one more; so do the names of who left it, or signed.
    "responses.tasks": 5,
    "responses.check": 6,
    "responses.receipt": 5,
    # The person, the consultation, the sign, the others.
    "coauthors.presence": 4,
    # The submission, the response that points at it, the journal, the letter.
    "responses.send": 8,
    # Who may begin is asked of the invitations.
    "responses.start": 5,
    "responses.verify": 2,
    # Two responses and everything around them; one letter for each person.
    "coauthors.merge": 60,
    "coauthors.appoint": 40,
    # The person, the consultation, both versions, how many responses: at any length.
    "authoring.editor": 4,
    "authoring.section": 4,
    "authoring.question": 4,
}
"""Endpoint to its own budget: smaller on the hot path, larger with a reason beside it."""


def budget_of(endpoint: str | None) -> int:
    """Return the number of statements that ``endpoint`` may send for one request."""
    return BY_ENDPOINT.get(endpoint or "", DEFAULT)
