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
    # The person, the consultation, the draft with what was sent last, what stands beside it; or one
    # submission, or two. A version that the process has not met costs one more, once.
    "responses.history": 4,
    "responses.submission": 5,
    "responses.comparison": 6,
    "responses.withdrawal": 4,
    "responses.tasks": 5,
    "responses.check": 5,
    "responses.receipt": 5,
    # The save instead of what stands beside, and one more for a file. The draft is read and saved
    # again each time that others save it at this very moment, five times at the most.
    "responses.section": 13,
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
