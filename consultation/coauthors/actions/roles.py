"""Who signs, who leaves, who comes instead: no response is left without anybody by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from consultation.coauthors.actions.scene import Scene, journal, take_turn
from consultation.coauthors.models import Assignment, JoinRequest
from consultation.coauthors.queries import team as queries
from consultation.coauthors.rules import roles as rules
from consultation.consultations.rules import Refused
from consultation.db import upsert
from consultation.responses.models import CoAuthor, Response

NOBODY = "Choisissez une personne qui participe à cette contribution."


def add(session: Session, scene: Scene, user_id: int, role: str, entry: str) -> bool:
    """Make a person a co-author; ``False`` when they were one, whose role stays as it is.

    Take the turn first. Whatever they had asked is granted.
    """
    added = session.scalar(
        upsert(session, CoAuthor)
        .values(
            response_id=scene.response_id,
            user_id=user_id,
            role=role,
            entry=entry,
            joined_at=scene.now,
        )
        .on_conflict_do_nothing()
        .returning(CoAuthor.user_id)
    )
    session.execute(
        delete(JoinRequest)
        .where(JoinRequest.response_id == scene.response_id, JoinRequest.user_id == user_id)
        .execution_options(synchronize_session=False)
    )
    if added is not None:
        journal(session, scene, "join_response", {"user": user_id, "role": role, "by": entry})
    return added is not None


def name_signatory(session: Session, scene: Scene, user_id: int) -> bool:
    """Let a co-author sign; ``False`` when they already did. Raise :class:`Refused` on others."""
    take_turn(session, scene.response_id)
    role = rules.role_of(queries.members(session, scene.response_id), user_id)
    if role is None:
        raise Refused("person", NOBODY)
    if role == rules.SIGNATORY:
        return False
    _set_role(session, scene, user_id, rules.SIGNATORY)
    return True


def step_down(session: Session, scene: Scene, user_id: int) -> bool:
    """Make a signatory an author; ``False`` when they were one.

    Raise :class:`Refused` when nobody else would sign.
    """
    take_turn(session, scene.response_id)
    team = queries.members(session, scene.response_id)
    role = rules.role_of(team, user_id)
    if role is None:
        raise Refused("person", NOBODY)
    if role == rules.AUTHOR:
        return False
    rules.check_stepping_down(team, user_id)
    _set_role(session, scene, user_id, rules.AUTHOR)
    return True


def hand_over(session: Session, scene: Scene, user_id: int) -> None:
    """Give the signature of the person who acts to another co-author."""
    name_signatory(session, scene, user_id)
    if scene.actor_id is not None and scene.actor_id != user_id:
        step_down(session, scene, scene.actor_id)


def part(session: Session, scene: Scene, user_id: int) -> bool:
    """Let a person leave, or make them leave; ``False`` when they were not there.

    What they looked after is free again; what they wrote stays. Raise :class:`Refused` when the
    others, or an answer that was sent, would have no signatory.
    """
    status = take_turn(session, scene.response_id)
    team = queries.members(session, scene.response_id)
    if rules.role_of(team, user_id) is None:
        return False
    rules.check_parting(team, user_id, sent=status == "sent")
    _remove(session, scene.response_id, user_id)
    journal(session, scene, "leave_response", {"user": user_id})
    return True


def let_go(session: Session, user_ids: Sequence[int], now: datetime) -> None:
    """Make people leave every response they share, because their accounts disappear.

    Nothing is refused: the oldest of those who stay signs, and a response that nobody writes any
    more waits for the organisers.
    """
    statement = select(CoAuthor.response_id).where(CoAuthor.user_id.in_(user_ids)).distinct()
    numbers = sorted(session.scalars(statement))
    for number in numbers:
        take_turn(session, number)
        for user_id in user_ids:
            _remove(session, number, user_id)
    for number in numbers:
        _appoint(session, number, now)
    session.execute(
        update(Response)
        .where(Response.user_id.in_(user_ids), Response.organisation_id.is_not(None))
        .values(user_id=None)
        .execution_options(synchronize_session=False)
    )


def appoint_where_missing(session: Session, now: datetime) -> int:
    """Make the oldest co-author sign wherever nobody does any more; return how many responses.

    Whatever removes an account, even by hand in the database, leaves nothing behind.
    """
    signs = exists().where(CoAuthor.response_id == Response.id, CoAuthor.role == rules.SIGNATORY)
    written = exists().where(CoAuthor.response_id == Response.id)
    unsigned = select(Response.id).where(written, ~signs, Response.merged_into.is_(None))
    statement = unsigned.order_by(Response.id)
    return sum(_appoint(session, number, now) for number in session.scalars(statement).all())


def _appoint(session: Session, response_id: int, now: datetime) -> bool:
    take_turn(session, response_id)
    chosen = rules.successor(queries.members(session, response_id))
    if chosen is None:
        return False
    consultation_id = session.scalar(
        select(Response.consultation_id).where(Response.id == response_id)
    )
    scene = Scene(response_id, consultation_id or 0, None, now)
    _set_role(session, scene, chosen, rules.SIGNATORY)
    return True


def _set_role(session: Session, scene: Scene, user_id: int, role: str) -> None:
    session.execute(
        update(CoAuthor)
        .where(CoAuthor.response_id == scene.response_id, CoAuthor.user_id == user_id)
        .values(role=role)
        .execution_options(synchronize_session=False)
    )
    verb = "name_signatory" if role == rules.SIGNATORY else "step_down_signatory"
    journal(session, scene, verb, {"user": user_id})


def _remove(session: Session, response_id: int, user_id: int) -> None:
    for table in (CoAuthor, Assignment):
        session.execute(
            delete(table)
            .where(table.response_id == response_id, table.user_id == user_id)
            .execution_options(synchronize_session=False)
        )
