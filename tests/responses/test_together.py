"""Two tabs, two machines, two clicks at the same moment: nothing lost, nothing done twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.queries import compiled
from consultation.responses import drafts, queries, reading
from consultation.responses.models import Response, Submission
from tests import cast
from tests.responses.answers import COMPANY, PERSON
from tests.responses.making import answer, begin, fields_of, form_of, section, token_of

CONTRIBUTION = "/consultations/poles/contribution"
JSON = {"Accept": "application/json"}
ROUNDS = 200


def tab(app: Flask, person: User) -> FlaskClient:
    """Return another browser in which ``person`` is signed in."""
    client = app.test_client()
    cast.sign_in(client, person)
    return client


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do every work in its own thread, all starting together."""
    gate = Barrier(len(works))

    def start(work: Callable[[], Any]) -> Any:
        gate.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(start, work) for work in works]]


class Writer:
    """Saves one section again and again, as the script of the page does."""

    def __init__(self, client: FlaskClient, number: int) -> None:
        self.client, self.path = client, section(number)
        self.fields = form_of(client.get(self.path)).fields

    def save(self, **answers: Any) -> int:
        """Save and return the status; the next save builds on this one when it went well."""
        data = {**self.fields, **fields_of(answers)}
        reply = self.client.post(self.path, data=data, headers=JSON)
        if reply.status_code == 200:
            self.fields["_revision"] = [str(reply.get_json()["revision"])]
        return reply.status_code


def test_two_tabs_save_two_sections_200_times_and_nothing_is_lost(
    app: Flask, db_session: Session, consultation: Consultation, emile: User
) -> None:
    money, open_words = Writer(tab(app, emile), 4), Writer(tab(app, emile), 8)
    gate = Barrier(2)

    def write(save: Callable[[str], int]) -> list[int]:
        statuses = []
        for turn in range(1, ROUNDS + 1):
            gate.wait(timeout=60)
            statuses.append(save(str(turn)))
        return statuses

    statuses = at_once(
        lambda: write(lambda turn: money.save(nombre_poles="plus", nombre_cible=turn)),
        lambda: write(lambda turn: open_words.save(proposition=f"Idée {turn}")),
    )

    assert statuses == [[200] * ROUNDS] * 2
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None
    assert (draft.revision("modele"), draft.revision("contribution")) == (ROUNDS, ROUNDS)
    # 150 is the greatest number that question takes; the last one typed is kept all the same.
    assert draft.answers["nombre_cible"] == ROUNDS
    assert draft.answers["proposition"] == f"Idée {ROUNDS}"


def test_two_tabs_save_the_same_section_and_one_of_them_is_told(
    app: Flask, db_session: Session, consultation: Consultation, emile: User
) -> None:
    for turn in range(25):
        one, two = Writer(tab(app, emile), 8), Writer(tab(app, emile), 8)
        statuses = at_once(
            lambda one=one, turn=turn: one.save(proposition=f"Un {turn}"),
            lambda two=two, turn=turn: two.save(proposition=f"Deux {turn}"),
        )
        assert sorted(statuses) == [200, 409]
        db_session.expire_all()
        draft = drafts.draft(db_session, consultation.id, emile.id)
        assert draft is not None
        winner = f"Un {turn}" if statuses[0] == 200 else f"Deux {turn}"
        assert draft.answers["proposition"] == winner
        assert draft.revision("contribution") == turn + 1


