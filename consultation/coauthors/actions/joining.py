"""Come to a shared response: by the domain of an address, by an invitation, by a request."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.actions.roles import add
from consultation.coauthors.actions.scene import Scene, journal, take_turn
from consultation.coauthors.models import CoAuthorInvitation, JoinRequest, SharedResponse
from consultation.coauthors.queries import team as queries
from consultation.coauthors.rules import joining as rules
from consultation.coauthors.rules import roles
from consultation.consultations.rules import Refused
from consultation.db import upsert
from consultation.responses.models import CoAuthor

ALREADY_THERE = "Cette personne participe déjà à cette contribution"
INVITED = "Une invitation attend déjà cette adresse. Envoyez-la à nouveau si elle s’est perdue"
MOST_PENDING = 50
TOO_MANY = "Attendez des réponses : 50 invitations sont en attente, le plus possible".replace(
    " :", "\u00a0:"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """An invitation to post: its number, and the ``secret`` of the link, that nothing keeps."""

    number: int
    email: str
    secret: str


def hash_of(secret: str) -> bytes:
    """Return what the database keeps of the secret of a link."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def set_domain(session: Session, scene: Scene, domain: str | None) -> None:
    """Choose whose address opens the response; nobody's when it is ``None``.

    Raise :class:`Refused` when no co-author has a confirmed address of that domain.
    """
    take_turn(session, scene.response_id)
    door = session.get(SharedResponse, scene.response_id)
    if door is not None and door.domain != domain:
        if domain is not None:
            rules.check_domain(domain, queries.confirmed_addresses(session, scene.response_id))
        door.domain = domain
        journal(session, scene, "set_domain")


def join(session: Session, scene: Scene, person: User) -> str:
    """Let a person in by the domain of their address; return their role.

    They sign when nobody writes the response any more. Raise :class:`Refused` when the domain is
    no longer that of their address.
    """
    take_turn(session, scene.response_id)
    domain = session.scalar(
        select(SharedResponse.domain).where(SharedResponse.response_id == scene.response_id)
    )
    if not rules.joins_by_domain(domain, person.email, person.email_confirmed_at is not None):
        raise Refused("domain", rules.NOT_THIS_DOMAIN)
    there = queries.members(session, scene.response_id)
    role = roles.entering_role(there)
    if roles.role_of(there, person.id) is None:
        rules.check_room(len(there) + len(queries.invitations(session, scene.response_id)))
    add(session, scene, person.id, role, "domain")
    return role


def invite(session: Session, scene: Scene, email: str, role: str) -> Letter:
    """Invite an address to write; it has one pending invitation at most.

    Raise :class:`Refused` when it is that of a co-author, or already invited.
    """
    take_turn(session, scene.response_id)
    if _is_there(session, scene.response_id, email):
        raise Refused("email", ALREADY_THERE)
    pending = queries.invitations(session, scene.response_id)
    if any(one.email == email for one in pending):
        raise Refused("email", INVITED)
    if len(pending) >= MOST_PENDING:
        raise Refused("email", TOO_MANY)
    people = queries.members(session, scene.response_id)
    rules.check_room(len(people) + len(pending), "email")
    secret = secrets.token_urlsafe(32)
    added = CoAuthorInvitation(
        response_id=scene.response_id,
        email=email,
        role=role,
        secret_hash=hash_of(secret),
        invited_by=scene.actor_id,
        invited_at=scene.now,
        expires_at=scene.now + rules.LIFE,
    )
    session.add(added)
    session.flush()
    journal(session, scene, "invite_co_author", {"invitation": added.id, "role": role})
    return Letter(added.id, email, secret)


def invite_again(session: Session, scene: Scene, invitation: CoAuthorInvitation) -> Letter:
    """Give an invitation a new link and fourteen more days; the former link opens nothing."""
    secret = secrets.token_urlsafe(32)
    invitation.secret_hash = hash_of(secret)
    invitation.invited_by, invitation.invited_at = scene.actor_id, scene.now
    invitation.expires_at = scene.now + rules.LIFE
    session.flush()
    journal(session, scene, "invite_co_author_again", {"invitation": invitation.id})
    return Letter(invitation.id, invitation.email, secret)


def revoke(session: Session, scene: Scene, invitation: CoAuthorInvitation) -> None:
    """Take an invitation back: its link opens nothing any more."""
    journal(session, scene, "revoke_co_author_invitation", {"invitation": invitation.id})
    session.delete(invitation)
    session.flush()


def accept(session: Session, scene: Scene, invitation: CoAuthorInvitation, user_id: int) -> bool:
    """Make whoever holds the link a co-author; ``False`` when they already were.

    Raise :class:`Refused` when the link was used, revoked or is too old: only one person ever
    comes by a link.
    """
    take_turn(session, scene.response_id)
    used = session.scalar(
        update(CoAuthorInvitation)
        .where(
            CoAuthorInvitation.id == invitation.id,
            CoAuthorInvitation.secret_hash == invitation.secret_hash,
            CoAuthorInvitation.accepted_at.is_(None),
            CoAuthorInvitation.expires_at > scene.now,
        )
        .values(accepted_at=scene.now, accepted_by=user_id)
        .returning(CoAuthorInvitation.role)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise Refused("link", rules.LINK_OVER)
    there = queries.members(session, scene.response_id)
    if roles.role_of(there, user_id) is None:
        rules.check_room(len(there))
    role = used if there else roles.SIGNATORY
    return add(session, scene, user_id, role, "invitation")


def ask(session: Session, scene: Scene, user_id: int, message: str) -> bool:
    """Ask to write with the others; ``False`` when it was asked already.

    Raise :class:`Refused` when there is no room for those who ask.
    """
    take_turn(session, scene.response_id)
    asking = queries.requests(session, scene.response_id)
    if any(one.user_id == user_id for one in asking):
        return False
    people = queries.members(session, scene.response_id)
    invited = queries.invitations(session, scene.response_id)
    rules.check_room(len(people) + len(invited) + len(asking))
    asked = session.scalar(
        upsert(session, JoinRequest)
        .values(response_id=scene.response_id, user_id=user_id, asked_at=scene.now, message=message)
        .on_conflict_do_nothing()
        .returning(JoinRequest.user_id)
    )
    if asked is not None:
        journal(session, scene, "ask_to_join_response")
    return asked is not None


def grant(session: Session, scene: Scene, user_id: int) -> bool:
    """Accept a request; ``False`` when it is no longer there."""
    take_turn(session, scene.response_id)
    if session.get(JoinRequest, (scene.response_id, user_id)) is None:
        return False
    people = queries.members(session, scene.response_id)
    rules.check_room(len(people) + len(queries.invitations(session, scene.response_id)))
    return add(session, scene, user_id, roles.AUTHOR, "request")


def decline(session: Session, scene: Scene, user_id: int) -> bool:
    """Refuse a request; ``False`` when it is no longer there. It may be asked again."""
    taken = session.scalar(
        delete(JoinRequest)
        .where(JoinRequest.response_id == scene.response_id, JoinRequest.user_id == user_id)
        .returning(JoinRequest.user_id)
        .execution_options(synchronize_session=False)
    )
    if taken is not None:
        journal(session, scene, "decline_to_join_response", {"user": user_id})
    return taken is not None


def _is_there(session: Session, response_id: int, email: str) -> bool:
    statement = (
        select(CoAuthor.user_id)
        .join(User, User.id == CoAuthor.user_id)
        .where(CoAuthor.response_id == response_id, User.email == email)
    )
    return session.scalar(statement) is not None
