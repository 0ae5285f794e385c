"""Submissions stored the way sending does, and the files that a respondent takes away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from consultation.questionnaires.compiled import compile_version
from consultation.questionnaires.format import decode
from consultation.questionnaires.layout import vector
from consultation.questionnaires.path import walk
from consultation.responses import proof
from consultation.responses.models import Response, Submission
from consultation.transparency import queries, rules
from tests.responses.making import short

NOW = datetime(2022, 2, 10, 13, 32, tzinfo=UTC)
KEY = rules.signing_key("a secret of the tests")
QUESTIONNAIRE = short({"kind": "short_text", "key": "avis", "label": {"fr": "Votre avis ?"}})


def send(session: Session, consultation_id: int, count: int, first: int = 1) -> list[int]:
    """Store submissions the way sending does, without the pages."""
    version = compile_version(decode(QUESTIONNAIRE))
    version_id = session.get_one(Response, 1).version_id
    rows = []
    for number in range(first, first + count):
        answers = {"avis": f"réponse {number}"}
        held = {
            "consultation_id": consultation_id, "number": number, "answers": answers,
            "profile": {"actor_type": "particulier", "region": "53"},
            "submitted_at": NOW + timedelta(seconds=number), "salt": f"{number:032x}",
        }  # fmt: skip
        path = walk(version, answers, NOW.date())
        packed = {
            "response_id": 1, "codes": vector(version, path, answers), "unit": 1 << 60,
            "individual": True,
        }  # fmt: skip
        counted = proof.counted(**packed)
        leaf = proof.leaf_hash(proof.document(version=version.digest, counted=counted, **held))
        rows.append(
            Submission(
                **held, **packed, version_id=version_id,
                leaf_hash=leaf, receipt=proof.receipt(leaf),
            )
        )  # fmt: skip
    session.add_all(rows)
    session.commit()
    return [row.id for row in rows]


def files(session: Session, submission_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    receipt = queries.receipt_of(session, submission_id)
    assert receipt is not None
    public = KEY.public_key().public_bytes_raw().hex()
    return receipt, queries.published(session, public)
