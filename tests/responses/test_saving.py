"""Saving a section: nothing lost, nothing required, what is wrong said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from consultation.accounts.models import User
from consultation.consultations.models import Consultation
from consultation.responses import drafts, queries
from consultation.responses.draft import Draft
from tests import cast
from tests.responses.making import (
    NOW,
    answer,
    begin,
    clock,
    consulted,
    form_of,
    section,
    sent_without_a_draft,
    short,
    token_of,
)

CONTRIBUTION = "/consultations/poles/contribution"
JSON = {"Accept": "application/json"}


def draft_of(session: Session, consultation: Consultation, person: User) -> Draft:
    session.expire_all()
    found = drafts.draft(session, consultation.id, person.id)
    assert found is not None
    return found


def test_emile_is_asked_to_sign_in_before_he_begins(
    consultation: Consultation, client: FlaskClient
) -> None:
    for path in (CONTRIBUTION, section(1), f"{CONTRIBUTION}/relire"):
        assert client.get(path).location.startswith("/connexion?suite=")


def test_emile_begins_twice_and_has_one_response(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    begin(client, emile)

    assert queries.counts(db_session, consultation.id) == (1, 0)


def test_emile_who_has_not_begun_is_led_to_the_page_that_begins(
    consultation: Consultation, client: FlaskClient, db_session: Session
) -> None:
    cast.sign_in(client, cast.emile(db_session))

    assert client.get(section(1)).location == "/consultations/poles"


def test_a_section_is_saved_without_its_required_answers(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    reply = answer(client, 1, {})

    assert (reply.status_code, reply.location) == (303, section(2))
    assert draft_of(db_session, consultation, emile).revision("profil") == 1


def test_what_is_not_valid_is_kept_as_typed_and_said(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    answer(client, 1, {"acteur": "entreprise_pme"})
    reply = answer(client, 1, {"effectif": "environ 250", "siret": "12345678901234"})

    assert reply.location == section(1)
    page = client.get(reply.location).text
    assert "<title>Erreur\u00a0: " in page
    assert 'href="#f-effectif">Question\u00a06\u00a0: saisissez un nombre entier' in page
    assert 'value="environ 250"' in page
    assert 'aria-describedby="e-effectif u-effectif"' in page.replace("h-effectif ", "")
    assert "À corriger" in client.get(CONTRIBUTION).text
    answers = draft_of(db_session, consultation, emile).answers
    assert answers["effectif"] == {"typed": "environ 250"}


def test_emile_stays_when_his_answer_opens_questions_here(emile: User, client: FlaskClient) -> None:
    reply = answer(client, 2, {"connaissance": "adherent"})

    assert reply.location == f"{section(2)}#q-poles_membres"
    page = client.get(section(2)).text
    assert "Votre réponse ouvre 3\u00a0questions dans cette partie." in page
    assert answer(client, 2, {}).location == section(3)


def test_questions_that_do_not_apply_are_hidden_and_still_there(
    emile: User, client: FlaskClient
) -> None:
    page = client.get(section(2)).text

    assert '<fieldset class="q" id="q-poles_membres" hidden>' in page
    assert 'name="poles_membres" value="minalogic"' in page
    assert "besoins_territoire" not in client.get(section(7)).text


def test_a_hidden_answer_stays_in_the_draft(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    answer(client, 1, {"acteur": "entreprise_pme", "organisme": "Optique du Rhône"})
    answer(client, 1, {"acteur": "particulier"})

    assert draft_of(db_session, consultation, emile).answers["organisme"] == "Optique du Rhône"
    check = client.get(f"{CONTRIBUTION}/relire").text
    assert "Optique du Rhône" in check
    assert "Ne sera pas envoyée." in check
    assert "D’après votre réponse à la question\u00a01" in check


def test_an_answer_hidden_from_elsewhere_survives_a_save_of_its_section(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    answer(client, 1, {"acteur": "region"})
    answer(client, 7, {"besoins_territoire": ["emploi"]})
    answer(client, 1, {"acteur": "particulier"})
    answer(client, 7, {"transitions": {"carbone": "4"}})

    answers = draft_of(db_session, consultation, emile).answers
    assert answers["besoins_territoire"] == ["emploi"]
    assert answers["transitions"] == {"carbone": "4"}


@pytest.mark.parametrize(
    ("button", "place"),
    [("quitter", CONTRIBUTION), ("rester", section(4)), ("", section(5)), ("inconnu", section(5))],
)
def test_each_button_leads_where_it_says(
    emile: User, client: FlaskClient, button: str, place: str
) -> None:
    reply = answer(client, 4, {"nombre_poles": "stable"}, _apres=button)

    assert reply.location == place
    if button in ("quitter", "rester"):
        assert "Brouillon enregistré à 14\u00a0h\u00a032" in client.get(place).text


def test_emile_ranks_with_buttons_and_comes_back_to_the_same_place(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    for move in ("add:rd", "add:europe", "add:territ", "up:territ", "remove:rd", "add:marche"):
        reply = answer(client, 3, {}, **{"missions_rang.move": move})
        assert reply.location == f"{section(3)}#q-missions_rang"

    draft = draft_of(db_session, consultation, emile)
    assert draft.answers["missions_rang"] == ["territ", "europe", "marche"]


def test_a_day_later_the_date_of_the_last_save_is_written_whole(
    app: Flask, emile: User, client: FlaskClient
) -> None:
    answer(client, 4, {"nombre_poles": "stable"})
    clock(app, NOW + timedelta(days=1))

    page = client.get(section(4)).text
    assert "Brouillon enregistré le 10 février 2022 à 14\u00a0h\u00a032" in page


def test_the_script_is_told_what_to_show_and_hide(emile: User, client: FlaskClient) -> None:
    form = form_of(client.get(section(1)))
    data = form.but(acteur="entreprise_pme")
    reply = client.post(form.action, data=data, headers=JSON)

    said = reply.get_json()
    assert (said["revision"], said["hidden"]) == (1, [])
    assert said["saved"] == "Brouillon enregistré à 14\u00a0h\u00a032"
    assert said["progress"] == ["Partie 1 sur 8, 1\u00a0réponse sur 28", 1, 28]
    data |= {"_revision": "1", "acteur": "particulier"}
    said = client.post(form.action, data=data, headers=JSON).get_json()
    assert said["hidden"] == ["organisme", "siret", "mandat", "effectif", "secteur"]


def test_the_script_redraws_a_ranking_it_moved(emile: User, client: FlaskClient) -> None:
    form = form_of(client.get(section(3)))
    data = form.but(missions_rang__move="add:rd")
    said = client.post(form.action, data=data, headers=JSON).get_json()

    assert list(said["html"]) == ["missions_rang"]
    assert 'name="missions_rang" value="rd"' in said["html"]["missions_rang"]


def test_options_carried_over_are_those_chosen_before(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    options = [{"value": v, "label": {"fr": f"Axe {v}"}} for v in "abc"]
    first = {"kind": "multiple", "key": "axes", "label": {"fr": "Axes"}, "options": options}
    then = {
        "kind": "ranking",
        "key": "ordre",
        "label": {"fr": "Ordre"},
        "options_from": "axes.chosen",
        "relevant": "answered(axes)",
    }
    consulted(db_session, short(first, then))
    begin(client, cast.emile(db_session))

    form = form_of(client.get(section(1)))
    said = client.post(form.action, data=form.but(axes=["a", "c"]), headers=JSON).get_json()
    assert said["hidden"] == []
    assert "Axe a" in said["html"]["ordre"] and "Axe b" not in said["html"]["ordre"]
    page = client.get(section(1)).text
    assert 'value="add:c"' in page and 'value="add:b"' not in page


def test_the_answer_proposed_is_shown_until_the_page_is_saved(
    db_session: Session, client: FlaskClient
) -> None:
    question = {"kind": "short_text", "key": "pays", "label": {"fr": "Pays"}, "default": "France"}
    consulted(db_session, short(question))
    begin(client, cast.emile(db_session))

    assert 'value="France"' in client.get(section(1)).text
    answer(client, 1, {"pays": ""})
    assert 'value="France"' not in client.get(section(1)).text


def test_an_expired_page_gives_back_what_was_typed(emile: User, client: FlaskClient) -> None:
    form = form_of(client.get(section(8)))
    data = form.but(proposition="Une idée longue à retaper", csrf_token="expiré")
    page = client.post(form.action, data=data)

    assert page.status_code == 400
    assert "Une idée longue à retaper" in page.text
    again = form_of(page)
    assert client.post(again.action, data=again.fields).status_code == 303
    assert "Une idée longue à retaper" in client.get(section(8)).text


def test_after_the_session_is_over_emile_finds_his_words_where_he_left_them(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    form = form_of(client.get(section(8)))
    cast.sign_out(client)
    reply = client.post(form.action, data=form.but(proposition="Une idée longue à retaper"))
    assert reply.location.startswith(f"/connexion?suite={section(8)}")

    cast.sign_in(client, emile)
    page = client.get(section(8))
    assert "Voici ce que vous aviez saisi." in page.text
    assert "Une idée longue à retaper" in page.text
    assert "proposition" not in draft_of(db_session, consultation, emile).answers
    again = form_of(page)
    assert client.post(again.action, data=again.fields).status_code == 303
    assert draft_of(db_session, consultation, emile).answers["proposition"]


@pytest.mark.parametrize("number", [0, 9, 99999999999999999999])
def test_there_is_no_other_section(emile: User, client: FlaskClient, number: int) -> None:
    assert client.get(section(number)).status_code == 404


def test_nobody_sees_the_draft_of_someone_else(
    consultation: Consultation, emile: User, client: FlaskClient, app: Flask, db_session: Session
) -> None:
    answer(client, 8, {"proposition": "Une idée à moi"})
    other = app.test_client()
    begin(other, cast.nadia(db_session))

    assert "Une idée à moi" not in other.get(section(8)).text
    assert "Une idée à moi" not in other.get(f"{CONTRIBUTION}/relire").text


def test_english_words_are_marked_as_english(emile: User, client: FlaskClient) -> None:
    token = token_of(client.get(CONTRIBUTION))
    client.post("/preferences/langue", data={"csrf_token": token, "langue": "en"})
    answer(client, 1, {"acteur": "entreprise_pme", "effectif": "about 250"})

    page = client.get(section(1)).text
    assert '<h1 lang="en">Your profile</h1>' in page
    assert 'id="q-effectif" lang="en"' in page
    assert "Type a whole number, for example 250" in page
    assert '<span lang="en">Question 6: type a whole number, for example 250</span>' in page
    assert '<option value="53" lang="fr">Bretagne</option>' in page


def test_a_draft_sent_by_a_program_is_corrected_from_what_was_sent(
    consultation: Consultation, emile: User, client: FlaskClient, db_session: Session
) -> None:
    sent_without_a_draft(db_session, consultation, emile, {"nombre_poles": "plus"})

    page = client.get(section(4)).text
    assert 'value="plus" checked' in page
    answer(client, 4, {"nombre_cible": "60"})
    answers: dict[str, Any] = draft_of(db_session, consultation, emile).answers
    assert (answers["nombre_poles"], answers["nombre_cible"]) == ("plus", 60)


def test_a_text_quotes_an_answer_and_what_is_computed_from_it(
    db_session: Session, client: FlaskClient
) -> None:
    number = {"kind": "number", "key": "postes", "label": {"fr": "Postes"}}
    options = [{"value": "a", "label": {"fr": "Plus de ${postes}"}}]
    options += [{"value": "b", "label": {"fr": "Moins de ${postes}"}}]
    quoting = {
        "kind": "single",
        "key": "avis",
        "label": {"fr": "Avec ${postes} postes, soit ${double} demi-postes ?"},
        "options": options,
    }
    computed = [{"key": "double", "expression": "postes * 2"}]
    consulted(db_session, short(number, quoting, computed=computed))
    begin(client, cast.emile(db_session))

    form = form_of(client.get(section(1)))
    assert "Avec … postes, soit … demi-postes\u00a0?" in client.get(section(1)).text
    said = client.post(form.action, data=form.but(postes="1250,5"), headers=JSON).get_json()
    assert "Avec 1\u00a0250,5 postes, soit 2\u00a0501 demi-postes\u00a0?" in said["html"]["avis"]
    assert "Plus de 1\u00a0250,5" in said["html"]["avis"]
    page = client.get(f"{CONTRIBUTION}/relire").text
    assert "Avec 1\u00a0250,5 postes" in page


def test_a_question_called_code_is_no_secret(
    app: Flask, db_session: Session, client: FlaskClient
) -> None:
    consulted(
        db_session, short({"kind": "short_text", "key": "code_postal", "label": {"fr": "Code"}})
    )
    emile = cast.emile(db_session)
    begin(client, emile)
    form = form_of(client.get(section(1)))
    old = client.post(form.action, data=form.but(code_postal="35000", csrf_token="expiré"))
    assert form_of(old).fields["code_postal"] == ["35000"]

    cast.sign_out(client)
    client.post(form.action, data=form.but(code_postal="35000"))
    cast.sign_in(client, emile)
    assert 'value="35000"' in client.get(section(1)).text


def test_a_section_without_object_says_why_and_is_passed_by(
    db_session: Session, client: FlaskClient
) -> None:
    yes_no = [{"value": v, "label": {"fr": v.capitalize()}} for v in ("oui", "non")]
    asked = {"kind": "single", "key": "avez", "label": {"fr": "En avez-vous ?"}, "options": yes_no}
    then = {"kind": "short_text", "key": "lequel", "label": {"fr": "Lequel ?"}, "required": True}
    last = {"kind": "short_text", "key": "fin", "label": {"fr": "Un dernier mot ?"}}
    form = short(asked)
    form["sections"] += [
        {
            "key": "detail",
            "title": {"fr": "Détail"},
            "relevant": "avez == 'oui'",
            "questions": [then],
        },
        {"key": "fin", "title": {"fr": "Pour finir"}, "questions": [last]},
    ]
    consulted(db_session, form)
    begin(client, cast.emile(db_session))

    assert answer(client, 1, {"avez": "non"}).location == section(3)

    reason = "D’après votre réponse à la question\u00a01, cette partie ne vous concerne pas"
    tasks = client.get(CONTRIBUTION).text
    assert "Sans objet" in tasks and reason in tasks
    assert f'href="{section(2)}"' not in tasks
    assert reason in client.get(section(2)).text
    assert reason in client.get(f"{CONTRIBUTION}/relire").text
    assert answer(client, 1, {"avez": "oui"}).location == section(2)
