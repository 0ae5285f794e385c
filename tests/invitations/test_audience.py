"""Who receives what: the rule alone, then the same rule asked of the two databases."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any, get_args

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from consultation.accounts.models import Organisation, User
from consultation.consultations.models import Consultation
from consultation.invitations import standing
from consultation.invitations.actions.posting import next_contacts
from consultation.invitations.models import Campaign, Contact
from consultation.invitations.queries import book as book_queries
from consultation.invitations.rules.audience import (
    ASKED,
    PARTICIPATIONS,
    REASONS,
    STANDINGS,
    Kind,
    Standing,
    closed_to,
    every_standing,
    excluded,
    still_wanted,
    wanted_codes,
)
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.consultations.making import DURING, a_consultation
from tests.invitations.making import campaign, contact, deliver, post, respond

KINDS: tuple[Kind, ...] = get_args(Kind)
standings = st.builds(
    Standing,
    participation=st.sampled_from(PARTICIPATIONS),
    asked=st.sampled_from(ASKED),
    unsubscribed=st.booleans(),
    bounced=st.booleans(),
)
phases = st.sampled_from(["draft", "coming", "open", "closed"])


@given(st.sampled_from(KINDS), standings)
def test_who_has_sent_or_withdrawn_never_receives_anything(kind: Kind, person: Standing) -> None:
    if person.participation in ("sent", "withdrawn"):
        assert excluded(kind, person) is not None


@given(st.sampled_from(KINDS), standings)
def test_who_asked_for_silence_or_has_no_mailbox_receives_nothing(kind, person) -> None:
    if person.unsubscribed or person.bounced:
        assert excluded(kind, person) in ("unsubscribed", "bounced")


@given(standings)
def test_nobody_is_in_two_audiences(person: Standing) -> None:
    assert sum(excluded(kind, person) is None for kind in KINDS) <= 1


@given(standings)
def test_an_invitation_is_for_those_who_had_none(person: Standing) -> None:
    if excluded("invitation", person) is None:
        assert (person.asked, person.participation) == ("never", "none")


@given(standings)
def test_reminders_go_to_those_who_were_invited_or_began(person: Standing) -> None:
    if excluded("not_started", person) is None:
        assert (person.asked, person.participation) == ("invited", "none")
    if excluded("draft", person) is None:
        assert person.participation == "draft"


@given(st.sampled_from(KINDS), standings, phases, st.booleans())
def test_at_the_door_nothing_leaves_that_the_plan_would_refuse(kind, person, phase, revoked):
    reason = still_wanted(kind, person, phase, revoked=revoked)
    if reason is None:
        assert phase == "open" or (phase == "coming" and kind == "invitation")
        assert not revoked
        assert excluded(kind, person) in (None, "already_invited" if kind == "invitation" else None)
    else:
        assert reason in REASONS


@given(st.sampled_from(KINDS), phases)
def test_nothing_leaves_after_the_closing_or_before_publication(kind: Kind, phase: Any) -> None:
    if phase in ("draft", "closed"):
        assert closed_to(kind, phase) is not None


def test_each_standing_has_its_own_number() -> None:
    assert len(STANDINGS) == len(list(every_standing())) == 48
    assert all(STANDINGS[code].code == code for code in STANDINGS)


# --- the same, computed by the databases --------------------------------------------------------


def put(session: Session, consultation: Consultation, number: int, person: Standing) -> Contact:
    """Put a contact where ``person`` stands, by the rows that lead there."""
    made = contact(session, consultation, f"p{number}@example.org")
    made.unsubscribed_at = DURING if person.unsubscribed else None
    made.bounced_at = DURING if person.bounced else None
    if person.participation != "none":
        user = User(
            email=made.email,
            display_name="Quelqu’un",
            email_confirmed_at=DURING,
            created_at=DURING,
            session_version=1,
        )
        session.add(user)
        session.flush()
        respond(session, consultation, user.id, person.participation)
    session.commit()
    return made


def test_the_databases_number_each_standing_as_the_rule_does(
    app: Flask, db_session: Session
) -> None:
    consultation = a_consultation(db_session)
    wanted = {}
    stopped = list(product((False, True), (False, True)))
    # The invitation itself makes three of them, so the three steps are taken in order.
    for number, (participation, silence) in enumerate(product(PARTICIPATIONS, stopped)):
        person = Standing(participation, "never", *silence)
        wanted[put(db_session, consultation, number, person).id] = person
    assert found(db_session, consultation) == wanted

    invitation = campaign(db_session, consultation)
    post(app)
    waiting = {
        number: Standing(person.participation, "waiting", person.unsubscribed, person.bounced)
        if excluded("invitation", person) is None
        else person
        for number, person in wanted.items()
    }
    assert found(db_session, consultation) == waiting
    assert next_contacts(db_session, invitation, 100) == []

    deliver(app.extensions["settings"])
    invited = {
        number: Standing(person.participation, "invited", person.unsubscribed, person.bounced)
        if person.asked == "waiting"
        else person
        for number, person in waiting.items()
    }
    assert found(db_session, consultation) == invited


def found(session: Session, consultation: Consultation) -> dict[int, Standing]:
    session.flush()
    rows = session.execute(
        standing.contacts(Contact.id, standing.code()).where(
            Contact.consultation_id == consultation.id
        )
    )
    return {row[0]: STANDINGS[row[1]] for row in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_recipients_are_those_of_the_rule(db_session: Session, kind: Kind) -> None:
    consultation = a_consultation(db_session)
    people = {}
    for number, person in enumerate(every_standing()):
        if person.asked == "waiting":
            continue
        made = put(db_session, consultation, number, person)
        made.invited_at = DURING if person.asked == "invited" else None
        people[made.email] = person
    db_session.commit()
    made_campaign = campaign(db_session, consultation, kind, planned=False)
    chosen = {each.email for each in next_contacts(db_session, made_campaign, 100)}
    assert chosen == {mail for mail, who in people.items() if excluded(kind, who) is None}
    assert chosen


def test_the_codes_wanted_are_those_of_the_rule() -> None:
    for kind in KINDS:
        assert {STANDINGS[code] for code in wanted_codes(kind)} == {
            person for person in every_standing() if excluded(kind, person) is None
        }


# --- whose participation counts ------------------------------------------------------------------


def participation(session: Session, consultation: Consultation) -> str:
    [person] = found(session, consultation).values()
    return person.participation


def test_nadia_who_followed_the_link_with_another_address_counts(db_session: Session) -> None:
    consultation, nadia = a_consultation(db_session), cast.nadia(db_session)
    made = contact(db_session, consultation, "direction@optique.example.org")
    respond(db_session, consultation, nadia.id, "sent")
    assert participation(db_session, consultation) == "none"
    made.user_id = nadia.id
    assert participation(db_session, consultation) == "sent"


def test_emile_who_registered_by_himself_counts_once_his_address_is_confirmed(
    db_session: Session,
) -> None:
    consultation, emile = a_consultation(db_session), cast.emile(db_session)
    contact(db_session, consultation, emile.email)
    respond(db_session, consultation, emile.id, "draft")
    assert participation(db_session, consultation) == "draft"
    emile.email_confirmed_at = None
    assert participation(db_session, consultation) == "none"


def share(session: Session, consultation: Consultation, status: str, *writers: User) -> Response:
    """Open the response of the organisation of Nadia, written by ``writers``."""
    organisation = Organisation(name="Optique du Rhône", actor_type="", created_at=DURING)
    session.add(organisation)
    session.flush()
    shared = respond(
        session, consultation, None, status, organisation_id=organisation.id, siren="552100554"
    )
    for writer in writers:
        session.add(
            CoAuthor(
                response_id=shared.id,
                user_id=writer.id,
                role="author",
                entry="invitation",
                joined_at=DURING,
            )
        )
    session.commit()
    return shared


def test_a_co_author_stands_where_the_shared_response_does(db_session: Session) -> None:
    consultation, emile = a_consultation(db_session), cast.emile(db_session)
    contact(db_session, consultation, emile.email)
    shared = share(db_session, consultation, "draft", emile)
    assert participation(db_session, consultation) == "draft"
    shared.status, shared.submission_id = "sent", 1
    assert participation(db_session, consultation) == "sent"
    shared.status, shared.submission_id = "withdrawn", None
    assert participation(db_session, consultation) == "withdrawn"
    shared.merged_into = 4_000
    assert participation(db_session, consultation) == "none"


def test_a_co_author_is_reminded_of_the_shared_draft_and_never_once_it_is_sent(
    app: Flask, db_session: Session
) -> None:
    consultation, emile = a_consultation(db_session), cast.emile(db_session)
    contact(db_session, consultation, emile.email).invited_at = DURING
    shared = share(db_session, consultation, "draft", emile)
    campaign(db_session, consultation, "not_started")
    assert post(app) == 0
    campaign(db_session, consultation, "draft")
    assert post(app) == 1
    shared.status, shared.submission_id = "sent", 1  # between the plan and the departure
    db_session.commit()
    assert deliver(app.extensions["settings"]) == 0
    for kind in KINDS:
        campaign(db_session, consultation, kind)
    assert post(app) == 0


@pytest.mark.parametrize(("status", "seen"), [("sent", "sent"), ("draft", "none")])
def test_what_the_organisation_sent_counts_for_its_members_and_its_siren(
    db_session: Session, status: str, seen: str
) -> None:
    consultation, nadia = a_consultation(db_session), cast.nadia(db_session)
    share(db_session, consultation, status)
    member = contact(db_session, consultation, nadia.email)
    colleague = contact(
        db_session, consultation, "autre@optique.example.org", siret="55210055400021"
    )
    stranger = contact(db_session, consultation, "ailleurs@example.org", siret="73282932000074")
    people = {number: who.participation for number, who in found(db_session, consultation).items()}
    assert people == {member.id: seen, colleague.id: seen, stranger.id: "none"}


@pytest.mark.parametrize(("status", "seen"), [("sent", "sent"), ("draft", "none")])
def test_what_was_sent_counts_for_an_organisation_that_the_response_absorbed(
    db_session: Session, status: str, seen: str
) -> None:
    """Nobody is reminded whose organisation answers with another."""
    consultation, nadia = a_consultation(db_session), cast.nadia(db_session)
    kept = share(db_session, consultation, status)
    kept.siren = "443061841"
    db_session.flush()
    gone = share(db_session, consultation, "withdrawn")
    gone.merged_into = kept.id
    member = contact(db_session, consultation, nadia.email)
    colleague = contact(
        db_session, consultation, "autre@optique.example.org", siret="55210055400021"
    )
    people = {number: who.participation for number, who in found(db_session, consultation).items()}
    assert people == {member.id: seen, colleague.id: seen}


def test_the_draft_of_nadia_counts_whatever_her_co_authors_withdrew(db_session: Session) -> None:
    consultation, nadia = a_consultation(db_session), cast.nadia(db_session)
    contact(db_session, consultation, nadia.email)
    share(db_session, consultation, "withdrawn", nadia)
    assert participation(db_session, consultation) == "withdrawn"
    respond(db_session, consultation, nadia.id, "draft")
    assert participation(db_session, consultation) == "draft"


def test_who_withdrew_is_left_alone_even_when_co_authors_have_a_draft(
    app: Flask, db_session: Session
) -> None:
    consultation, nadia = a_consultation(db_session), cast.nadia(db_session)
    shared = share(db_session, consultation, "draft", nadia)
    contact(db_session, consultation, nadia.email).invited_at = DURING
    assert participation(db_session, consultation) == "draft"
    own = respond(db_session, consultation, nadia.id, "withdrawn")
    assert participation(db_session, consultation) == "withdrawn"
    for kind in ("not_started", "draft"):
        campaign(db_session, consultation, kind)
    assert post(app) == 0
    own.status = "draft"  # began again
    assert participation(db_session, consultation) == "draft"
    own.status, shared.status, shared.submission_id = "withdrawn", "sent", 1
    assert participation(db_session, consultation) == "sent"


def test_another_consultation_does_not_count(db_session: Session) -> None:
    consultation, emile = a_consultation(db_session), cast.emile(db_session)
    other = a_consultation(db_session, slug="autre")
    contact(db_session, consultation, emile.email)
    respond(db_session, other, emile.id, "sent")
    assert participation(db_session, consultation) == "none"


@pytest.mark.one_database
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(st.lists(standings.filter(lambda person: person.asked != "waiting"), max_size=12))
def test_figures_add_up(people: list[Standing]) -> None:
    figures = book_queries.figures(Counter(people))
    assert figures.contacts == len(people)
    assert figures.sent <= figures.started <= figures.contacts
    assert figures.invited == sum(person.asked == "invited" for person in people)


def test_a_campaign_of_an_empty_book_has_nobody(db_session: Session) -> None:
    consultation = a_consultation(db_session)
    made: Campaign = campaign(db_session, consultation)
    assert next_contacts(db_session, made, 10) == []