def test_emile_sees_both_versions_and_chooses_question_by_question(
    app: Flask, db_session: Session, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    answer(client, 8, {"suite": "oui"})
    here = form_of(client.get(section(8)))
    answer(tab(app, emile), 8, {"proposition": "Écrit ailleurs", "consent_publication": "nom"})

    mine = here.but(proposition="Écrit ici", consent_publication="anonyme", suite="non")
    page = client.post(here.action, data=mine)

    assert page.status_code == 409
    assert "Une version plus récente existe" in page.text
    for words in ("Écrit ailleurs", "Écrit ici", "Avec le nom de mon organisme", "Sans mon nom"):
        assert words in page.text
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None and draft.answers["proposition"] == "Écrit ailleurs"

    choice = form_of(page)
    undecided = client.post(choice.action, data=choice.fields)
    assert undecided.status_code == 409
    assert "Question\u00a036\u00a0: choisissez une version" in undecided.text

    choice = form_of(undecided)
    kept = choice.but(
        proposition__version="theirs", consent_publication__version="mine", suite__version="mine"
    )
    assert client.post(choice.action, data=kept).status_code == 303
    db_session.expire_all()
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None
    assert draft.answers == {
        "proposition": "Écrit ailleurs",
        "consent_publication": "anonyme",
        "suite": "non",
    }


def test_what_each_tab_changed_in_one_section_is_put_together(
    app: Flask, db_session: Session, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    answer(client, 8, {"suite": "oui", "proposition": "Avant"})
    here = form_of(client.get(section(8)))
    answer(tab(app, emile), 8, {"proposition": "Écrit ailleurs"})

    mine = here.but(suite="non", _apres="rester")
    assert client.post(here.action, data=mine).status_code == 303

    page = client.get(section(8)).text
    assert "Une réponse enregistrée entre-temps est reprise dans cette partie" in page
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None
    assert draft.answers == {"proposition": "Écrit ailleurs", "suite": "non"}


def test_the_page_of_choices_asks_only_what_both_changed_and_names_lost_files(
    app: Flask, db_session: Session, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    answer(client, 8, {"suite": "oui", "proposition": "Avant"})
    here = form_of(client.get(section(8)))
    answer(tab(app, emile), 8, {"proposition": "Ailleurs", "suite": "non"})

    late = here.but(proposition="Ici", cahier_acteur=(io.BytesIO(b"%PDF-1.7"), "cahier.pdf"))
    page = client.post(here.action, data=late)

    assert page.status_code == 409
    assert "Ajoutez-les à nouveau" in page.text
    choice = form_of(page)
    assert [name for name in choice.fields if name.endswith(".version")] == ["suite.version"]
    assert (
        client.post(choice.action, data=choice.but(proposition__version="mine")).status_code == 303
    )
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None
    assert draft.answers == {"proposition": "Ici", "suite": "non"}


@pytest.mark.parametrize("number", range(1, 9))
def test_a_page_that_nobody_touched_is_read_as_it_was_shown(
    db_session: Session,
    consultation: Consultation,
    emile: User,
    client: FlaskClient,
    number: int,
) -> None:
    version = compiled(db_session, consultation.version_id)
    for before in range(1, number + 1):
        answer(client, before, COMPANY[before])
    page = reading.posted(form_of(client.get(section(number))).fields)
    part = version.sections[number - 1]

    mine = reading.read(part, page, {}, page.questions)

    assert page.base.count("-") < len(page.questions)
    assert reading.marks(part, page.questions, mine) == page.base


def test_five_tabs_fill_five_questions_of_one_section_at_once(
    app: Flask, db_session: Session, consultation: Consultation, emile: User
) -> None:
    keys = ("acteur", "organisme", "mandat", "effectif", "secteur")
    given = {key: COMPANY[1][key] for key in keys}
    path = section(1)
    posts = []
    for key, value in given.items():
        client = tab(app, emile)
        form = form_of(client.get(path))
        data = {**form.fields, **fields_of({key: value})}
        posts.append(lambda c=client, d=data: c.post(path, data=d, headers=JSON).status_code)

    assert at_once(*posts) == [200] * len(given)
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None
    assert given.keys() <= draft.answers.keys()


def test_the_same_page_sent_twice_is_saved_once_and_asks_nothing(
    db_session: Session, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    form = form_of(client.get(section(8)))
    data = form.but(proposition="Une idée")

    replies = [client.post(form.action, data=data) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    draft = drafts.draft(db_session, consultation.id, emile.id)
    assert draft is not None and draft.revision("contribution") == 1


def test_two_clicks_on_begin_make_one_response(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    tabs = [tab(app, nadia) for _ in range(2)]
    tokens = [token_of(client.get("/consultations/poles")) for client in tabs]

    def press(client: FlaskClient, token: str) -> int:
        data = {"csrf_token": token}
        return client.post(f"{CONTRIBUTION}/commencer", data=data).status_code

    statuses = at_once(
        lambda: press(tabs[0], tokens[0]),
        lambda: press(tabs[1], tokens[1]),
    )

    assert statuses == [303, 303]
    assert db_session.scalar(select(func.count()).select_from(Response)) == 1
    verbs = db_session.scalars(select(AuditEvent.verb)).all()
    assert verbs.count("start_response") == 1


def test_two_clicks_on_send_make_one_submission_and_one_receipt(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    for turn, person in enumerate((cast.emile(db_session), cast.nadia(db_session)), 1):
        tabs = [tab(app, person) for _ in range(2)]
        begin(tabs[0], person)
        for number, answers in PERSON.items():
            answer(tabs[0], number, answers)
        forms = [form_of(client.get(f"{CONTRIBUTION}/relire"), "_etat") for client in tabs]

        replies = at_once(
            lambda tabs=tabs, forms=forms: tabs[0].post(forms[0].action, data=forms[0].fields),
            lambda tabs=tabs, forms=forms: tabs[1].post(forms[1].action, data=forms[1].fields),
        )

        assert [reply.location for reply in replies] == [f"{CONTRIBUTION}/recu"] * 2
        db_session.expire_all()
        assert db_session.scalar(select(func.count()).select_from(Submission)) == turn
        assert db_session.scalar(select(func.count()).select_from(OutboxMessage)) == turn
        sent = queries.counted_submission(db_session, consultation.id, person.id)
        assert sent is not None and sent.number == 1
        pages = [client.get(f"{CONTRIBUTION}/recu").text for client in tabs]
        assert all(sent.receipt in page for page in pages)


def test_a_draft_that_changed_since_it_was_read_again_is_not_sent(
    app: Flask, db_session: Session, consultation: Consultation, emile: User, client: FlaskClient
) -> None:
    for number, answers in PERSON.items():
        answer(client, number, answers)
    form = form_of(client.get(f"{CONTRIBUTION}/relire"), "_etat")
    answer(tab(app, emile), 8, {"proposition": "Ajouté ailleurs"})

    reply = client.post(form.action, data=form.fields)

    assert reply.location == f"{CONTRIBUTION}/relire"
    assert "Vos réponses ont changé" in client.get(reply.location).text
    assert queries.counts(db_session, consultation.id) == (1, 0)
