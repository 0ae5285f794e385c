"""What every act of moderation needs: the session, the moment, the letters, the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.audit.actions import record
from consultation.comments.models import Comment
from consultation.comments.rules import visitor_token
from consultation.consultations.models import Consultation
from consultation.mail.actions import post
from consultation.moderation import letters
from consultation.moderation.models import Appeal, Decision, Report
from consultation.moderation.rules import ADVERSE, appeal_until
from consultation.settings import Settings


class MeanwhileError(Exception):
    """Somebody else decided, or the author changed the text, since the page was drawn."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The session, the settings of the site and the moment. The caller commits."""

    session: Session
    settings: Settings
    now: datetime

    def to_author(self, comment: Comment, decision: Decision, *, reported: bool) -> None:
        """Tell the author what was decided; nothing is sent about a report without effect."""
        if decision.outcome not in (*ADVERSE, "published"):
            return
        title = self._title(comment)
        if decision.outcome == "published":
            letter = letters.published(title, self._public_address(comment))
        else:
            letter = letters.reasons(
                decision.outcome,
                text=comment.text,
                sent_at=comment.edited_at or comment.created_at,
                title=title,
                grounds=decision.grounds,
                message=decision.message,
                reported=reported,
                until=appeal_until(decision),
                address=self._own_address(comment),
                charter=self._charter(comment),
            )
        self._send(f"decision:{decision.id}", self._author_email(comment), letter)

    def to_reporters(self, comment: Comment, decision: Decision, reports: Sequence[Report]) -> None:
        """Tell everyone who reported the comment and left an address."""
        removed = decision.outcome in ADVERSE
        title, charter = self._title(comment), self._charter(comment)
        for report in reports:
            letter = letters.answered(report.id, removed=removed, title=title, charter=charter)
            self._send(f"report-decision:{report.id}", report.reporter_email, letter)

    def acknowledge(self, comment: Comment, report: Report) -> None:
        """Tell the reader that the report has arrived."""
        letter = letters.acknowledged(
            report.id,
            reason=report.reason,
            text=comment.text,
            title=self._title(comment),
            address=self._public_address(comment),
        )
        self._send(f"report:{report.id}", report.reporter_email, letter)

    def to_appellant(self, comment: Comment, appeal: Appeal) -> None:
        """Tell the author how the appeal ended."""
        letter = letters.judged(
            upheld=appeal.state == "upheld",
            title=self._title(comment),
            answer=appeal.answer,
            address=self._own_address(comment),
        )
        self._send(f"appeal:{appeal.id}", self._author_email(comment), letter)

    def journal(
        self, comment: Comment, verb: str, actor_id: int | None, details: dict[str, Any]
    ) -> None:
        """Record what was done to ``comment``."""
        record(
            self.session,
            actor_id=actor_id,
            verb=verb,
            subject="comment",
            subject_id=comment.id,
            consultation_id=comment.consultation_id,
            now=self.now,
            details=details,
        )

    def _send(self, key: str, to: str | None, letter: tuple[str, str]) -> None:
        if to:
            subject, text = letter
            post(self.session, key=key, to=to, subject=subject, text=text, now=self.now)

    def _author_email(self, comment: Comment) -> str | None:
        if comment.author_id is None:
            return comment.author_email
        author = self.session.get(User, comment.author_id)
        return author.email if author else None

    def _title(self, comment: Comment) -> str:
        consultation = self.session.get_one(Consultation, comment.consultation_id)
        return consultation.title["fr"]

    def _slug(self, comment: Comment) -> str:
        return self.session.get_one(Consultation, comment.consultation_id).slug

    def _public_address(self, comment: Comment) -> str:
        base = f"{self.settings.public_url}/consultations/{self._slug(comment)}/commentaires"
        return f"{base}#commentaire-{comment.id}"

    def _charter(self, comment: Comment) -> str:
        return f"{self.settings.public_url}/consultations/{self._slug(comment)}/moderation"

    def _own_address(self, comment: Comment) -> str:
        address = f"{self.settings.public_url}/commentaires/{comment.id}"
        if comment.author_email is None:
            return address
        token = visitor_token(self.settings.secret_key, comment.id, comment.author_email)
        return f"{address}?jeton={token}"
