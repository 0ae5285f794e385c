"""Let in the holder of a personal link: open or find the account, fill the profile, join them."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consultation.accounts import actions as accounts
from consultation.accounts import queries as people
from consultation.accounts.actions import OrganisationProfile
from consultation.accounts.models import User
from consultation.accounts.rules.naming import LONGEST_NAME, clean_name
from consultation.accounts.rules.refusal import Refusal
from consultation.audit.actions import record
from consultation.consultations.models import Consultation
from consultation.consultations.rules import phase
from consultation.invitations.models import Contact, Invitation
from consultation.invitations.rules.entrance import Account, Entrance, Link, entrance
from consultation.territories.reading import INDIVIDUAL


@dataclass(frozen=True, slots=True)
class Situation:
    """A link, its contact, and the account of the invited address, if there is one."""

    invitation: Invitation
    contact: Contact
    consultation: Consultation
    user: User | None
    account: Account | None
    link: Link

    def decide(self, visitor: int | None, *, keeps_own: bool | None) -> Entrance:
        """Return what pressing the button does for ``visitor``."""
        return entrance(self.link, self.account, visitor, keeps_own=keeps_own)


def situation(session: Session, invitation: Invitation, now: datetime) -> Situation:
    """Gather what decides on an entrance."""
    contact = invitation.contact
    consultation = session.get_one(Consultation, contact.consultation_id)
    user = people.by_email(session, contact.email)
    link = Link(
        revoked=invitation.revoked_at is not None,
        phase=phase(consultation, now),
        user_id=contact.user_id,
        made=contact.opened_account,
        entered_at=contact.entered_at,
    )
    return Situation(invitation, contact, consultation, user, _account(session, user), link)


def _account(session: Session, user: User | None) -> Account | None:
    if user is None:
        return None
    kinds = people.kinds_of_credentials(session, [user.id])[user.id]
    return Account(
        id=user.id,
        confirmed=user.email_confirmed_at is not None,
        has_password="password" in kinds,
        has_second_factor="totp" in kinds,
        has_role=user.staff,
        last_sign_in_at=user.last_sign_in_at,
    )


def open_account(session: Session, at: Situation, now: datetime) -> User:
    """Make the account of the invited address, or take the one that nobody confirmed.

    Whoever chose the password of an unconfirmed account may not own the address: it is dropped.
    """
    user = at.user
    if user is None:
        user = accounts.open_account(
            session, email=at.contact.email, display_name=display_name(at.contact), now=now
        )
    else:
        accounts.drop_password(session, user.id)
        user.display_name = display_name(at.contact)
        user.session_version += 1
    user.email_confirmed_at = now
    accounts.journal(session, "confirm", user, now, actor_id=user.id)
    at.contact.opened_account, at.contact.entered_at = True, now
    _join(session, at, user, now)
    return user


def enter(session: Session, at: Situation, now: datetime) -> User:
    """Open again the account that the link made."""
    if at.user is None:
        raise ValueError("the link has no account to open")
    at.contact.entered_at = now
    _join(session, at, at.user, now)
    return at.user


def join(session: Session, at: Situation, user: User, now: datetime) -> None:
    """Answer the invitation under the account of ``user``, who is signed in."""
    if at.contact.user_id != user.id:
        at.contact.opened_account = False
    _join(session, at, user, now)


def _join(session: Session, at: Situation, user: User, now: datetime) -> None:
    at.contact.user_id = user.id
    fill_profile(session, user, at.contact, now)
    record(
        session,
        actor_id=user.id,
        verb="use_invitation",
        subject="contact",
        subject_id=at.contact.id,
        consultation_id=at.contact.consultation_id,
        now=now,
    )


def fill_profile(session: Session, user: User, contact: Contact, now: datetime) -> bool:
    """Say who ``user`` is from what the address book knows; what they said themselves stays.

    Return whether anything changed.
    """
    if user.actor_type or user.organisation or not (contact.actor_type or contact.organisation):
        return False
    alone = contact.actor_type == INDIVIDUAL or not contact.organisation
    accounts.change_profile(
        session,
        user,
        display_name=user.display_name,
        actor_type=contact.actor_type or "",
        region_code=user.region_code or contact.region_code,
        organisation=None
        if alone
        else OrganisationProfile(contact.organisation, siret=contact.siret),
        now=now,
    )
    return True


def display_name(contact: Contact) -> str:
    """Return the name of a new account: that of the contact, else of whom they answer for."""
    local = re.sub(r"[._+-]+", " ", contact.email.partition("@")[0]).title()
    for name in (contact.name, contact.organisation, local):
        with suppress(Refusal):
            return clean_name(name[:LONGEST_NAME])
    return "Personne invitée"
