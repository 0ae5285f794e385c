"""Make a consultation for a test, with every modality filled."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation, Document, Milestone
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.format import decode

OPENS = datetime(2022, 1, 20, 8, 0, tzinfo=UTC)
"""9 h 00 in Paris."""

CLOSES = datetime(2022, 3, 7, 17, 0, tzinfo=UTC)
"""18 h 00 in Paris."""

DURING = datetime(2022, 2, 10, 10, 0, tzinfo=UTC)
BEFORE = datetime(2022, 1, 12, 10, 0, tzinfo=UTC)
AFTER = datetime(2022, 3, 8, 10, 0, tzinfo=UTC)

QUESTIONNAIRE = {
    "format": "consultation-questionnaire/1",
    "code": "courte",
    "title": {"fr": "Questionnaire court"},
    "estimated_minutes": 5,
    "sections": [
        {
            "key": "avis",
            "title": {"fr": "Votre avis"},
            "questions": [
                {
                    "kind": "single",
                    "key": "accord",
                    "label": {"fr": "Êtes-vous d’accord ?"},
                    "options": [
                        {"value": "oui", "label": {"fr": "Oui"}},
                        {"value": "non", "label": {"fr": "Non"}},
                    ],
                }
            ],
        }
    ],
}


def a_consultation(session: Session, **changes: Any) -> Consultation:
    """Add a published consultation, open on ``DURING``; ``changes`` replaces any column."""
    version = publish_version(
        session, decode(QUESTIONNAIRE), lineage="courte", actor_id=None, now=BEFORE
    )
    columns: dict[str, Any] = {
        "slug": "poles",
        "state": "published",
        "title": {"fr": "L’avenir des pôles de compétitivité", "en": "The future of clusters"},
        "summary": {"fr": "Les Régions préparent la prochaine phase."},
        "presentation": {"fr": "Trois points restent ouverts."},
        "theme": "Économie",
        "purpose": "Préparer la position des Régions.",
        "organiser": "Régions de France",
        "audience": "Toutes les parties prenantes.",
        "outcome": "Une synthèse est publiée.",
        "answers_visibility": "Les réponses ne sont pas publiées.",
        "contact": "poles@example.org",
        "privacy_notice": "Les réponses servent à la synthèse.",
        "recipients": "L’équipe de la consultation.",
        "retention": "Douze mois.",
        "data_protection_contact": "dpo@example.org",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "results_on": date(2022, 4, 15),
        "version_id": version.id,
        "comments_mode": "visitors",
        "created_at": BEFORE,
        "published_at": BEFORE,
        **changes,
    }
    consultation = Consultation(**columns)
    consultation.documents = [a_document(1, "Note de présentation")]
    consultation.milestones = [
        Milestone(position=1, title="Consultation", starts_on=date(2022, 1, 20)),
        Milestone(position=2, title="Résultats", starts_on=date(2022, 4, 15)),
    ]
    session.add(consultation)
    session.commit()
    return consultation


def a_document(position: int, title: str, kind: str = "other") -> Document:
    """Make a document whose bytes are not kept."""
    return Document(
        position=position,
        kind=kind,
        title=title,
        file_name="note.pdf",
        media_type="application/pdf",
        size=410_000,
        sha256="a" * 64,
    )
