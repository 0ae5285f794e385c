"""A small questionnaire with a question of every kind that is counted, and people who answer it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.format import decode
from consultation.questionnaires.layout import vector
from consultation.questionnaires.path import submitted, walk
from consultation.questionnaires.queries import compiled
from consultation.responses.models import Response, Submission
from tests.consultations.making import a_consultation

TODAY = date(2022, 3, 1)
SENT = datetime(2022, 3, 1, 9, tzinfo=UTC)
TYPES, REGIONS = ("pme", "pole", "petr", "particulier"), ("11", "53", "84")


def fr(text: str) -> dict[str, str]:
    return {"fr": text}


def options(*values: str, **flags: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"value": v, "label": fr(f"Option {v}"), **flags.get(v, {})} for v in values]


def definition(**changes: Any) -> dict[str, Any]:
    """Return a questionnaire of two sections; ``changes`` replaces the options of questions."""
    profile = [
        {"kind": "single", "key": "acteur", "label": fr("À quel titre ?"),
         "options": options(*TYPES), "required": True},
        {"kind": "single", "key": "region", "label": fr("Où ?"), "options": options(*REGIONS)},
    ]  # fmt: skip
    opinion = [
        {"kind": "scale", "key": "accord", "label": fr("D’accord ?"),
         "points": options("1", "2", "3", "4", "5", "nsp", nsp={"no_opinion": True})},
        {"kind": "multiple", "key": "filieres", "label": fr("Quelles filières ?"),
         "options": options("agro", "sante", "num")},
        {"kind": "matrix", "key": "missions", "label": fr("Quelle importance ?"),
         "points": options("1", "2", "3", "so", so={"no_opinion": True}),
         "rows": options("rd", "europe")},
        {"kind": "ranking", "key": "rang", "label": fr("Classez"), "max_ranked": 2,
         "options": options("a", "b", "c")},
        {"kind": "number", "key": "cotisation", "label": fr("Combien ?"), "sensitive": True,
         "unit": fr("€"), "minimum": 0, "relevant": "acteur == 'pme' or acteur == 'pole'"},
        {"kind": "allocation", "key": "parts", "label": fr("Répartissez"),
         "rows": options("etat", "regions"), "total": 100},
        {"kind": "date", "key": "depuis", "label": fr("Depuis quand ?"), "precision": "month",
         "relevant": "acteur != 'particulier'"},
        {"kind": "single", "key": "membre", "label": fr("Membre ?"),
         "options": options("oui", "non")},
        {"kind": "single", "key": "content", "label": fr("Content ?"),
         "options": options("oui", "non"), "relevant": "membre == 'oui'"},
        {"kind": "long_text", "key": "idee", "label": fr("Une idée ?"),
         "publication": "verbatim"},
        {"kind": "short_text", "key": "nom", "label": fr("Votre nom ?"), "publication": "never"},
    ]  # fmt: skip
    for question in (*profile, *opinion):
        question.update(changes.get(question["key"], {}))
    return {
        "code": "echantillon",
        "title": fr("Échantillon"),
        "breakdowns": ["acteur", "region"],
        "individual": "acteur == 'particulier'",
        "sections": [
            {"key": "profil", "title": fr("Profil"), "questions": profile},
            {"key": "avis", "title": fr("Avis"), "questions": opinion},
        ],
    }


def someone(draw: random.Random, **given: Any) -> dict[str, Any]:
    """Return the answers of somebody; questions that do not apply are answered all the same."""
    answers: dict[str, Any] = {
        "acteur": draw.choices(TYPES, (60, 25, 4, 20))[0],
        "region": draw.choices(REGIONS, (6, 3, 1))[0],
        "accord": draw.choice(["1", "2", "3", "4", "4", "5", "nsp"]),
        "filieres": draw.sample(["agro", "sante", "num"], draw.randint(1, 3)),
        "missions": {row: draw.choice(["1", "2", "3", "so"]) for row in ("rd", "europe")},
        "rang": draw.sample(["a", "b", "c"], draw.randint(1, 2)),
        "cotisation": draw.choice([0, 100, 250, 1000, 12_000]),
        "depuis": f"20{draw.randint(10, 21)}-0{draw.randint(1, 9)}",
        "membre": draw.choice(["oui", "oui", "non"]),
        "content": draw.choice(["oui", "non"]),
        "idee": "Une idée à soi",
        "nom": "Dupont",
    }
    share = draw.choice([10, 25, 60])
    answers["parts"] = {"etat": share, "regions": 100 - share}
    if draw.random() < 0.2:
        answers["missions"].pop("europe")
    for key in ("filieres", "idee", "rang", "accord"):
        if draw.random() < 0.15:
            answers.pop(key)
    return {**answers, **given}


def people(size: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return the answers of ``size`` people."""
    draw = random.Random(seed)
    return [someone(draw) for _ in range(size)]


@dataclass(frozen=True)
class Row:
    """What results read of a submission; with the answers it holds, for those who check."""

    version_id: int
    codes: bytes
    unit: int
    individual: bool
    answers: Mapping[str, Any]
    shown: frozenset[str]

    def __iter__(self) -> Any:
        return iter((self.version_id, self.codes, self.unit, self.individual))


def row(
    version: CompiledVersion, answers: Mapping[str, Any], unit: int, version_id: int = 1
) -> Row:
    """Pack answers as a submission does."""
    path = walk(version, answers, TODAY)
    kept = submitted(version, path)
    person = kept.get("acteur") == "particulier"
    return Row(version_id, vector(version, path, kept), unit, person, kept, path.shown)


def consulted(session: Session, **changes: Any) -> Consultation:
    """Publish the questionnaire in a consultation that nobody has answered yet."""
    consultation = a_consultation(session, **changes)
    version = publish_version(
        session, decode(definition()), lineage="echantillon", actor_id=None, now=SENT
    )
    consultation.version_id = version.id
    session.commit()
    return consultation


def answered(
    session: Session, consultation: Consultation, answers: Sequence[Mapping[str, Any]]
) -> list[Submission]:
    """Send answers, one unit each, as rows of the database."""
    version = compiled(session, int(consultation.version_id or 0))
    start = session.scalar(select(func.max(Submission.id))) or 0
    found = []
    for number, each in enumerate(answers, start + 1):
        packed = row(version, each, 1000 + number)
        response = Response(
            consultation_id=consultation.id,
            version_id=consultation.version_id,
            status="sent",
            submission_id=number,
            created_at=SENT,
            updated_at=SENT,
        )
        session.add(response)
        session.flush()
        found.append(
            Submission(
                id=number,
                response_id=response.id,
                consultation_id=consultation.id,
                version_id=consultation.version_id,
                number=1,
                answers=dict(packed.answers),
                profile={},
                codes=packed.codes,
                unit=packed.unit,
                individual=packed.individual,
                salt=f"{number:032x}",
                leaf_hash=f"{number:064x}",
                receipt=f"essai-{number}",
                submitted_at=SENT,
            )
        )
    session.add_all(found)
    session.commit()
    return found
