"""Whatever people do with one another, a response that somebody writes has a signatory, and what
was written is read by somebody or waits for the organisers."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts.keeping import part_with
from consultation.accounts.models import Membership, Organisation, User
from consultation.coauthors.actions import joining, merging, roles
from consultation.coauthors.actions.merging import Merger
from consultation.coauthors.actions.opening import Opening, open_response
from consultation.coauthors.actions.scene import Scene
from consultation.coauthors.queries.official import Official, official_responses
from consultation.coauthors.queries.team import Member, members
from consultation.consultations.models import Consultation
from consultation.consultations.rules import Refused
from consultation.responses import drafts, statements
from consultation.responses.actions import save_section
from consultation.responses.models import Response, ResponseSection, Submission
from tests.consultations.making import DURING, a_consultation

pytestmark = pytest.mark.one_database
SIRENS = ("552100554", "732829320", "443061841")
PEOPLE = st.integers(0, 5)
RESPONSES = st.integers(0, 2)
_numbers = count()
Teams = dict[int, list[Member]]


class Together(RuleBasedStateMachine):
    """Six people of three organisations, in one consultation."""

    session: Session
    folder: object

    def __init__(self) -> None:
        super().__init__()
        self.turn = next(_numbers)
        self.now = DURING
        self.consultation, self.version = self.another_consultation()
        self.people = [self.person(n) for n in range(6)]
        self.saved: set[tuple[int, str]] = set()
        self.sent: list[int] = []
        self.session.commit()

    def another_consultation(self) -> tuple[int, int]:
        """Copy the first one: publishing a questionnaire for each example takes longer."""
        first = self.session.scalars(select(Consultation).order_by(Consultation.id)).first()
        columns = Consultation.__table__.columns.keys()
        values = {name: getattr(first, name) for name in columns if name not in ("id", "slug")}
        made = Consultation(slug=f"essai-{self.turn}", **values)
        self.session.add(made)
        self.session.flush()
        return made.id, made.version_id

    @initialize(joining=st.lists(st.tuples(PEOPLE, RESPONSES), max_size=6))
    def three_companies_begin(self, joining: list[tuple[int, int]]) -> None:
        for who in range(3):
            self.opens(who)
            self.saves(who, who, "a")
        for who, which in joining:
            self.joins(who, which)

    def person(self, number: int) -> int:
        email = f"p{number}@essai{self.turn}.fr"
        user = User(
            email=email, display_name=f"P{number}", created_at=DURING, email_confirmed_at=DURING
        )
        organisation = Organisation(
            name=f"O{number % 3}",
            actor_type="entreprise_pme",
            siren=SIRENS[number % 3],
            created_at=DURING,
        )
        user.membership = Membership(organisation=organisation, created_at=DURING)
        self.session.add(user)
        self.session.flush()
        return user.id

    # --- What people do -----------------------------------------------------------------------

    def tried(self, act) -> object:
        self.now += timedelta(minutes=1)
        try:
            done = act()
            self.session.commit()
        except Refused:
            self.session.rollback()
            return None
        return done

    def user(self, number: int) -> User | None:
        return self.session.get(User, self.people[number])

    def response(self, number: int) -> int | None:
        statement = select(Response.id).where(Response.consultation_id == self.consultation)
        found = self.session.scalars(statement.order_by(Response.id)).all()
        return found[number] if number < len(found) else None

    def scene(self, response: int, actor: int | None = None) -> Scene:
        return Scene(response, self.consultation, actor, self.now)

    @rule(who=PEOPLE)
    def opens(self, who: int) -> None:
        user = self.user(who)
        if user:
            opening = Opening(self.consultation, self.version, self.now)
            self.tried(lambda: open_response(self.session, user, opening))

    @rule(who=PEOPLE, which=RESPONSES)
    def joins(self, who: int, which: int) -> None:
        user, response = self.user(who), self.response(which)
        if user and response:
            self.tried(lambda: joining.join(self.session, self.scene(response), user))

    @rule(who=PEOPLE, which=RESPONSES, section=st.sampled_from("abc"))
    def saves(self, who: int, which: int, section: str) -> None:
        response, user_id = self.response(which), self.people[who]
        if response is None:
            return
        seen = self.session.get(ResponseSection, (response, section))
        revision = self.tried(
            lambda: save_section(
                self.session,
                response_id=response,
                user_id=user_id,
                section=section,
                answers={"q": f"{response}{section}"},
                seen=seen.revision if seen else 0,
                now=self.now,
            )
        )
        if revision:
            found = self.session.get(Response, response)
            assert found is not None and found.merged_into is None
            self.saved.add((response, section))

    @rule(who=PEOPLE, which=RESPONSES)
    def sends(self, who: int, which: int) -> None:
        response = self.response(which)
        if response is None:
            return
        pointed = self.session.scalar(select(Response.submission_id).where(Response.id == response))
        number = len(self.sent) + 1
        sent = Submission(
            response_id=response, consultation_id=self.consultation, version_id=self.version,
            number=number, answers={}, profile={}, codes=b"", unit=1, individual=False, salt="",
            leaf_hash="", receipt=f"R{self.turn}-{number}", submitted_at=self.now,
        )  # fmt: skip
        self.session.add(sent)
        self.session.flush()
        whose = {
            "response": response, "signatory": self.people[who], "pointed": pointed,
            "submission": sent.id, "version": self.version, "moment": self.now,
        }  # fmt: skip
        if self.session.execute(statements.pointing(True), whose).rowcount == 1:
            self.sent.append(sent.id)
            self.session.commit()
        else:
            self.session.rollback()

    @rule(who=PEOPLE, whom=PEOPLE, which=RESPONSES, act=st.sampled_from(["name", "down", "hand"]))
    def signs_or_not(self, who: int, whom: int, which: int, act: str) -> None:
        response = self.response(which)
        if response is None:
            return
        scene = self.scene(response, self.people[who])
        does = {"name": roles.name_signatory, "down": roles.step_down, "hand": roles.hand_over}
        self.tried(lambda: does[act](self.session, scene, self.people[whom]))

    @rule(who=PEOPLE, which=RESPONSES)
    def leaves(self, who: int, which: int) -> None:
        response = self.response(which)
        if response is not None:
            scene = self.scene(response, self.people[who])
            self.tried(lambda: roles.part(self.session, scene, self.people[who]))

    @rule(who=PEOPLE)
    def disappears(self, who: int) -> None:
        if self.user(who):
            self.tried(lambda: part_with(self.session, [self.people[who]], self.now))

    @rule(who=PEOPLE, which=RESPONSES, alone=st.booleans())
    def is_appointed(self, who: int, which: int, alone: bool) -> None:
        response, user_id = self.response(which), self.people[who]
        if response and self.user(who):
            scene = self.scene(response)
            self.tried(
                lambda: merging.appoint(self.session, scene, user_id, alone=alone, reason="R")
            )

    @rule(kept=RESPONSES, gone=RESPONSES, open_now=st.booleans())
    def become_one(self, kept: int, gone: int, open_now: bool) -> None:
        one, other = self.response(kept), self.response(gone)
        if one is None or other is None:
            return
        merger = Merger(one, other, self.consultation, 1, self.now, self.folder, open_now, "Fusion")  # type: ignore[arg-type]
        if self.tried(lambda: merging.merge(self.session, merger)):
            for response, section in list(self.saved):
                if response == other:
                    self.saved.add((one, section))

    # --- What is always true ------------------------------------------------------------------

    @invariant()
    def nothing_is_orphaned(self) -> None:
        officials = official_responses(self.session, self.consultation)
        teams = {one.response_id: members(self.session, one.response_id) for one in officials}
        self.somebody_signs(officials, teams)
        self.nothing_written_is_out_of_reach(officials, teams)
        self.every_submission_is_kept_and_one_counts_for_each_siren(officials)

    def somebody_signs(self, officials: list[Official], teams: Teams) -> None:
        for one in officials:
            team = teams[one.response_id]
            if one.merged_into is not None:
                assert not team
            elif team:
                assert any(member.role == "signatory" for member in team), one

    def nothing_written_is_out_of_reach(self, officials: list[Official], teams: Teams) -> None:
        listed = {one.response_id: one for one in officials}
        for response, section in self.saved:
            row = self.session.get(ResponseSection, (response, section))
            assert row is not None and row.answers
            place = listed[response].merged_into or response
            assert listed[place].merged_into is None
            team = teams[place]
            assert team or listed[place].state == "waiting"
            if team:
                draft = drafts.draft(self.session, self.consultation, team[0].user_id, response)
                assert draft is not None and section in draft.sections

    def every_submission_is_kept_and_one_counts_for_each_siren(
        self, officials: list[Official]
    ) -> None:
        kept = select(Submission.id).where(Submission.consultation_id == self.consultation)
        assert sorted(self.session.scalars(kept)) == sorted(self.sent)
        for one in officials:
            if one.merged_into is not None:
                assert one.status == "withdrawn" and one.submitted_at is None
        counted = self.session.scalars(
            select(Response.siren).where(
                Response.consultation_id == self.consultation, Response.status == "sent"
            )
        ).all()
        assert len(counted) == len(set(counted))


def test_nothing_is_ever_orphaned(db_session: Session, tmp_path) -> None:
    machine = type("Here", (Together,), {"session": db_session, "folder": tmp_path})
    a_consultation(db_session)
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=20))
