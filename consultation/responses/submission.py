"""What is sent: the row of a submission, made from a draft. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.layout import vector
from consultation.questionnaires.path import Path
from consultation.responses import proof, rules
from consultation.responses.rules import Respondent


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, and by whom. ``path`` is that of the answers of the draft."""

    consultation_id: int
    version_id: int
    version: CompiledVersion
    path: Path
    person: Respondent
    today: date


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person gets; ``new`` is false when the same answers had been sent before."""

    number: int
    receipt: str
    submitted_at: datetime
    answers: Mapping[str, Any]
    new: bool


def submission_row(
    response_id: int,
    sending: Sending,
    answers: Mapping[str, Any],
    number: int,
    secret: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the columns of a submission: answers, vector, unit, leaf and receipt."""
    version, person = sending.version, sending.person
    individual = rules.is_individual(version, answers, person, sending.today)
    salt = secrets.token_hex(16)
    packed: dict[str, Any] = {
        "response_id": response_id,
        "codes": vector(version, sending.path, answers),
        "unit": rules.unit(version, answers, person, individual, secret),
        "individual": individual,
    }
    leaf = proof.leaf_hash(
        proof.document(
            consultation_id=sending.consultation_id,
            version=version.digest,
            number=number,
            answers=answers,
            profile=person.profile,
            submitted_at=now,
            salt=salt,
            counted=proof.counted(**packed),
            signed_by=person.signs,
        )
    )
    return {
        **packed,
        "consultation_id": sending.consultation_id,
        "version_id": sending.version_id,
        "number": number,
        "answers": dict(answers),
        "profile": person.profile,
        "salt": salt,
        "leaf_hash": leaf,
        "receipt": proof.receipt(leaf),
        "submitted_at": now,
        "signed_by": person.signs,
    }
