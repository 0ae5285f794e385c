"""Read what a consultation's questionnaire is now, and who its changes concern."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy.orm import Session

from consultation.authoring.rules import lineage_of
from consultation.questionnaires.drafts import StoredVersion, draft_and_version
from consultation.questionnaires.layout import ANSWERED
from consultation.questionnaires.queries import compiled
from consultation.responses.queries import current_vectors


def stored(
    session: Session, consultation_id: int, version_id: int | None
) -> tuple[StoredVersion | None, StoredVersion | None]:
    """Return the draft of a consultation and its published version, in one statement."""
    return draft_and_version(session, lineage_of(consultation_id), version_id)


def answered(session: Session, consultation_id: int, keys: Collection[str]) -> Counter[str]:
    """Return how many submissions that count answer each question of ``keys``.

    Read from the vectors: no JSON is opened, whatever the number of submissions.
    """
    found: Counter[str] = Counter()
    places: dict[int, list[tuple[str, int]]] = {}
    for block in current_vectors(session, consultation_id) if keys else ():
        for row in block:
            if row.version_id not in places:
                items = compiled(session, row.version_id).items
                places[row.version_id] = [
                    (key, items[key].offset) for key in keys if key in items and items[key].width
                ]
            found.update(key for key, at in places[row.version_id] if row.codes[at] == ANSWERED)
    return found
