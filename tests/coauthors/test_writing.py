"""Nadia, Louise and Karim write the response of their company together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.coauthors.models import Assignment, Note
from consultation.coauthors.rules.writing import MOST_NOTES, WHOLE
from consultation.consultations.models import Consultation
from consultation.mail.models import OutboxMessage
from consultation.responses.models import CoAuthor, Response
from tests import cast
from tests.coauthors.making import shared
from tests.coauthors.writing import address, karim, louise, post, visitor, write
from tests.responses.making import NOW, clock, form_of, token_of


@pytest.fixture
def nadia(db_session: Session) -> User:
    return cast.nadia(db_session)


@pytest.fixture
def response(db_session: Session, consultation: Consultation, nadia: User) -> Response:
    """The response of Nadia's company, that Louise and Karim write with her."""
    return shared(db_session, consultation, nadia, louise(db_session), karim(db_session))


@pytest.fixture
def at_nadias(app: Flask, nadia: User) -> FlaskClient:
    return visitor(app, nadia)


@pytest.fixture
def at_louises(app: Flask, db_session: Session) -> FlaskClient:
    return visitor(app, louise(db_session))


def letters(session: Session, to: str) -> list[str]:
    """Return the bodies of the letters to an address, in order."""
    session.expire_all()
    statement = select(OutboxMessage.body).where(OutboxMessage.recipient == to)
    return list(session.scalars(statement.order_by(OutboxMessage.id)))


def beat(client: FlaskClient, response: Response, number: int, **fields: str) -> dict[str, str]:
    """Say as the script of the page does that a section is open."""
    reply = post(client, response, f"presence/{number}", **fields)
    assert reply.status_code == 200, reply.text
    return dict(reply.get_json())


# --- Who is there --------------------------------------------------------------------------------


