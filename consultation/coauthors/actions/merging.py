"""What the organisers do about official responses: a signatory, a SIREN, two that become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation
from consultation.coauthors.actions.copying import Copying, copy_sections
from consultation.coauthors.actions.roles import add
from consultation.coauthors.actions.scene import Scene, journal, take_turn
from consultation.coauthors.models import (
    Assignment,
    CoAuthorInvitation,
    JoinRequest,
    SharedResponse,
)
from consultation.coauthors.queries import official as officials
from consultation.coauthors.queries import team as queries
from consultation.coauthors.rules import roles
from consultation.coauthors.rules.joining import check_room
from consultation.coauthors.rules.merging import ALREADY, NOT_HELD, Outcome, Side, merged
from consultation.consultations.rules import Refused
from consultation.db import upsert
from consultation.responses.models import CoAuthor, Response
from consultation.responses.withdrawing import withdraw


def appoint(session: Session, scene: Scene, user_id: int, *, alone: bool, reason: str) -> list[int]:
    """Make a person sign, who need not be a co-author; return who is no longer one.

    ``alone``: whoever writes it now leaves, because the organisation is not theirs.
    """
    take_turn(session, scene.response_id)
    before = [one.user_id for one in queries.members(session, scene.response_id)]
    if not alone and user_id not in before:
        invited = queries.invitations(session, scene.response_id)
        check_room(len(before) + len(invited), "email")
    add(session, scene, user_id, roles.SIGNATORY, "team")
    session.execute(
        update(CoAuthor)
        .where(CoAuthor.response_id == scene.response_id, CoAuthor.user_id == user_id)
        .values(role=roles.SIGNATORY)
        .execution_options(synchronize_session=False)
    )
    gone = [one for one in before if one != user_id] if alone else []
    if alone:
        _dismiss(session, scene.response_id, user_id)
    details = {"user": user_id, "removed": gone, "reason": reason}
    journal(session, scene, "appoint_signatory", details)
    return gone


def _dismiss(session: Session, response_id: int, kept: int) -> None:
    """Remove everybody but one person, what they looked after, and the doors they left open."""
    for table in (CoAuthor, Assignment):
        session.execute(
            delete(table)
            .where(table.response_id == response_id, table.user_id != kept)
            .execution_options(synchronize_session=False)
        )
    _close_doors(session, response_id)
    session.execute(
        update(SharedResponse)
        .where(SharedResponse.response_id == response_id)
        .values(domain=None)
        .execution_options(synchronize_session=False)
    )


def correct_siren(session: Session, scene: Scene, siren: str, *, reason: str) -> None:
    """Give the organisation another SIREN; raise :class:`Refused` when it is taken: roll back."""
    _identify(session, scene, {"siren": siren})
    journal(session, scene, "correct_siren", {"siren": siren, "reason": reason})


def take_identity(session: Session, scene: Scene, name: str, siren: str, *, reason: str) -> None:
    """Give the response the name and the SIREN of the organisation that takes it over.

    Raise :class:`Refused` when that organisation has a response of its own: roll back.
    """
    _identify(session, scene, {"siren": siren, "name": name})
    journal(session, scene, "rename_organisation", {"siren": siren, "reason": reason})


def check_siren(session: Session, scene: Scene, siren: str) -> None:
    """Raise :class:`Refused` when another official response has that SIREN."""
    taken = officials.of_siren(session, scene.consultation_id, siren)
    if taken not in (None, scene.response_id):
        raise Refused("siren", ALREADY)


def _identify(session: Session, scene: Scene, columns: dict[str, str]) -> None:
    take_turn(session, scene.response_id)
    check_siren(session, scene, columns["siren"])
    organisation_id = session.scalar(
        select(Response.organisation_id).where(Response.id == scene.response_id)
    )
    # The SIREN of a response that this one absorbed is its own to take.
    absorbed = Response.merged_into == scene.response_id
    session.execute(
        update(Response)
        .where(absorbed, Response.siren == columns["siren"])
        .values(siren=None)
        .execution_options(synchronize_session=False)
    )
    try:
        session.execute(
            update(Response)
            .where(Response.id == scene.response_id)
            .values(siren=columns["siren"])
            .execution_options(synchronize_session=False)
        )
    except IntegrityError:  # taken at this very moment
        raise Refused("siren", ALREADY) from None
    session.execute(
        update(Organisation)
        .where(Organisation.id == organisation_id)
        .values(**columns, siret=None)
        .execution_options(synchronize_session=False)
    )


def free_siren(session: Session, scene: Scene, *, reason: str) -> str:
    """Let the SIREN of a response that was taken over open another one; return it.

    Nothing else is undone. Raise :class:`Refused` when it holds none any more, or still stands.
    """
    absorbed = Response.id == scene.response_id, Response.merged_into.is_not(None)
    siren = session.scalar(select(Response.siren).where(*absorbed))
    freed = session.scalar(
        update(Response)
        .where(*absorbed, Response.siren == siren)  # a second click finds nothing
        .values(siren=None)
        .returning(Response.id)
        .execution_options(synchronize_session=False)
    )
    if siren is None or freed is None:
        raise Refused("reason", NOT_HELD)
    journal(session, scene, "free_siren", {"siren": siren, "reason": reason})
    return siren


@dataclass(frozen=True, slots=True)
class Merger:
    """``gone`` is taken over by ``kept``; both are numbers of official responses.

    ``folder`` holds the files of the platform; ``open_now``: whether answers can still be sent.
    """

    kept: int
    gone: int
    consultation_id: int
    actor_id: int
    now: datetime
    folder: Path
    open_now: bool
    reason: str


def outcome(session: Session, merger: Merger) -> Outcome:
    """Return what the merger would do; raise :class:`Refused` when it cannot be."""
    sections = officials.sections_of(session, [merger.kept, merger.gone])
    kept, gone = (_side(session, number, sections[number]) for number in (merger.kept, merger.gone))
    return merged(kept, gone, open_now=merger.open_now)


def _side(session: Session, number: int, sections: frozenset[str]) -> Side:
    row = session.execute(
        select(Response.status, Response.merged_into).where(Response.id == number)
    ).one()
    people = frozenset(one.user_id for one in queries.members(session, number))
    return Side(number, row.status == "sent", row.merged_into is not None, sections, people)


def merge(session: Session, merger: Merger) -> Outcome:
    """Make one official response of two; nothing that anybody wrote is lost.

    The co-authors of ``gone`` come as authors, the sections that ``kept`` never saved are copied,
    the rest stays readable at the address of ``gone``, with its notes and its files.

    Raises:
        Refused: one of them was taken over already, or the only answer sent would no longer count
            after the closing.
    """
    for number in sorted((merger.kept, merger.gone)):
        take_turn(session, number)
    found = outcome(session, merger)
    kept = Scene(merger.kept, merger.consultation_id, merger.actor_id, merger.now)
    _bring(session, kept, merger.gone, found)
    copy_sections(
        session, merger.gone, merger.kept, Copying(merger.actor_id, merger.now, merger.folder)
    )
    _close(session, merger)
    details = {
        "taken": merger.gone,
        "sections": list(found.copied),
        "to_sign": "yes" if found.to_sign else None,
        "reason": merger.reason,
    }
    journal(session, kept, "merge_responses", details)
    return found


def _bring(session: Session, kept: Scene, gone: int, found: Outcome) -> None:
    """Make the co-authors of the other response, and those who asked, come to this one."""
    for member in sorted(queries.members(session, gone), key=lambda one: one.user_id):
        role = member.role if found.keeps_roles else roles.AUTHOR
        add(session, kept, member.user_id, role, "merger")
    there = {one.user_id for one in queries.members(session, kept.response_id)}
    for request in queries.requests(session, gone):
        if request.user_id not in there:
            session.execute(
                upsert(session, JoinRequest)
                .values(
                    response_id=kept.response_id,
                    user_id=request.user_id,
                    asked_at=request.asked_at,
                    message=request.message,
                )
                .on_conflict_do_nothing()
            )


def _close(session: Session, merger: Merger) -> None:
    """Leave the response that was taken over to be read, and to be read only."""
    counted = session.scalar(select(Response.submission_id).where(Response.id == merger.gone))
    if counted is not None:
        withdraw(
            session,
            response_id=merger.gone,
            submission_id=counted,
            user_id=merger.actor_id,
            now=merger.now,
        )
    for table in (CoAuthor, Assignment):
        session.execute(
            delete(table)
            .where(table.response_id == merger.gone)
            .execution_options(synchronize_session=False)
        )
    _close_doors(session, merger.gone)
    session.execute(
        update(Response)
        .where(Response.id == merger.gone)
        .values(merged_into=merger.kept, status="withdrawn", updated_at=merger.now)
        .execution_options(synchronize_session=False)
    )
    # What had been taken over by it follows.
    session.execute(
        update(Response)
        .where(Response.merged_into == merger.gone)
        .values(merged_into=merger.kept)
        .execution_options(synchronize_session=False)
    )


def _close_doors(session: Session, response_id: int) -> None:
    for table in (JoinRequest, CoAuthorInvitation):
        session.execute(
            delete(table)
            .where(table.response_id == response_id)
            .execution_options(synchronize_session=False)
        )
