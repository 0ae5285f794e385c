"""Two moderators press the button at the same moment, on the real databases."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.comments.models import Comment
from consultation.comments.rules import Refused as CommentRefused
from consultation.db import db
from consultation.mail.models import OutboxMessage
from consultation.moderation import appeals
from consultation.moderation.actions import Verdict, decide
from consultation.moderation.desk import Desk, MeanwhileError
from consultation.moderation.models import Appeal, Decision, Report
from consultation.moderation.reporting import Notice, Reporter, report
from consultation.moderation.rules import Refused
from tests import cast
from tests.comments.making import a_comment
from tests.consultations.making import DURING, a_consultation

ROUNDS = 8


def at_once(app: Flask, *works: Callable[[Desk], object]) -> list[str]:
    """Run each work in its own thread and session; return « done » or what refused it."""
    barrier, results = Barrier(len(works)), ["" for _ in works]

    def run(number: int) -> None:
        with app.app_context():
            desk = Desk(db.session, app.extensions["settings"], DURING)
            db.session.connection()
            barrier.wait()
            try:
                works[number](desk)
                db.session.commit()
                results[number] = "done"
            except (MeanwhileError, Refused, CommentRefused) as error:
                db.session.rollback()
                results[number] = type(error).__name__

    threads = [Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_of_two_simultaneous_decisions_counts(app: Flask, db_session: Session) -> None:
    poles, emile = a_consultation(db_session), cast.emile(db_session)
    lea, awa = cast.lea(db_session).id, cast.awa(db_session).id
    for _ in range(ROUNDS):
        identifier = a_comment(db_session, poles, emile, state="pending").id

        def deciding(verdict: str, who: int, identifier: int = identifier):
            choice = Verdict(verdict, ["insult"], "Parce que.", 1)
            return lambda desk: decide(
                desk, desk.session.get_one(Comment, identifier), choice, moderator_id=who
            )

        results = at_once(app, deciding("publish", lea), deciding("refuse", awa))
        assert sorted(results) == ["MeanwhileError", "done"]
        db_session.expire_all()
        decision = db_session.scalars(
            select(Decision).where(Decision.comment_id == identifier)
        ).one()
        assert db_session.get_one(Comment, identifier).state == decision.outcome
    assert db_session.scalar(select(func.count(OutboxMessage.id))) == ROUNDS


def test_the_same_reader_who_reports_twice_at_once_counts_once(
    app: Flask, db_session: Session
) -> None:
    poles = a_consultation(db_session)
    identifier = a_comment(db_session, poles, cast.emile(db_session)).id
    rose = Reporter(None, "Rose", "rose@example.org")

    def reporting(desk: Desk) -> None:
        report(desk, desk.session.get_one(Comment, identifier), rose, Notice("insult", False, ""))

    assert at_once(app, reporting, reporting, reporting) == ["done"] * 3
    assert db_session.scalar(select(func.count(Report.id))) == 1


def test_an_appeal_sent_twice_at_once_is_one(app: Flask, db_session: Session) -> None:
    poles, lea = a_consultation(db_session), cast.lea(db_session)
    comment = a_comment(db_session, poles, cast.emile(db_session), state="refused")
    decision = Decision(
        consultation_id=poles.id,
        comment_id=comment.id,
        moderator_id=lea.id,
        outcome="refused",
        grounds=["insult"],
        revision=1,
        decided_at=DURING,
        waited_seconds=60,
    )
    db_session.add(decision)
    db_session.commit()
    identifiers = (comment.id, decision.id)

    def contesting(desk: Desk) -> None:
        appeals.contest(
            desk,
            desk.session.get_one(Comment, identifiers[0]),
            desk.session.get_one(Decision, identifiers[1]),
            "Je conteste.",
        )

    assert sorted(at_once(app, contesting, contesting)) == ["Refused", "done"]
    assert db_session.scalar(select(func.count(Appeal.id))) == 1
