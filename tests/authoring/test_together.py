"""Claire and Awa write the same questionnaire at once: nothing of either is overwritten."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.consultations.models import Consultation
from consultation.questionnaires.editing import find
from tests import cast
from tests.authoring.making import (
    EDITOR,
    address,
    change,
    drafted,
    form_of,
    question,
    send,
    stored,
)
from tests.responses.making import clock, poles


@pytest.fixture
def consultation(app: Flask, db_session: Session) -> Consultation:
    clock(app)
    return poles(db_session)


@pytest.fixture
def claire(client: FlaskClient, db_session: Session, consultation: Consultation) -> FlaskClient:
    cast.sign_in(client, cast.claire(db_session, consultation.id))
    return client


@pytest.fixture
def awa(app: Flask, db_session: Session, consultation: Consultation) -> FlaskClient:
    """Awa, an organiser too."""
    person = cast._granted(db_session, cast.awa(db_session), "organiser", consultation.id)
    other = app.test_client()
    cast.sign_in(other, person)
    return other


def label(session: Session, consultation: Consultation, key: str) -> str:
    return find(drafted(session, consultation), key)[1].label["fr"]


def test_the_first_save_makes_the_draft_and_the_published_version_stays(
    db_session: Session, claire: FlaskClient, consultation: Consultation
) -> None:
    assert stored(db_session, consultation) is None
    answer = change(claire, question("acteur"), {"label": "Vous êtes"})
    assert answer.status_code == 303
    draft = stored(db_session, consultation)
    assert draft is not None
    assert (draft.number, draft.revision, draft.state) == (2, 1, "draft")
    assert label(db_session, consultation, "acteur") == "Vous êtes"
    assert consultation.version is not None and consultation.version.number == 1
    assert "titre répondez-vous" in str(consultation.version.definition["sections"][0])


def test_two_questions_changed_at_once_are_both_kept(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    hers, mine = form_of(claire.get(question("acteur"))), form_of(awa.get(question("mandat")))
    assert send(claire, hers, {"label": "Vous êtes"}).status_code == 303
    assert send(awa, mine, {"label": "Engagez-vous votre organisme"}).status_code == 303
    assert label(db_session, consultation, "acteur") == "Vous êtes"
    assert label(db_session, consultation, "mandat") == "Engagez-vous votre organisme"


def test_a_question_moved_by_one_is_still_saved_by_the_other(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(awa.get(question("mandat")))
    change(claire, question("mandat"), do="down")
    assert send(awa, form, {"label": "Engagez-vous votre organisme"}).status_code == 303
    keys = [q.key for q in drafted(db_session, consultation).sections[0].questions]
    assert keys.index("mandat") == keys.index("region") + 1
    assert label(db_session, consultation, "mandat") == "Engagez-vous votre organisme"


def test_the_same_question_shows_both_versions_field_by_field(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(awa.get(question("acteur")))
    change(claire, question("acteur"), {"label": "Vous êtes", "hint": "Une seule réponse"})

    answer = send(awa, form, {"label": "Qui êtes-vous"})

    assert answer.status_code == 409
    for words in ("Claire Morvan", "à 14\u00a0h\u00a032", "Qui êtes-vous", "Vous êtes"):
        assert words in answer.text
    assert label(db_session, consultation, "acteur") == "Vous êtes"

    choices = form_of(answer, "_choix")
    undecided = send(awa, choices)
    assert undecided.status_code == 409
    assert "choisissez une version" in undecided.text

    decided = send(
        awa, form_of(undecided, "_choix"), {"choix.label": "mine", "choix.hint": "theirs"}
    )
    assert decided.status_code == 303
    found = find(drafted(db_session, consultation), "acteur")[1]
    assert (found.label["fr"], found.hint) == ("Qui êtes-vous", {"fr": "Une seule réponse"})


def test_a_third_change_while_choosing_is_shown_again(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(awa.get(question("acteur")))
    change(claire, question("acteur"), {"label": "Vous êtes"})
    choices = form_of(send(awa, form, {"label": "Qui êtes-vous"}), "_choix")
    change(claire, question("acteur"), {"label": "Vous répondez comme"})

    again = send(awa, choices, {"choix.label": "mine"})

    assert again.status_code == 409
    assert "Vous répondez comme" in again.text
    assert label(db_session, consultation, "acteur") == "Vous répondez comme"


def test_the_kind_changed_by_one_and_the_words_by_the_other_is_one_choice(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(awa.get(question("mandat")))
    change(claire, question("mandat"), kind="multiple")
    answer = send(awa, form, {"label": "Engagez-vous votre organisme"})
    assert "Choix multiple" in answer.text and "Choix unique" in answer.text
    decided = send(awa, form_of(answer, "_choix"), {"choix._tout": "theirs"})
    assert decided.status_code == 303
    assert type(find(drafted(db_session, consultation), "mandat")[1]).__name__ == "Multiple"


def test_the_same_change_twice_is_no_conflict(
    claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(awa.get(question("acteur")))
    change(claire, question("acteur"), {"label": "Vous êtes"})
    assert send(awa, form, {"label": "Vous êtes"}).status_code == 303


def test_a_question_removed_meanwhile_gives_the_words_back(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(awa.get(question("mandat")))
    removal = form_of(claire.get(address("supprimer", "mandat")))
    assert send(claire, removal).status_code == 303
    words = "Votre réponse est-elle celle de votre organisme tout entier"
    answer = send(awa, form, {"label": words})
    assert answer.status_code == 409
    assert words in answer.text


def test_a_question_changed_meanwhile_is_not_removed(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    removal = form_of(awa.get(address("supprimer", "mandat")))
    change(claire, question("mandat"), {"label": "Engagez-vous votre organisme"})
    answer = send(awa, removal)
    assert answer.status_code == 409
    assert "Relisez-le d’abord" in answer.text
    assert label(db_session, consultation, "mandat") == "Engagez-vous votre organisme"


def test_settings_and_sections_are_watched_too(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    for path, name in ((EDITOR, "title"), (address("parties", "profil"), "title")):
        form = form_of(awa.get(path))
        change(claire, path, {name: "Le titre de Claire"})
        assert send(awa, form, {name: "Le titre de Awa"}).status_code == 409
    found = drafted(db_session, consultation)
    assert found.title["fr"] == found.sections[0].title["fr"] == "Le titre de Claire"


def test_a_page_grown_old_does_not_publish_nor_abandon(
    db_session: Session, claire: FlaskClient, awa: FlaskClient, consultation: Consultation
) -> None:
    change(claire, question("acteur"), {"label": "Vous êtes"})
    publication = form_of(awa.get(address("publier")), "_revision")
    abandon = form_of(awa.get(EDITOR), "_vu")
    change(claire, question("mandat"), {"label": "Engagez-vous votre organisme"})
    late = send(awa, publication)
    assert late.status_code == 409
    assert "a changé depuis votre lecture" in late.text
    token = {"csrf_token": abandon.fields["csrf_token"], "_revision": ["1"]}
    assert awa.post(address("abandonner"), data=token).status_code == 409
    assert stored(db_session, consultation) is not None


def test_five_saves_at_the_same_instant_are_all_there(
    app: Flask, db_session: Session, consultation: Consultation
) -> None:
    keys = ["acteur", "organisme", "mandat", "region", "effectif"]
    people = [cast.claire(db_session, consultation.id), cast.awa(db_session)]
    cast._granted(db_session, people[1], "organiser", consultation.id)
    forms = []
    for place, key in enumerate(keys):
        visitor = app.test_client()
        cast.sign_in(visitor, people[place % 2])
        forms.append((visitor, form_of(visitor.get(question(key))), key))
    db_session.commit()
    start, statuses = Barrier(len(forms)), []

    def press(visitor: FlaskClient, form, key: str) -> None:
        start.wait()
        statuses.append(send(visitor, form, {"label": f"Nouveau {key}"}).status_code)

    threads = [Thread(target=press, args=each) for each in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [303] * len(keys)
    assert [label(db_session, consultation, key) for key in keys] == [
        f"Nouveau {key}" for key in keys
    ]
