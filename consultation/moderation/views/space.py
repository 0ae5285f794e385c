"""What moderation did about a person's words, told in their own space."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts import known, notices
from consultation.accounts.known import Known
from consultation.accounts.models import User
from consultation.accounts.notices import Notice, quoted
from consultation.comments.models import Comment
from consultation.moderation.models import Appeal, Decision, Report
from consultation.web.typography import plural

SENTENCES = {
    "published": "Votre commentaire est publié",
    "returned": "Votre commentaire est à modifier",
    "refused": "Votre commentaire est refusé",
    "removed": "Votre commentaire est retiré",
    "confirmed": "Votre recours est rejeté",
    "restored": "Votre recours est accepté, votre commentaire est publié",
}
"""The outcomes that an author is told of: what a report or a second opinion did is not one."""


def decisions(session: Session, user: User, _now: datetime, limit: int) -> Sequence[Notice]:
    """Tell what was decided about the comments of a person."""
    statement = (
        select(Decision.decided_at, Decision.outcome, Comment.id, Comment.text)
        .join(Comment, Comment.id == Decision.comment_id)
        .where(Comment.author_id == user.id, Decision.outcome.in_(SENTENCES))
        .order_by(Decision.decided_at.desc())
        .limit(limit)
    )
    return [
        Notice(at, SENTENCES[outcome], url_for("comments.follow", number=number), quoted(text))
        for at, outcome, number, text in session.execute(statement)
    ]


def kept(session: Session, user: User) -> Known:
    """Say what moderation keeps about a person: their reports and their appeals."""
    reports = session.scalars(
        select(Report).where(Report.reporter_id == user.id).order_by(Report.id)
    ).all()
    appeals = session.scalars(
        select(Appeal)
        .join(Comment, Comment.id == Appeal.comment_id)
        .where(Comment.author_id == user.id)
        .order_by(Appeal.id)
    ).all()
    return Known(
        title="Vos signalements et vos recours",
        lines=[
            ("Signalements", plural(len(reports), "signalement", "signalements")),
            ("Recours", plural(len(appeals), "recours", "recours")),
        ],
        data={
            "reports": [
                {"comment": r.comment_id, "reason": r.reason, "text": r.text, "at": r.created_at}
                for r in reports
            ],
            "appeals": [
                {"comment": a.comment_id, "text": a.text, "state": a.state, "at": a.created_at}
                for a in appeals
            ],
        },
    )


notices.register("decisions", decisions)
known.register("moderation", kept, place=40)
