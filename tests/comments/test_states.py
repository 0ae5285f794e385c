"""Whatever authors and moderators do, in any order, a comment stays in a state of the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.comments import actions
from consultation.comments.rules import TRANSITIONS, Refused, look, may_become
from consultation.consultations.models import Consultation
from consultation.moderation import appeals, queries, rules
from consultation.moderation.actions import Verdict, decide
from consultation.moderation.desk import Desk, MeanwhileError
from consultation.moderation.models import Appeal, Decision
from consultation.moderation.reporting import Notice, Reporter, report
from tests import cast
from tests.comments.making import a_comment
from tests.consultations.making import DURING, a_consultation

VERDICTS = st.sampled_from(sorted(rules.VERDICTS))


class CommentLife(RuleBasedStateMachine):
    """One comment of Émile's, two moderators, a reader."""

    app: Flask
    session: Session
    poles: Consultation
    people: dict[str, int]

    @initialize(visitor=st.booleans())
    def begin(self, visitor: bool) -> None:
        self.now = DURING
        author = None if visitor else cast.emile(self.session)
        state = "unconfirmed" if visitor else "pending"
        self.comment = a_comment(self.session, self.poles, author, state=state)
        self.was_published = False
        self.path = [state]

    @property
    def desk(self) -> Desk:
        return Desk(self.session, self.app.extensions["settings"], self.now)

    def _after(self, changed: bool) -> None:
        self.session.commit() if changed else self.session.rollback()
        self.now += timedelta(minutes=1)
        self.session.refresh(self.comment)
        if self.comment.state != self.path[-1]:
            self.path.append(self.comment.state)

    @rule()
    def the_visitor_confirms(self) -> None:
        before = self.comment.state
        confirmed = actions.confirm(self.session, self.comment, self.now)
        assert confirmed == (before == "unconfirmed")
        self._after(confirmed)

    @rule(who=st.sampled_from(["lea", "mehdi"]), verdict=VERDICTS, stale=st.booleans())
    def a_moderator_decides(self, who: str, verdict: str, stale: bool) -> None:
        choice = Verdict(verdict, ["insult"], "Parce que.", self.comment.revision - stale)
        waits = queries.one(self.session, self.poles.id, self.comment.id)
        decidable = waits is not None and self.comment.state in ("pending", "published")
        if self.comment.state == "published":
            decidable = decidable and waits.reports > 0
        try:
            decision = decide(self.desk, self.comment, choice, moderator_id=self.people[who])
        except MeanwhileError:
            assert stale or not decidable
            return self._after(False)
        assert decidable and not stale
        assert decision.revision == choice.revision
        return self._after(True)

    @rule(stale=st.booleans())
    def the_author_sends_again(self, stale: bool) -> None:
        words = actions.Words("Un texte corrigé.", None)
        revision = self.comment.revision - stale
        try:
            sent = actions.send_again(
                self.session, self.comment, words, revision=revision, now=self.now
            )
        except Refused:
            assert self.comment.state in ("unconfirmed", "pending", "published")
            return self._after(False)
        assert sent != stale
        return self._after(sent)

    @precondition(lambda self: self.comment.state == "published")
    @rule(reader=st.integers(1, 3))
    def a_reader_reports(self, reader: int) -> None:
        who = Reporter(None, "Rose", f"rose{reader}@example.org")
        report(self.desk, self.comment, who, Notice("insult", False, ""))
        self._after(True)

    @rule(months=st.sampled_from([0, 7]))
    def the_author_contests(self, months: int) -> None:
        found = queries.contestable(self.session, self.comment.id)
        if found is None:
            return
        late = months > rules.APPEAL_MONTHS
        desk = Desk(
            self.session,
            self.app.extensions["settings"],
            rules.months_later(self.now, months) if late else self.now,
        )
        try:
            appeals.contest(desk, self.comment, found[0], "Je conteste.")
        except rules.Refused:
            assert late or found[1] is not None
            return self._after(False)
        assert not late
        return self._after(True)

    @rule(who=st.sampled_from(["lea", "mehdi"]), upheld=st.booleans())
    def a_moderator_judges(self, who: str, upheld: bool) -> None:
        appeal = self.session.scalar(
            select(Appeal).where(Appeal.comment_id == self.comment.id, Appeal.state == "open")
        )
        if appeal is None:
            return
        first = self.session.get_one(Decision, appeal.decision_id).moderator_id
        judge = self.people[who]
        try:
            appeals.judge(
                self.desk, self.comment, appeal, upheld=upheld, answer="Voilà.", judge_id=judge
            )
        except rules.ConflictError:
            assert first == judge
            return self._after(False)
        assert first != judge
        assert self.comment.state == "published" or not upheld
        return self._after(True)

    @invariant()
    def every_step_is_one_of_the_rules(self) -> None:
        if not hasattr(self, "path"):
            return
        assert all(may_become(a, b) for a, b in zip(self.path, self.path[1:], strict=False))
        assert self.comment.state in TRANSITIONS

    @invariant()
    def what_was_public_never_disappears_without_a_trace(self) -> None:
        if not hasattr(self, "path"):
            return
        seen = look(self.comment, by_author=False)
        assert (seen == "text") == (self.comment.state == "published")
        if "published" in self.path:
            assert seen in ("text", "placeholder")

    @invariant()
    def everything_that_changed_was_decided(self) -> None:
        if not hasattr(self, "path"):
            return
        decisions = self.session.scalar(
            select(func.count(Decision.id)).where(Decision.comment_id == self.comment.id)
        )
        changes = sum(state != "pending" for state in self.path[1:])
        assert decisions >= changes


@pytest.mark.one_database
def test_a_comment_lives_by_the_rules(app: Flask, db_session: Session) -> None:
    CommentLife.app, CommentLife.session = app, db_session
    CommentLife.poles = a_consultation(db_session)
    mehdi = cast._person(db_session, "mehdi@example.org", "Mehdi Amrani", "association", "11")
    CommentLife.people = {"lea": cast.lea(db_session).id, "mehdi": mehdi.id}
    run_state_machine_as_test(
        CommentLife,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
