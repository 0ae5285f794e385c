"""Open the response of an organisation; the database keeps one for each SIREN."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consultation.accounts.models import Membership, Organisation, User
from consultation.audit.actions import record
from consultation.coauthors.actions.copying import Copying, copy_sections
from consultation.coauthors.models import SharedResponse
from consultation.coauthors.rules.joining import default_domain
from consultation.coauthors.rules.opening import TAKEN, TAKEN_ABROAD, check_opening
from consultation.consultations.rules import Refused
from consultation.db import upsert
from consultation.responses.models import CoAuthor, Response
from consultation.responses.queries import own_of


@dataclass(frozen=True, slots=True)
class Opening:
    """Where and when an official response is opened.

    ``copy_from``: the folder of the files of the platform, to begin with the founder's own draft.
    """

    consultation_id: int
    version_id: int
    now: datetime
    copy_from: Path | None = None


def open_response(session: Session, founder: User, opening: Opening) -> int:
    """Open the official response of the organisation of ``founder``; return its number.

    The founder signs. Whoever has a confirmed address of the same domain may join, unless that
    domain gives an address to anybody. Raise :class:`Refused` when the profile has no organisation
    or no SIREN, and when an official response of the SIREN exists: roll back then.
    """
    profile = founder.organisation
    siren = profile.siren if profile else None
    check_opening(profile is not None, siren, profile.region_code if profile else None)
    assert profile is not None  # noqa: S101 - checked by the rule
    if siren is None and _is_opened_abroad(session, profile, opening):
        raise Refused("siren", TAKEN_ABROAD)
    organisation = _copied(session, profile, opening.now)
    response_id = _reserved(session, organisation, founder, opening)
    if response_id is None:
        raise Refused("siren", TAKEN)
    domain = default_domain(founder.email) if founder.email_confirmed_at else None
    session.add(SharedResponse(response_id=response_id, domain=domain))
    session.add(
        CoAuthor(
            response_id=response_id,
            user_id=founder.id,
            role="signatory",
            entry="founder",
            joined_at=opening.now,
        )
    )
    session.flush()
    copied = opening.copy_from is not None and _copy_personal_draft(
        session, founder, response_id, opening, opening.copy_from
    )
    _journal(session, response_id, founder, opening, copied)
    return response_id


def _is_opened_abroad(session: Session, profile: Organisation, opening: Opening) -> bool:
    """Whether somebody of an organisation that has no SIREN opened its response."""
    # Changes nothing, but makes two people of one organisation take turns.
    session.execute(
        update(Organisation)
        .where(Organisation.id == profile.id)
        .values(name=Organisation.name)
        .execution_options(synchronize_session=False)
    )
    theirs = select(Membership.user_id).where(Membership.organisation_id == profile.id)
    statement = select(Response.id).where(
        Response.consultation_id == opening.consultation_id,
        Response.organisation_id.is_not(None),
        Response.siren.is_(None),
        Response.merged_into.is_(None),
        Response.user_id.in_(theirs),
    )
    return session.scalars(statement).first() is not None


def _copied(session: Session, profile: Organisation, now: datetime) -> Organisation:
    """Return a row of its own for the response: no change of profile renames it."""
    organisation = Organisation(
        name=profile.name,
        actor_type=profile.actor_type,
        region_code=profile.region_code,
        size=profile.size,
        siret=profile.siret,
        siren=profile.siren,
        created_at=now,
    )
    session.add(organisation)
    session.flush()
    return organisation


def _reserved(
    session: Session, organisation: Organisation, founder: User, opening: Opening
) -> int | None:
    """Take the SIREN in this consultation; ``None`` when somebody took it, even just now."""
    statement = (
        upsert(session, Response)
        .values(
            consultation_id=opening.consultation_id,
            user_id=founder.id,
            organisation_id=organisation.id,
            siren=organisation.siren,
            version_id=opening.version_id,
            status="draft",
            created_at=opening.now,
            updated_at=opening.now,
        )
        .on_conflict_do_nothing()
        .returning(Response.id)
    )
    found: int | None = session.scalar(statement)
    return found


def _copy_personal_draft(
    session: Session, founder: User, response_id: int, opening: Opening, folder: Path
) -> bool:
    """Copy what the founder wrote for themselves, whose own draft stays; tell if there was any."""
    own = session.scalar(
        select(Response.id).where(
            Response.consultation_id == opening.consultation_id, own_of(founder.id)
        )
    )
    how = Copying(founder.id, opening.now, folder)
    return own is not None and bool(copy_sections(session, own, response_id, how))


def _journal(
    session: Session, response_id: int, founder: User, opening: Opening, copied: bool
) -> None:
    record(
        session,
        actor_id=founder.id,
        verb="open_official_response",
        subject="response",
        subject_id=response_id,
        now=opening.now,
        consultation_id=opening.consultation_id,
        details={"copied": "yes"} if copied else None,
    )