def test_louise_sees_that_nadia_writes_in_the_section_before_she_types(
    response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    beat(at_nadias, response, 3)

    assert "Nadia Benali écrit dans cette partie" in at_louises.get(address(response, 3)).text
    assert "écrit dans cette partie" not in at_louises.get(address(response, 4)).text
    assert "écrit dans cette partie" not in at_nadias.get(address(response, 3)).text
    assert "Nadia Benali écrit dans cette partie" in at_louises.get(address(response)).text


def test_nadia_is_no_longer_there_after_a_minute_or_when_she_leaves(
    app: Flask, response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    beat(at_nadias, response, 3)
    assert beat(at_louises, response, 3)["here"]

    clock(app, NOW + timedelta(seconds=61))
    assert beat(at_louises, response, 3)["here"] == ""

    beat(at_nadias, response, 3)
    assert beat(at_louises, response, 3)["here"]
    beat(at_nadias, response, 3, quitte="1")
    assert beat(at_louises, response, 3)["here"] == ""

    # The sign of the page she opens may come before the last one of the page she leaves.
    beat(at_nadias, response, 4)
    beat(at_nadias, response, 3, quitte="1")
    assert beat(at_louises, response, 4)["here"]


def test_without_a_script_a_save_shows_that_nadia_is_there(
    app: Flask, response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    write(at_nadias, response, 8, {"proposition": "Une idée"})

    page = at_louises.get(address(response, 8)).text
    assert "Nadia Benali écrit dans cette partie en ce moment" in page
    assert beat(at_louises, response, 8)["here"]
    clock(app, NOW + timedelta(minutes=2))
    assert beat(at_louises, response, 8)["here"] == ""
    page = at_louises.get(address(response, 8)).text
    assert "en ce moment" not in page
    assert (
        "Enregistrée en dernier par <span data-typed>Nadia Benali</span> à 14\u00a0h\u00a032"
        in page
    )


def test_the_page_of_louise_learns_that_nadia_saved_the_section(
    response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    seen = form_of(at_louises.get(address(response, 8))).fields["_revision"][0]
    write(at_nadias, response, 8, {"proposition": "Une idée"})

    said = beat(at_louises, response, 8, revision=seen)
    assert said["newer"] == "Nadia Benali a enregistré cette partie à 14\u00a0h\u00a032."
    assert beat(at_nadias, response, 8, revision="0")["newer"] == ""
    assert beat(at_louises, response, 8, revision="1")["newer"] == ""
    for wrong in ("", "rien", "-1", "9" * 400, "²"):
        assert beat(at_louises, response, 8, revision=wrong)["newer"] == ""


def test_emile_can_neither_show_himself_nor_see_who_is_there(
    app: Flask, db_session: Session, response: Response, at_nadias: FlaskClient
) -> None:
    emile = visitor(app, cast.emile(db_session))
    token = form_of(at_nadias.get(address(response, 3))).fields["csrf_token"]
    assert emile.get(address(response, "notes")).status_code == 404
    assert emile.get(address(response, "repartition")).status_code == 404
    for rest in ("presence/3", "notes/1/regler", "notes/1/supprimer", "signature", "renvoyer"):
        reply = emile.post(address(response, rest), data={"csrf_token": token})
        assert reply.status_code in (400, 404), rest
    assert at_nadias.get(address(response, "notes")).status_code == 200
    reply = post(at_nadias, response, "presence/99")
    assert reply.status_code == 404
    db_session.expire_all()
    rows = db_session.scalars(select(CoAuthor.section)).all()
    assert list(rows) == [None, None, None]


def test_the_conflict_page_names_who_saved(
    response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    mine = form_of(at_louises.get(address(response, 8)))
    write(at_nadias, response, 8, {"proposition": "De Nadia"})

    page = at_louises.post(mine.action, data=mine.but(proposition="De Louise"))

    assert page.status_code == 409
    assert "par Nadia Benali" in page.text
    assert "De Nadia" in page.text and "De Louise" in page.text


# --- Who does what -------------------------------------------------------------------------------


def test_nadia_shares_the_sections_out_and_louise_gets_one_letter(
    db_session: Session, response: Response, nadia: User, at_nadias: FlaskClient,
    at_louises: FlaskClient,
) -> None:  # fmt: skip
    she = louise(db_session).id
    page = form_of(at_nadias.get(address(response, "repartition")), "confier")
    wanted = [f"section:modele {she}", f"section:contribution {she}", f"section:modele {nadia.id}"]

    reply = at_nadias.post(page.action, data=page.but(confier=wanted))

    assert reply.location == address(response)
    (letter,) = letters(db_session, "louise@example.org")
    assert "Nadia Benali vous confie" in letter and letter.count("– Partie") == 2
    assert letters(db_session, "nadia@example.org") == []
    tasks = at_louises.get(address(response)).text
    assert "Confiée à <span data-typed>vous et Nadia</span>" in tasks
    mine = at_louises.get(address(response), query_string={"parties": "miennes"}).text
    assert mine.count('class="row row--between row--nowrap task"') == 2


def test_louise_looks_after_one_question_and_others_may_still_write_it(
    db_session: Session, response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    she = louise(db_session).id
    page = form_of(at_nadias.get(address(response, "repartition/8")), "confier")
    at_nadias.post(page.action, data=page.but(confier=f"question:proposition {she}"))

    assert "Confiée à vous</p>" in at_louises.get(address(response, 8)).text
    assert "Confiée à Louise</p>" in at_nadias.get(address(response, 8)).text
    mine = at_louises.get(address(response), query_string={"parties": "miennes"}).text
    assert mine.count('class="row row--between row--nowrap task"') == 1
    assert write(at_nadias, response, 8, {"proposition": "De Nadia"}).status_code == 303


def test_two_people_who_share_out_at_once_undo_nothing_of_each_other(
    db_session: Session, response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    she, he = louise(db_session).id, karim(db_session).id
    pages = [
        form_of(client.get(address(response, "repartition")), "confier")
        for client in (at_nadias, at_louises)
    ]
    at_nadias.post(pages[0].action, data=pages[0].but(confier=f"section:modele {she}"))
    at_louises.post(pages[1].action, data=pages[1].but(confier=f"section:contribution {he}"))

    db_session.expire_all()
    found = {(a.target, a.user_id) for a in db_session.scalars(select(Assignment))}
    assert found == {("section:modele", she), ("section:contribution", he)}

    page = form_of(at_nadias.get(address(response, "repartition")), "confier")
    at_nadias.post(page.action, data=page.but(confier=f"section:modele {she}"))
    db_session.expire_all()
    assert {a.user_id for a in db_session.scalars(select(Assignment))} == {she}


def test_what_is_no_share_is_left_out(
    db_session: Session, response: Response, at_nadias: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    wrong = [f"section:modele {emile.id}", "section:rien 1", "section:modele", "x" * 5000]
    reply = post(at_nadias, response, "repartition", confier=wrong)
    assert reply.status_code == 303
    assert db_session.scalars(select(Assignment)).all() == []


# --- The notes -----------------------------------------------------------------------------------


def test_nadia_writes_a_note_that_louise_reads_and_settles(
    db_session: Session, response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    target = "question:proposition"
    reply = post(at_nadias, response, "notes", target=target, text="D'accord avec ça ?")
    assert reply.status_code == 303

    assert "1\u00a0note" in at_louises.get(address(response, 8)).text
    page = at_louises.get(address(response, "notes"))
    assert "D&#39;accord avec ça ?" in page.text and "Nadia Benali" in page.text
    assert "Supprimer" not in page.text
    note = db_session.scalars(select(Note)).one()
    assert post(at_louises, response, f"notes/{note.id}/supprimer").status_code == 404
    assert post(at_louises, response, f"notes/{note.id}/regler").status_code == 303

    assert "1\u00a0note réglée" in at_nadias.get(address(response, "notes")).text
    assert "1\u00a0note" not in at_louises.get(address(response, 8)).text
    assert post(at_nadias, response, f"notes/{note.id}/supprimer").status_code == 303
    db_session.expire_all()
    assert db_session.scalars(select(Note)).all() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("   \x01 ", "Écrivez votre note"),
        ("a" * 2001, "Raccourcissez la note\u00a0: 2\u00a0001 caractères, 2\u00a0000 au plus"),
    ],
)
def test_a_note_that_cannot_be_kept_is_given_back(
    db_session: Session, response: Response, at_nadias: FlaskClient, typed: str, sentence: str
) -> None:
    page = post(at_nadias, response, "notes", target="section:modele", text=typed)
    assert page.status_code == 422
    assert sentence in page.text
    assert typed.strip("\x01 ") in page.text
    assert db_session.scalars(select(Note)).all() == []


def test_a_note_about_nothing_is_given_back(response: Response, at_nadias: FlaskClient) -> None:
    page = post(at_nadias, response, "notes", target="question:rien", text="Mes mots")
    assert page.status_code == 422
    assert "Mes mots" in page.text


def test_louise_gets_one_letter_in_any_hour_about_the_notes_on_what_she_looks_after(
    app: Flask, db_session: Session, response: Response, at_nadias: FlaskClient
) -> None:
    she = louise(db_session).id
    post(at_nadias, response, "repartition", confier=f"section:contribution {she}")

    def note(minutes: int, text: str, target: str = "question:proposition") -> list[datetime]:
        clock(app, NOW + timedelta(minutes=minutes))
        post(at_nadias, response, "notes", target=target, text=text)
        statement = select(OutboxMessage.due_at).where(
            OutboxMessage.key.startswith("co-authors:noted:")
        )
        return sorted(db_session.scalars(statement))

    first, second = NOW, NOW + timedelta(hours=1)
    assert note(0, "Un secret") == [first]
    assert note(1, "Un autre", "section:modele") == [first]
    # 15 h 10 is another hour of the clock, and 38 minutes after the first letter only.
    assert note(38, "Un deuxième secret") == [first, second]
    assert note(39, "Un troisième secret") == [first, second]
    assert note(61, "Un quatrième secret") == [first, second, NOW + timedelta(hours=2)]
    assert note(241, "Un cinquième secret")[-1] == NOW + timedelta(minutes=241)

    told = letters(db_session, "louise@example.org")
    assert "a écrit une note sur ce qui vous est confié" in told[1]
    assert "secret" not in "".join(told)
    assert letters(db_session, "karim@example.org") == []


def test_a_double_click_of_nadia_writes_one_note(
    db_session: Session, response: Response, at_nadias: FlaskClient
) -> None:
    for _ in range(2):
        reply = post(at_nadias, response, "notes", target="section:modele", text="Une fois")
        assert reply.status_code == 303
    assert len(db_session.scalars(select(Note)).all()) == 1


def test_the_notes_of_a_response_have_a_limit_and_a_way_out(
    db_session: Session, response: Response, at_nadias: FlaskClient, at_louises: FlaskClient
) -> None:
    she = louise(db_session).id
    note = {"response_id": response.id, "author_id": she, "target": WHOLE, "written_at": NOW}
    db_session.execute(insert(Note), [{**note, "text": f"n{n}"} for n in range(MOST_NOTES)])
    db_session.commit()
    first = db_session.scalars(select(Note.id).order_by(Note.id)).first()

    for rest, more in (("notes", {"target": "section:modele"}), ("renvoyer", {})):
        page = post(at_nadias, response, rest, text="Une de trop", **more)
        assert page.status_code == 422
        assert "cette contribution en a 500, le plus possible" in page.text
        assert "Une de trop" in page.text

    # A signatory deletes what is settled, whoever wrote it; nobody else does.
    assert post(at_nadias, response, f"notes/{first}/supprimer").status_code == 404
    assert post(at_nadias, response, f"notes/{first}/regler").status_code == 303
    assert 'Supprimer<span class="vh"> la note de' in at_nadias.get(address(response, "notes")).text
    assert post(at_nadias, response, f"notes/{first}/supprimer").status_code == 303
    reply = post(at_nadias, response, "notes", target="section:modele", text="De la place")
    assert reply.status_code == 303


def test_louise_who_is_removed_while_she_types_reads_why_nothing_is_saved(
    db_session: Session, response: Response, at_louises: FlaskClient
) -> None:
    form = form_of(at_louises.get(address(response, 8)))
    db_session.delete(db_session.get(CoAuthor, (response.id, louise(db_session).id)))
    db_session.commit()
    headers = {"Accept": "application/json"}

    said = at_louises.post(form.action, data=form.but(proposition="Mes mots"), headers=headers)

    assert said.status_code == 403
    assert "vous ne faites plus partie de cette contribution" in said.get_json()["error"]
    page = at_louises.post(form.action, data=form.but(proposition="Mes mots"))
    assert page.status_code == 403 and "Mes mots" in page.text
    # To somebody who was never there, nothing says that this response exists.
    assert at_louises.get(address(response, 8)).status_code == 404


def test_after_closing_the_notes_are_read_and_no_longer_written(
    app: Flask, db_session: Session, consultation: Consultation, response: Response,
    at_nadias: FlaskClient,
) -> None:  # fmt: skip
    post(at_nadias, response, "notes", target="section:modele", text="Avant la fin")
    clock(app, consultation.closes_at + timedelta(hours=1))
    cast.sign_in(at_nadias, cast.nadia(db_session))
    page = at_nadias.get(address(response, "notes"))
    assert "Avant la fin" in page.text and "Ajouter la note" not in page.text
    late = {"csrf_token": token_of(page), "target": "section:modele", "text": "Trop tard"}
    assert at_nadias.post(address(response, "notes"), data=late).status_code == 403
    assert len(db_session.scalars(select(Note)).all()) == 1
