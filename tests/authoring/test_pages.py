"""The pages of the editor, one after the other, as Claire uses them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.questionnaires.editing import find
from consultation.questionnaires.format import Questionnaire
from consultation.questionnaires.kinds.table import AnyQuestion
from consultation.territories.actions import load
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
def draft(db_session: Session, consultation: Consultation):
    """Return the draft, or a question of it, as it is now."""

    def read(key: str = "") -> Questionnaire | AnyQuestion:
        found = drafted(db_session, consultation)
        return find(found, key)[1] if key else found

    return read


# --- A question ----------------------------------------------------------------------------------


def test_the_page_says_the_condition_in_french_and_shows_its_lists(claire: FlaskClient) -> None:
    page = claire.get(question("nombre_cible")).text
    assert "Affichée <span data-typed>si «\u00a0Le nombre de pôles" in page
    assert 'value="moins" checked' in page and 'value="stable">' in page


def test_claire_builds_a_condition_step_by_step(claire: FlaskClient, draft) -> None:
    asked = change(claire, question("label_utilite"), do="questions")
    assert asked.location.endswith("questions=1#x-relevant-n")
    form = form_of(claire.get(asked.location.partition("#")[0]))
    added = send(claire, form, {"relevant.nouvelle": "mandat"}, do="condition")
    assert added.status_code == 303
    assert draft("label_utilite").relevant == "answered(mandat)"
    page = claire.get(question("label_utilite"))
    values = {"relevant.0.op": "==", "relevant.0.valeur": ["officiel"]}
    send(claire, form_of(page), values)
    assert draft("label_utilite").relevant == "mandat == 'officiel'"
    form = form_of(claire.get(f"{question('label_utilite')}?questions=1"))
    send(claire, form, {"relevant.nouvelle": "satisfaction.rd"})
    form = form_of(claire.get(f"{question('label_utilite')}?questions=1"))
    send(claire, form, {"relevant.joint": "or"})
    assert draft("label_utilite").relevant == "mandat == 'officiel' or answered(satisfaction.rd)"


def test_a_condition_with_many_values_is_not_shortened_by_a_save(
    claire: FlaskClient, draft
) -> None:
    before = "acteur in ['entreprise_micro', 'entreprise_pme', 'entreprise_eti', 'entreprise_ge']"
    change(claire, question("effectif"), {"label": "Votre effectif"})
    form = form_of(claire.get(f"{question('effectif')}?questions=1"))
    assert len(form.fields["relevant.0.valeur"]) == 4
    send(claire, form, {"label": "Vos salariés"})
    assert draft("effectif").relevant.replace(",'", ", '") == before


def test_an_expression_that_cannot_be_read_comes_back_with_its_place(
    db_session: Session, claire: FlaskClient, consultation: Consultation
) -> None:
    wrong = change(claire, question("mandat"), {"relevant": "acteur = 'region'", "label": "Mandat"})
    assert wrong.status_code == 422
    assert "<title>Erreur" in wrong.text
    assert "Caractère 8\u00a0: «\u00a0=\u00a0» ne se lit pas ici" in wrong.text
    assert "acteur = &#39;region&#39;\n       ▲" in wrong.text
    assert "Mandat</textarea>" in wrong.text and "acteur = &#39;region&#39;" in wrong.text
    assert stored(db_session, consultation) is None


def test_the_condition_of_an_option_comes_back_with_its_place(claire: FlaskClient, draft) -> None:
    path = f"{question('nombre_poles')}?lignes=1"
    page = claire.get(path)
    field = "options/stable/relevant"
    wrong = send(claire, form_of(page), {field: "acteur = 'region'", "options/plus/other": "1"})
    assert wrong.status_code == 422
    assert "acteur = &#39;region&#39;\n       ▲" in wrong.text
    fields = form_of(wrong).fields
    assert (fields[field], fields["options/plus/other"]) == (["acteur = 'region'"], ["1"])

    send(claire, form_of(page), {field: "acteurs == 'region'"})
    assert [option.relevant for option in draft("nombre_poles").options][1] is not None
    shown = claire.get(question("nombre_poles")).text
    assert "la question «\u00a0acteurs\u00a0» n’existe pas" in shown and "\n▲" in shown
    assert "Question\u00a017" in claire.get(address("controles")).text


def test_a_constraint_that_cannot_be_read_is_pointed_at(claire: FlaskClient) -> None:
    form = form_of(claire.get(f"{question('part_privee')}?autres=1&contrainte=1"))
    wrong = send(claire, form, {"constraints.0.expression": "part_etat +"})
    assert wrong.status_code == 422
    assert "part_etat +\n           ▲" in wrong.text


def test_a_key_that_nobody_answered_to_changes_everywhere(claire: FlaskClient, draft) -> None:
    copy = change(claire, question("nombre_poles"), do="duplicate").location
    new = {"key": "evolution", "label": "Le nombre de pôles doit-il changer ?"}
    assert change(claire, copy, new).location == question("evolution")
    change(claire, question("nombre_cible"), {"relevant": "evolution in ['moins','plus']"})
    moved = change(claire, question("evolution"), {"key": "avenir_nombre"})
    assert moved.location == question("avenir_nombre")
    assert draft("nombre_cible").relevant == "avenir_nombre in ['moins', 'plus']"


def test_a_published_key_is_frozen(claire: FlaskClient, draft) -> None:
    assert "Figé depuis la version 1" in claire.get(question("acteur")).text
    change(claire, question("acteur"), {"key": "autre", "label": "Vous êtes"})
    assert draft("acteur").label["fr"] == "Vous êtes"


def test_claire_translates_a_question(claire: FlaskClient, draft) -> None:
    english = change(claire, question("region"), do="langue:en").location
    page = claire.get(english).text
    assert "Dans quelle région êtes-vous" in page and "In which region" in page
    change(claire, english, {"label": "Your region"})
    assert draft("region").label == {
        "fr": "Dans quelle région êtes-vous principalement implanté\u00a0?",
        "en": "Your region",
    }


def test_a_question_moves_up_to_the_section_before(claire: FlaskClient, draft) -> None:
    change(claire, question("connaissance"), do="up")
    assert find(draft(), "connaissance")[0].key == "profil"
    change(claire, question("connaissance"), do="down")
    assert find(draft(), "connaissance")[0].key == "relation"


def test_removing_a_question_says_what_depends_on_it(claire: FlaskClient, draft) -> None:
    page = claire.get(address("supprimer", "nombre_poles"))
    assert "Question\u00a018\u00a0: sa condition en dépend" in page.text
    send(claire, form_of(page))
    assert "nombre_poles" not in [q.key for s in draft().sections for q in s.questions]
    assert "n’existe pas" in claire.get(address("controles")).text


def test_an_unknown_part_is_a_404(claire: FlaskClient) -> None:
    unknown = ("questions/x", "parties/x", "listes/liste/x", "listes/x/actors", "supprimer/x")
    for path in unknown:
        assert claire.get(address(path)).status_code == 404, path


# --- Sections, settings, lists -------------------------------------------------------------------


def test_a_section_gets_a_condition_and_moves(claire: FlaskClient, draft) -> None:
    path = address("parties", "besoins")
    change(claire, path, {"title": "Vos besoins", "relevant": "acteur != 'particulier'"})
    change(claire, path, do="up")
    section = draft().sections[5]
    assert (section.key, section.relevant) == ("besoins", "acteur != 'particulier'")
    assert section.title == {"fr": "Vos besoins", "en": "Transitions and user needs"}
    added = change(claire, path, do="question").location
    assert draft().sections[5].questions[-1].key == added.rpartition("/")[2]


def test_a_section_is_duplicated_with_its_questions(claire: FlaskClient, draft) -> None:
    copied = change(claire, address("parties", "financement"), do="duplicate")
    assert copied.location == address("parties", "financement_2")
    assert "Partie dupliquée" in claire.get(copied.location).text
    assert len(draft().sections) == 9
    assert draft("cotisation_2").sensitive


def test_a_section_is_removed_with_its_questions(claire: FlaskClient, draft) -> None:
    page = claire.get(address("supprimer", "missions"))
    assert "5\u00a0questions disparaissent" in page.text
    send(claire, form_of(page))
    assert [s.key for s in draft().sections][:3] == ["profil", "relation", "modele"]


def test_settings_are_checked_one_by_one(claire: FlaskClient, draft) -> None:
    wrong = change(
        claire,
        EDITOR,
        {
            "title": "",
            "languages": "français",
            "estimated_minutes": "0",
            "breakdowns": "licorne",
            "organisation": "999",
            "individual": "acteur ==",
        },
    )
    assert wrong.status_code == 422
    for sentence in (
        "Remplissez ce champ",
        "codes de langue",
        "compris entre 1 et 600",
        "pas de question «\u00a0licorne\u00a0»",
        "numéro ou le code d’une question",
        "Caractère 10",
    ):
        assert sentence in wrong.text, sentence


def test_a_computed_value_that_names_nothing_is_pointed_at(claire: FlaskClient) -> None:
    values = {"computed.0.key": "double", "computed.0.expression": "2 * effectifs"}
    assert change(claire, EDITOR, values).status_code == 303
    page = claire.get(EDITOR).text
    assert "la question «\u00a0effectifs\u00a0» n’existe pas" in page
    assert "2 * effectifs\n    ▲" in page
    assert "Valeur «\u00a0double\u00a0»" in claire.get(address("controles")).text

    wrong = change(claire, EDITOR, {"individual": "acteur ="})
    assert wrong.status_code == 422
    assert "acteur =\n       ▲" in wrong.text


def test_settings_take_numbers_for_questions_and_computed_values(
    claire: FlaskClient, draft
) -> None:
    changes = {
        "title": "Les pôles",
        "breakdowns": "1, region",
        "organisation": "3",
        "estimated_minutes": "",
        "computed.0.key": "total_parts",
        "computed.0.expression": "part_etat + part_regions + part_privee",
    }
    assert change(claire, EDITOR, changes).status_code == 303
    found = draft()
    assert found.title["fr"] == "Les pôles"
    assert (found.breakdowns, found.organisation) == (["acteur", "region"], "siret")
    assert (found.estimated_minutes, found.computed[0].key) == (None, "total_parts")
    assert "la somme" in claire.get(EDITOR).text or "+" in claire.get(EDITOR).text


def test_a_common_scale_is_edited_on_its_page(claire: FlaskClient, draft) -> None:
    path = address("listes", "echelle", "agreement5")
    page = claire.get(path)
    assert "Utilisée par" in page.text and "Tout à fait d’accord" in page.text
    lines = form_of(page).fields["options"][0]
    change(claire, path, {"options": lines.replace("Tout à fait d’accord", "Entièrement d’accord")})
    assert [p.value for p in draft().scales["agreement5"]] == ["1", "2", "3", "4", "5", "nsp"]
    assert draft().scales["agreement5"][4].label["fr"] == "Entièrement d’accord"
    assert claire.get(f"{path}/supprimer").status_code == 409


def test_an_official_list_is_added_used_and_removed(
    db_session: Session, claire: FlaskClient, draft
) -> None:
    load(db_session)
    db_session.commit()
    form = form_of(claire.get(EDITOR), "sort")
    assert send(claire, form, name="Régions !").status_code == 422
    made = send(claire, form, name="regions_officielles", sort="regions")
    assert made.status_code == 303
    assert len(draft().lists["regions_officielles"]) == 18
    removal = form_of(claire.get(f"{made.location}/supprimer"))
    assert send(claire, removal).status_code == 303
    assert "regions_officielles" not in draft().lists


# --- Around --------------------------------------------------------------------------------------


def test_every_save_is_in_the_journal(
    db_session: Session, claire: FlaskClient, consultation: Consultation
) -> None:
    change(claire, question("acteur"), {"label": "Vous êtes"})
    change(claire, question("acteur"), {"label": "Vous êtes"})
    events = db_session.scalars(
        select(AuditEvent).where(AuditEvent.verb == "edit_questionnaire")
    ).all()
    [event] = events
    assert event.consultation_id == consultation.id
    assert event.details == {"revision": 1, "part": "cette question"}


def test_another_consultation_with_the_same_version_is_left_alone(
    app: Flask, db_session: Session, claire: FlaskClient, consultation: Consultation
) -> None:
    from tests.consultations.making import a_consultation

    other = a_consultation(db_session, slug="autre", version_id=consultation.version_id)
    change(claire, question("acteur"), {"label": "Vous êtes"})
    assert stored(db_session, other) is None
    assert claire.get(EDITOR.replace("poles", "autre")).status_code == 403


def test_the_words_wait_while_claire_signs_in_again(
    db_session: Session, claire: FlaskClient, consultation: Consultation
) -> None:
    form = form_of(claire.get(question("acteur")))
    cast.sign_out(claire)
    answer = send(claire, form, {"label": "Un intitulé qu’elle a mis du temps à écrire"})
    assert answer.status_code == 302
    cast.sign_in(claire, cast.claire(db_session, consultation.id))
    assert "mis du temps" in claire.get("/reprise").text
