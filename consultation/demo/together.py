"""The response that an organisation of the demonstration writes with three people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from consultation.accounts import actions, queries
from consultation.accounts.models import User
from consultation.coauthors.actions.opening import Opening, open_response
from consultation.coauthors.actions.roles import add
from consultation.coauthors.actions.scene import Scene
from consultation.consultations.models import Consultation
from consultation.responses.actions import save_section

SIGNATORY, AUTHOR = "signataire@example.org", "repondant@example.org"
COLLEAGUE = "redacteur@demonstration.invalid"
WORDS = {
    "contribution": {
        "proposition": "Confier à chaque pôle un budget sur trois ans, évalué à mi-chemin."
    }
}
"""The sections that are written already, by key."""


@dataclass(frozen=True, slots=True)
class Together:
    """One load of the shared response, in the open consultation."""

    session: Session
    consultation: Consultation
    now: datetime

    def write(self) -> None:
        """Open the response of the cluster, bring two people, save what they wrote so far."""
        signatory = queries.by_email(self.session, SIGNATORY)
        author = queries.by_email(self.session, AUTHOR)
        if signatory is None or author is None or self.consultation.version_id is None:
            return
        begun = self.now - timedelta(days=6)
        opening = Opening(self.consultation.id, self.consultation.version_id, begun)
        number = open_response(self.session, signatory, opening)
        scene = Scene(number, self.consultation.id, signatory.id, begun + timedelta(hours=3))
        add(self.session, scene, author.id, "author", "invitation")
        add(self.session, scene, self._colleague().id, "author", "request")
        for section, answers in WORDS.items():
            save_section(
                self.session,
                response_id=number,
                user_id=author.id,
                section=section,
                answers=answers,
                seen=0,
                now=self.now - timedelta(days=1),
            )

    def _colleague(self) -> User:
        """Return a synthetic person: nobody signs in as them, no letter reaches them."""
        known = queries.by_email(self.session, COLLEAGUE)
        return known or actions.open_account(
            self.session,
            email=COLLEAGUE,
            display_name="Rédacteur fictif",
            now=self.now,
            confirmed=True,
        )
