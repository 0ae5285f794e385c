"""What the invitations forget by themselves; run once an hour. The caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.invitations.models import Contact, ContactImport

UNCONFIRMED_FILE_LIFE = timedelta(days=1)
REPORT_LIFE = timedelta(days=30)
ADDRESS_BOOK_LIFE = timedelta(days=183)
"""How long the people invited are known after the closing: six months."""


def forget_what_is_over(session: Session, now: datetime) -> None:
    """Drop the files never confirmed, old reports, and the address books of old consultations.

    Who asked for silence stays remembered, by a keyed hash.
    """
    session.execute(
        delete(ContactImport).where(
            or_(
                ContactImport.created_at < now - REPORT_LIFE,
                and_(
                    ContactImport.done_at.is_(None),
                    ContactImport.created_at < now - UNCONFIRMED_FILE_LIFE,
                ),
            )
        )
    )
    old = select(Consultation.id).where(Consultation.closes_at < now - ADDRESS_BOOK_LIFE)
    session.execute(
        delete(Contact)
        .where(Contact.consultation_id.in_(old))
        .execution_options(synchronize_session=False)
    )
