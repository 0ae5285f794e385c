"""What pages cost beside a shared draft: four statements at the most, whatever became of it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.models import Assignment, Note, SharedResponse
from consultation.consultations.models import Consultation
from consultation.questionnaires.actions import publish_version
from consultation.questionnaires.queries import compiled
from consultation.questionnaires.starters.shelf import starter
from consultation.responses.models import CoAuthor, Response, ResponseSection
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, visitor, write
from tests.responses.answers import COMPANY
from tests.responses.making import NOW, fields_of, form_of
from tests.responses.test_budget import BYTES, STATEMENTS, Measuring


@pytest.fixture
def crowded(db_session: Session, consultation: Consultation) -> Response:
    """A response with twenty co-authors, each question given to three of them, with notes."""
    nadia = cast.nadia(db_session)
    others = [_colleague(db_session, number) for number in range(20)]
    response = shared(db_session, consultation, nadia, *others)
    version = compiled(db_session, consultation.version_id)
    targets = [f"question:{key}" for key, item in version.items.items() if item.number]
    targets += [f"section:{section.section.key}" for section in version.sections]
    shares = [
        {"response_id": response.id, "target": target, "user_id": person.id}
        for target in targets
        for person in others[:3]
    ]
    note = {"response_id": response.id, "author_id": nadia.id, "text": "n" * 2000}
    notes = [{**note, "target": target, "written_at": NOW} for target in targets for _ in range(9)]
    db_session.execute(insert(Assignment), shares)
    db_session.execute(insert(Note), notes)
    for co_author in db_session.query(CoAuthor):
        co_author.section, co_author.seen_at = "modele", NOW
    louise = others[0].id
    door = db_session.get(SharedResponse, response.id)
    door.asked_at, door.asked_by, door.asked_state = NOW, louise, ""
    db_session.commit()
    return response


def _colleague(session: Session, number: int) -> User:
    name = f"Jean-Baptiste de La Tour-Maubourg {number}"
    return cast._person(session, f"c{number}@example.org", name, "entreprise_pme", "84")


@pytest.mark.parametrize("number", range(1, 9))
def test_each_section_keeps_its_budget_among_twenty_co_authors(
    app: Flask, db_session: Session, crowded: Response, number: int
) -> None:
    nadia = cast.nadia(db_session)
    writing = visitor(app, nadia)
    for before in range(1, number):
        write(writing, crowded, before, COMPANY[before])
    measuring = Measuring(app, nadia)
    path, sizes = address(crowded, number), []
    for given in ({}, COMPANY[number]):
        page, statements = measuring.get(path)
        sizes.append(len(page.data))
        assert (page.status_code, statements) == (200, STATEMENTS)
        data = {**form_of(page).fields, **fields_of(given), "_apres": "rester"}
        saved, statements = measuring.post(path, data)
        assert (saved.status_code, statements) == (303, STATEMENTS)
    key = compiled(db_session, crowded.version_id).sections[number - 1].section.key
    other = db_session.scalars(select(User).where(User.email == "c1@example.org")).one()
    db_session.execute(update(CoAuthor).values(section=key, seen_at=NOW))
    db_session.execute(
        update(ResponseSection).where(ResponseSection.section == key).values(saved_by=other.id)
    )
    db_session.commit()
    page, _ = measuring.get(path)
    sizes.append(len(page.data))
    assert "18 autres écrivent dans cette partie" in page.text
    assert "Enregistrée en dernier par" in page.text and "signature est demandée" in page.text
    print(f"section {number}: {sizes} bytes")
    assert max(sizes) <= BYTES


@pytest.mark.parametrize("rest", ["", 3, "relire"])
def test_what_stands_beside_is_as_short_with_a_hundred_people_as_with_twenty(
    app: Flask, db_session: Session, crowded: Response, rest: str | int
) -> None:
    measuring = Measuring(app, cast.nadia(db_session))
    before, _ = measuring.get(address(crowded, rest))
    people = [
        User(
            email=f"long{number}@example.org",
            display_name=f"{number:02}" + "Anne-Marguerite " * 6,
            created_at=NOW,
            actor_type="entreprise_pme",
            region_code="84",
            session_version=1,
        )
        for number in range(80)
    ]
    db_session.add_all(people)
    db_session.flush()
    targets = db_session.scalars(select(Assignment.target).distinct()).all()
    for person in people:
        db_session.add(
            CoAuthor(
                response_id=crowded.id, user_id=person.id, role="signatory", entry="domain",
                joined_at=NOW, section="missions", seen_at=NOW,
            )
        )  # fmt: skip
        for target in targets:
            db_session.add(Assignment(response_id=crowded.id, target=target, user_id=person.id))
    db_session.commit()

    after, statements = measuring.get(address(crowded, rest))

    assert (after.status_code, statements) == (200, STATEMENTS)
    assert len(after.data) <= len(before.data) + 600


def test_the_sign_of_a_page_costs_four_statements_and_few_bytes(
    app: Flask, db_session: Session, crowded: Response
) -> None:
    measuring = Measuring(app, cast.nadia(db_session))
    page, _ = measuring.get(address(crowded, 4))
    fields = {"csrf_token": form_of(page).fields["csrf_token"], "revision": "0"}

    reply, statements = measuring.post(address(crowded, "presence/4"), fields)

    assert (reply.status_code, statements) == (200, STATEMENTS)
    assert len(reply.data) < 2000


PAGES = ("", 1, 8, "relire", "recu", "historique", "envois/1", "envois/2", "envois/2/depuis/1",
         "retirer", "repartition", "repartition/8", "notes", "renvoyer")  # fmt: skip


def test_no_page_of_a_response_sent_and_written_by_people_who_left_costs_more(
    app: Flask, db_session: Session, consultation: Consultation, crowded: Response
) -> None:
    nadia, signs = cast.nadia(db_session), {"declaration": "oui"}
    writing = visitor(app, nadia)
    for number in sorted(COMPANY):
        write(writing, crowded, number, COMPANY[number])
    for proposal in ("Une idée", "Une autre"):
        write(writing, crowded, 8, {"proposition": proposal})
        form = form_of(writing.get(address(crowded, "relire")), "_etat")
        sent = writing.post(form.action, data={**form.fields, **signs})
        assert sent.location == address(crowded, "recu")
    write(writing, crowded, 8, {"proposition": "Jamais signée"})
    db_session.execute(delete(ResponseSection).where(ResponseSection.section == "profil"))
    louise = db_session.scalars(select(User).where(User.email == "c0@example.org")).one()
    db_session.execute(delete(CoAuthor).where(CoAuthor.user_id == nadia.id))
    db_session.execute(
        update(CoAuthor).where(CoAuthor.user_id == louise.id).values(role="signatory")
    )
    changed = starter("poles_2022")
    changed.sections[0].questions[0].label["fr"] += " aujourd’hui"
    version = publish_version(db_session, changed, lineage="essai", actor_id=None, now=NOW)
    consultation.version_id = version.id
    db_session.commit()
    measuring = Measuring(app, louise)
    measuring.get(address(crowded))
    measuring.get(address(crowded, "envois/1"))  # this process meets both versions

    for rest in PAGES:
        page, statements = measuring.get(address(crowded, rest))
        assert (page.status_code, statements <= STATEMENTS) == (200, True), (rest, statements)
    assert "Nadia Benali" in measuring.get(address(crowded, 8))[0].text
    assert "Signée par Nadia Benali" in measuring.get(address(crowded, "recu"))[0].text


def test_sending_for_an_organisation_keeps_its_budget(
    app: Flask, db_session: Session, crowded: Response
) -> None:
    nadia = cast.nadia(db_session)
    writing = visitor(app, nadia)
    for number in sorted(COMPANY):
        write(writing, crowded, number, COMPANY[number])
    measuring = Measuring(app, nadia)
    for rest in ("", "relire"):
        page, statements = measuring.get(address(crowded, rest))
        assert (page.status_code, statements) == (200, STATEMENTS), rest
    page, _ = measuring.get(address(crowded, "relire"))
    data = {**form_of(page, "_etat").fields, "declaration": "oui"}
    sent, statements = measuring.post(address(crowded, "envoyer"), data)
    assert (sent.status_code, statements) == (303, 8)
