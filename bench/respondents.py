"""Plausible respondents of the real questionnaire: what each types, and their session."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import numpy as np
from flask import Flask
from sqlalchemy.orm import Session

from bench.journey import Script
from bench.site import keep_draft
from bench.visitor import Visitor
from consultation.accounts.actions import open_account
from consultation.consultations.models import Consultation
from consultation.demo.answers import Filling, draw_batch
from consultation.questionnaires.compiled import CompiledVersion
from consultation.questionnaires.path import walk
from consultation.questionnaires.problems import problems

KINDS = 12
"""Different sets of answers: the journeys take them in turn."""

_HIDDEN = ("csrf_token", "_revision", "_questions", "_apres")


def scripts(
    app: Flask,
    session: Session,
    consultation: Consultation,
    version: CompiledVersion,
    number: int = KINDS,
) -> list[Script]:
    """Return what respondents type, read from the pages of their whole drafts."""
    root = f"/consultations/{consultation.slug}/contribution"
    found: list[Script] = []
    for place, answers in enumerate(_answer_sets(version)[:number]):
        user_id = people(session, f"model-{place}", 1)[0]
        keep_draft(session, consultation, version, user_id, answers)
        session.commit()
        visitor, fields = Visitor(app, user_id), dict[str, list[str]]()
        path = walk(version, answers, datetime.now(UTC).date())
        for section in version.sections:
            if any(item.key in path.shown for item in section.items):
                fields |= visitor.form(f"{root}/{section.number}")
        found.append({name: given for name, given in fields.items() if name not in _HIDDEN})
    return found


def _answer_sets(version: CompiledVersion) -> list[dict[str, object]]:
    """Return sets of answers that can be sent as they are."""
    batch = draw_batch(np.random.default_rng(39), 1, 200, version, {})
    filling, today = Filling(version, date(2022, 2, 1)), date(2022, 2, 1)
    drawn = (filling.answers(batch, place)[0] for place in range(len(batch)))
    whole = [a for a in drawn if not problems(version, walk(version, a, today), today)]
    return whole


def people(session: Session, name: str, number: int) -> list[int]:
    """Open accounts, uncommitted, and return their identifiers."""
    now = datetime.now(UTC)
    return [
        open_account(
            session,
            email=f"{name}-{place}@example.org",
            display_name=f"{name} {place}",
            now=now,
            confirmed=True,
            actor_type="particulier",
            region_code="53",
        ).id
        for place in range(number)
    ]


def cookie(app: Flask, user_id: int) -> dict[str, str]:
    """Return the cookie of somebody who has just signed in."""
    name = app.config["SESSION_COOKIE_NAME"]
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    held = {"_user_id": f"{user_id}:1", "_fresh": True, "since": int(time.time())}
    return {name: signer.dumps(held)}
