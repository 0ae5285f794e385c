"""Claire writes a questionnaire, and changes it with answers already in."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.consultations.models import Change, Consultation
from consultation.mail.models import OutboxMessage
from consultation.questionnaires.format import decode
from consultation.questionnaires.models import QuestionnaireVersion
from consultation.questionnaires.queries import forget_compiled
from consultation.responses.models import Response, ResponseSection, Submission
from consultation.results.queries import respondents
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
from tests.consultations.making import a_consultation
from tests.responses.making import NOW, answer, begin, clock, consulted, short
from tests.responses.making import form_of as response_form

CONTRIBUTION = "/consultations/poles/contribution"
PASTED = """Enquête sur les pôles
# Votre profil
1. Êtes-vous membre d’un pôle ?
- Oui
- Non
2. Quels services utilisez-vous ? (plusieurs réponses)
[ ] Veille
[ ] Financement
# La suite
3. Que faut-il améliorer ? (facultatif)
"""


@pytest.fixture(autouse=True)
def now(app: Flask) -> None:
    clock(app)
    forget_compiled()


@pytest.fixture
def fresh(db_session: Session) -> Consultation:
    """A consultation that has no questionnaire."""
    return a_consultation(db_session, state="draft", published_at=None, version_id=None)


@pytest.fixture
def claire(client: FlaskClient, db_session: Session) -> FlaskClient:
    cast.sign_in(client, cast.claire(db_session))
    return client


def workbook() -> bytes:
    """Return a small XLSForm, with a condition that is translated and a repeat that is not."""
    book = openpyxl.Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (
        ("type", "name", "label", "relevant", "required"),
        ("select_one oui_non", "membre", "Êtes-vous membre ?", "", "yes"),
        ("text", "pole", "De quel pôle ?", "${membre} = 'oui'", ""),
        ("begin repeat", "projets", "Vos projets", "", ""),
        ("integer", "montant", "Quel montant ?", "", ""),
        ("end repeat", "", "", "", ""),
    ):
        survey.append(row)
    choices = book.create_sheet("choices")
    for row in (
        ("list_name", "name", "label"),
        ("oui_non", "oui", "Oui"),
        ("oui_non", "non", "Non"),
    ):
        choices.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


# --- Starting ------------------------------------------------------------------------------------


def test_claire_starts_from_a_model_corrects_it_and_publishes_it(
    db_session: Session, claire: FlaskClient, fresh: Consultation
) -> None:
    assert claire.get(EDITOR).location.endswith("/depart")
    start = form_of(claire.get(address("depart")), "modele-starter")
    made = send(claire, start, {"modele-starter": "satisfaction"})
    assert made.location == EDITOR
    assert "Version 1, brouillon" in claire.get(EDITOR).text
    assert fresh.version_id is None

    change(claire, question("frequence"), {"label": "Utilisez-vous souvent ce service ?"})
    page = claire.get(address("publier"))
    assert "Première version" in claire.get(address("comparer")).text
    published = send(claire, form_of(page, "_revision"))
    assert published.location == EDITOR
    db_session.expire_all()
    assert fresh.version is not None
    assert (fresh.version.number, fresh.version.state) == (1, "published")
    assert "souvent" in str(fresh.version.definition)
    assert stored(db_session, fresh) is None
    assert "Version 1, publiée" in claire.get(EDITOR).text


def test_claire_writes_from_nothing(
    db_session: Session, claire: FlaskClient, fresh: Consultation
) -> None:
    start = form_of(claire.get(address("depart")), "vide-title")
    send(claire, start, {"vide-title": "Les mobilités rurales"})
    added = send(claire, form_of(claire.get(EDITOR), "_vu"), do="question")
    page = added.location
    change(
        claire,
        page,
        {
            "label": "Comment vous déplacez-vous ?",
            "key": "mode",
            "options": "À vélo\n- En train\nAutre",
        },
    )
    change(claire, question("mode"), kind="multiple")
    change(claire, question("mode"), {"max_choices": "2"}, do="sans-avis")
    settings = form_of(claire.get(f"{question('mode')}?lignes=1"))
    send(claire, settings, {"options/autre/other": "1"})

    found = drafted(db_session, fresh).sections[0].questions[0]
    assert [o.value for o in found.options] == ["a_velo", "en_train", "autre", "nsp"]  # type: ignore[union-attr]
    assert found.options[2].other and found.options[3].exclusive  # type: ignore[union-attr]
    assert found.max_choices == 2  # type: ignore[union-attr]
    preview = claire.get(question("mode")).text
    assert "Précisez votre réponse" in preview and "2 réponses au plus" in preview


def test_claire_pastes_a_text_reads_what_was_understood_and_accepts(
    db_session: Session, claire: FlaskClient, fresh: Consultation
) -> None:
    start = form_of(claire.get(address("depart")), "texte-text")
    report = send(claire, start, {"texte-text": PASTED})
    assert report.status_code == 200
    for words in ("Ce qui a été compris", "Choix multiple\u00a0: 1", "Que faut-il améliorer"):
        assert words in report.text
    assert stored(db_session, fresh) is None

    send(claire, form_of(report, "_contenu"))
    found = drafted(db_session, fresh)
    assert [len(section.questions) for section in found.sections] == [2, 1]
    assert found.title == {"fr": "Enquête sur les pôles"}


def test_claire_imports_a_workbook_and_reads_each_line_that_was_not_kept(
    db_session: Session, claire: FlaskClient, fresh: Consultation
) -> None:
    start = form_of(claire.get(address("depart")), "fichier-file")
    upload = {"fichier-file": (BytesIO(workbook()), "enquete.xlsx")}
    report = claire.post(start.action, data={**start.fields, **upload})
    assert report.status_code == 200
    assert "XLSForm" in report.text
    assert "1</b><span>condition comprise" in report.text
    assert "ligne 4" in report.text and "répétitions" in report.text

    accepted = send(claire, form_of(report, "_contenu"))
    assert accepted.location == EDITOR
    pole = drafted(db_session, fresh).sections[0].questions[1]
    assert pole.relevant == "membre == 'oui'"
    sentence = "si «\u00a0Êtes-vous membre\u00a0?\u00a0» est «\u00a0Oui\u00a0»"
    assert sentence in claire.get(question("pole")).text


def test_a_draft_is_only_replaced_after_a_yes(
    db_session: Session, claire: FlaskClient, fresh: Consultation
) -> None:
    send(claire, form_of(claire.get(address("depart")), "vide-title"), {"vide-title": "Premier"})
    start = form_of(claire.get(address("depart")), "modele-starter")
    report = send(claire, start, {"modele-starter": "satisfaction"})
    assert report.status_code == 200
    refused = send(claire, form_of(report, "_contenu"))
    assert refused.status_code == 422
    assert "Cochez la case" in refused.text
    assert drafted(db_session, fresh).title["fr"] == "Premier"
    send(claire, form_of(refused, "_contenu"), remplacer="1")
    assert drafted(db_session, fresh).code == "satisfaction"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"bonjour", "Aucune question num"),
        ("vide.xlsx", b"", "vide"),
        ("ancien.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "ancien classeur"),
        ("bombe.lss", b'<!DOCTYPE a [<!ENTITY b "c">]><document>&b;</document>', ""),
        ("image.png", b"\x89PNG\r\n", "pas reconnu"),
        ("faux.json", b'{"format": 1}', "pas un questionnaire"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(
    claire: FlaskClient, fresh: Consultation, name: str, content: bytes, sentence: str
) -> None:
    start = form_of(claire.get(address("depart")), "fichier-file")
    answer = claire.post(
        start.action, data={**start.fields, "fichier-file": (BytesIO(content), name)}
    )
    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text
    assert sentence in answer.text


@pytest.mark.one_database
def test_what_comes_back_changed_is_not_accepted(claire: FlaskClient, fresh: Consultation) -> None:
    start = form_of(claire.get(address("depart")), "texte-text")
    form = form_of(send(claire, start, {"texte-text": PASTED}), "_contenu")
    forged = form.fields["_contenu"][0][:-4] + "abcd"
    assert send(claire, form, {"_contenu": forged}).status_code == 400


# --- Changing over answers -----------------------------------------------------------------------

OPTIONS = [{"value": v, "label": {"fr": v.title()}} for v in ("oui", "non", "peut_etre")]
QUESTIONNAIRE = short(
    {"kind": "single", "key": "accord", "label": {"fr": "Êtes-vous d’accord ?"},
     "required": True, "options": OPTIONS},
    {"kind": "short_text", "key": "raison", "label": {"fr": "Pourquoi ?"}},
)  # fmt: skip


def three_answers(app: Flask, db_session: Session) -> tuple[FlaskClient, FlaskClient, FlaskClient]:
    """Émile sends « peut-être », Nadia sends « oui », Léa has begun."""
    emile, nadia, lea = (app.test_client() for _ in range(3))
    begin(emile, cast.emile(db_session))
    answer(emile, 1, {"accord": "peut_etre", "raison": "J’hésite"})
    begin(nadia, cast.nadia(db_session))
    answer(nadia, 1, {"accord": "oui", "raison": "C’est mieux"})
    for visitor in (emile, nadia):
        check = visitor.get(f"{CONTRIBUTION}/relire")
        visitor.post(f"{CONTRIBUTION}/envoyer", data=response_form(check, "_etat").fields)
    begin(lea, cast.lea(db_session))
    answer(lea, 1, {"raison": "Je réfléchis"})
    return emile, nadia, lea


def test_claire_publishes_over_three_answers(
    app: Flask, db_session: Session, claire: FlaskClient
) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    before = consultation.version_id
    emile, nadia, lea = three_answers(app, db_session)

    change(
        claire, question("accord"), {"label": "Approuvez-vous ce projet ?", "options": "Oui\nNon"}
    )
    change(claire, question("raison"), do="section")
    section = drafted(db_session, consultation).sections[1].key
    change(claire, address("parties", section), {"title": "La suite"})
    change(claire, question("raison"), do="down")
    compared = claire.get(address("comparer")).text
    for words in (
        "Changements de sens (1)",
        "option «\u00a0Peut_Etre\u00a0» supprimée",
        "2\u00a0contributions envoyées, 0\u00a0brouillon",
        "intitulé modifié",
        "déplacée",
        "Partie «\u00a0La suite\u00a0» ajoutée",
        "3\u00a0contributions existantes",
    ):
        assert words in compared, words

    page = claire.get(address("publier"))
    assert "reçoivent un courriel" in page.text
    assert send(claire, form_of(page, "_revision")).status_code == 303

    db_session.expire_all()
    assert consultation.version is not None
    assert (consultation.version.number, consultation.version_id != before) == (2, True)
    versions = set(db_session.scalars(select(Submission.version_id)))
    assert versions == {before}
    history = db_session.scalars(select(Change).where(Change.kind == "questionnaire")).one()
    assert history.sentence.startswith("Questionnaire modifié (version 2)")
    public = app.test_client().get("/consultations/poles/modalites").text
    assert "Peut_Etre\u00a0» supprimée" in public

    # Léa's draft followed its question into the new section.
    assert "Je réfléchis" in lea.get(f"{CONTRIBUTION}/2").text
    assert "Je réfléchis" not in lea.get(f"{CONTRIBUTION}/1").text

    # Émile and Nadia are asked to confirm; what they sent still counts.
    tasks = emile.get(CONTRIBUTION).text
    assert "Cette question a changé\u00a0: confirmez votre réponse" in tasks
    assert "Peut_Etre\u00a0» supprimée" in emile.get(f"{CONTRIBUTION}/1").text
    assert "confirmez votre réponse" not in lea.get(CONTRIBUTION).text

    app.extensions["queue"].run("authoring")
    app.extensions["queue"].run("authoring")
    letters = db_session.scalars(
        select(OutboxMessage).where(OutboxMessage.key.startswith("questionnaire:"))
    ).all()
    assert {letter.recipient for letter in letters} == {"emile@example.org", "nadia@example.org"}
    assert len(letters) == 2
    assert "http://localhost/consultations/poles/contribution" in letters[0].body

    # Nadia confirms by sending the same answers again; Émile has to choose another option.
    check = nadia.get(f"{CONTRIBUTION}/relire")
    assert "confirmez votre réponse" in check.text
    nadia.post(f"{CONTRIBUTION}/envoyer", data=response_form(check, "_etat").fields)
    assert "confirmez votre réponse" not in nadia.get(CONTRIBUTION).text
    sent = db_session.scalars(select(Submission.version_id).order_by(Submission.id.desc())).first()
    assert sent == consultation.version_id
    assert "choisissez une réponse de la liste" in emile.get(f"{CONTRIBUTION}/relire").text.lower()


def renamed(app: Flask, db_session: Session, claire: FlaskClient) -> tuple[FlaskClient, ...]:
    """Claire gives new words to « oui » after three answers, the last one in a draft."""
    visitors = three_answers(app, db_session)
    answer(visitors[2], 1, {"accord": "oui", "raison": "Je réfléchis"})
    clock(app, NOW + timedelta(hours=1))
    change(claire, question("accord"), {"options": "Oui, même payant\nNon\nPeut_Etre"})
    return visitors


def test_claire_says_that_new_words_change_the_meaning(
    app: Flask, db_session: Session, claire: FlaskClient
) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    emile, nadia, lea = renamed(app, db_session, claire)
    page = claire.get(address("publier"))
    assert "changent-elles le sens" in page.text
    assert "2\u00a0contributions envoyées, 1\u00a0brouillon" in page.text
    assert "reçoivent un courriel" not in page.text
    assert send(claire, form_of(page, "_revision"), sens="accord").status_code == 303

    new_words = "option «\u00a0Oui\u00a0» renommée «\u00a0Oui, même payant\u00a0»"
    public = app.test_client().get("/consultations/poles/modalites").text
    assert new_words in public and "Question 1\u00a0: le sens change" in public
    assert new_words in app.test_client().get("/consultations/poles").text
    for visitor in (emile, nadia):
        visitor.get(f"{CONTRIBUTION}/1")
        tasks = visitor.get(CONTRIBUTION).text
        assert "Cette question a changé\u00a0: confirmez votre réponse" in tasks
        assert new_words in tasks and "le sens change" not in tasks
    # The draft of Léa was saved under the former words: she only has to read them again.
    draft = lea.get(f"{CONTRIBUTION}/1").text
    assert "Cette question a changé\u00a0: relisez votre réponse" in draft and new_words in draft
    answer(lea, 1, {"accord": "non"})
    assert "relisez votre réponse" not in lea.get(f"{CONTRIBUTION}/1").text

    app.extensions["queue"].run("authoring")
    letter = db_session.scalars(
        select(OutboxMessage).where(
            OutboxMessage.key.startswith("questionnaire:"),
            OutboxMessage.recipient == "nadia@example.org",
        )
    ).one()
    assert new_words in letter.body

    # What Nadia sent counts as she sent it, until she sends again; then as she confirms it.
    assert respondents(db_session, consultation) == 2
    check = nadia.get(f"{CONTRIBUTION}/relire")
    nadia.post(f"{CONTRIBUTION}/envoyer", data=response_form(check, "_etat").fields)
    assert "confirmez votre réponse" not in nadia.get(CONTRIBUTION).text
    db_session.expire_all()
    assert respondents(db_session, consultation) == 2

    # The next version asks nobody again.
    change(claire, question("raison"), {"label": "Pour quelle raison ?"})
    send(claire, form_of(claire.get(address("publier")), "_revision"))
    assert "confirmez votre réponse" not in nadia.get(f"{CONTRIBUTION}/1").text
    assert "confirmez votre réponse" in emile.get(CONTRIBUTION).text


def test_new_words_that_say_the_same_ask_nobody(
    app: Flask, db_session: Session, claire: FlaskClient
) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    emile, _, lea = renamed(app, db_session, claire)
    page = claire.get(address("publier"))
    send(claire, form_of(page, "_revision"), sens="raison")  # whose words are the same
    db_session.expire_all()
    assert consultation.version is not None
    assert "meaning" not in str(consultation.version.definition)
    assert "a changé\u00a0:" not in emile.get(f"{CONTRIBUTION}/1").text
    assert "a changé\u00a0:" not in lea.get(f"{CONTRIBUTION}/1").text
    app.extensions["queue"].run("authoring")
    letters = select(OutboxMessage).where(OutboxMessage.key.startswith("questionnaire:"))
    assert db_session.scalars(letters).all() == []


def test_a_kind_that_changes_over_answers_makes_another_question(
    app: Flask, db_session: Session, claire: FlaskClient
) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    three_answers(app, db_session)
    moved = change(claire, question("raison"), kind="number")
    assert moved.location == question("raison_2")
    assert "nouvelle question" in claire.get(moved.location).text
    keys = [q.key for q in drafted(db_session, consultation).sections[0].questions]
    assert keys == ["accord", "raison_2"]
    compared = claire.get(address("comparer")).text
    assert "supprimée" in compared and "ajoutée" in compared


def test_a_kind_may_change_freely_before_anybody_answers(
    db_session: Session, claire: FlaskClient
) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    assert change(claire, question("raison"), kind="number").location == question("raison")
    send(claire, form_of(claire.get(address("publier")), "_revision"))
    db_session.expire_all()
    assert consultation.version is not None and consultation.version.number == 2


def test_an_import_that_would_break_answers_is_not_published(
    app: Flask, db_session: Session, claire: FlaskClient
) -> None:
    consulted(db_session, QUESTIONNAIRE)
    three_answers(app, db_session)
    text = "Autre\n1. Accord ?\n2. Pourquoi ?"
    start = form_of(claire.get(address("depart")), "texte-text")
    report = send(claire, start, {"texte-text": text})
    send(claire, form_of(report, "_contenu"))
    page = claire.get(address("publier"))
    refused = send(claire, form_of(page, "_revision"))
    assert refused.status_code == 422
    assert "donnez-lui un autre code" in refused.text
    assert db_session.scalar(select(func.count(QuestionnaireVersion.id))) == 3


def test_what_stops_publication_is_listed_with_links(
    db_session: Session, claire: FlaskClient
) -> None:
    consulted(db_session, QUESTIONNAIRE)
    form = form_of(claire.get(question("raison")))
    saved = send(claire, form, {"relevant": "accord == 'licorne'"})
    assert saved.status_code == 303
    page = claire.get(question("raison")).text
    assert "n’est pas une réponse possible" in page and "▲" in page
    assert "Question\u00a02" in claire.get(address("controles")).text
    publication = claire.get(address("publier"))
    assert "À corriger avant de publier" in publication.text
    assert 'name="_revision"' not in publication.text


def test_the_draft_can_be_abandoned(db_session: Session, claire: FlaskClient) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    change(claire, question("accord"), {"label": "Approuvez-vous ?"})
    page = claire.get(EDITOR)
    token = form_of(page, "_vu").fields["csrf_token"]
    left = claire.post(address("abandonner"), data={"csrf_token": token, "_revision": "1"})
    assert left.status_code == 303
    assert stored(db_session, consultation) is None


def test_a_closed_consultation_keeps_its_questionnaire(
    app: Flask, db_session: Session, claire: FlaskClient
) -> None:
    from tests.consultations.making import AFTER

    consultation = consulted(db_session, QUESTIONNAIRE)
    before = consultation.version_id
    change(claire, question("accord"), {"label": "Approuvez-vous ?"})
    form = form_of(claire.get(address("publier")), "_revision")
    clock(app, AFTER)
    cast.sign_in(claire, cast.claire(db_session))
    assert "ne change plus" in claire.get(address("publier")).text
    token = form_of(claire.get(EDITOR), "_vu").fields["csrf_token"]
    assert send(claire, form, {"csrf_token": token}).status_code == 409
    db_session.expire_all()
    assert consultation.version_id == before


# --- Trying --------------------------------------------------------------------------------------


def test_claire_tries_the_whole_path_and_leaves_no_answer(
    db_session: Session, claire: FlaskClient
) -> None:
    consulted(
        db_session,
        {
            **QUESTIONNAIRE,
            "sections": [
                *QUESTIONNAIRE["sections"],
                {
                    "key": "suite",
                    "title": {"fr": "La suite"},
                    "relevant": "accord == 'oui'",
                    "questions": [
                        {
                            "kind": "ranking",
                            "key": "rang",
                            "label": {"fr": "Classez"},
                            "options": OPTIONS,
                            "relevant": "answered(raison)",
                        }
                    ],
                },
            ],
        },
    )
    page = claire.get(address("essai"))
    assert (
        "S’affiche si «\u00a01. Êtes-vous d’accord\u00a0?\u00a0» est «\u00a0Oui\u00a0»" in page.text
    )
    page = send(claire, form_of(page, "_essai"), {"accord": "oui", "raison": "Parce que"})
    assert "Partie 2 sur 2" in page.text and "Classez" in page.text
    page = send(claire, form_of(page, "_essai"), {"rang.move": "add:non"})
    assert "Partie 2 sur 2" in page.text
    page = send(claire, form_of(page, "_essai"), do="partie:1")
    assert 'value="Parce que"' in page.text
    page = send(claire, form_of(page, "_essai"), {"raison": ""}, do="partie:2")
    assert "Aucune question de cette partie" in page.text
    page = send(claire, form_of(page, "_essai"), do="partie:0")
    assert "Ce que la personne enverrait" in page.text and "Oui" in page.text
    for model in (Response, ResponseSection, Submission):
        assert db_session.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.one_database
def test_claire_reads_why_an_option_is_not_offered(
    db_session: Session, claire: FlaskClient
) -> None:
    hidden = {"value": "gris", "label": {"fr": "Gris"}, "relevant": "meteo == 'non'"}
    consulted(
        db_session,
        short(
            {"kind": "single", "key": "meteo", "label": {"fr": "Beau ?"}, "options": OPTIONS},
            {
                "kind": "single",
                "key": "ton",
                "label": {"fr": "Quel ton ?"},
                "options": [*OPTIONS[:2], hidden],
            },
            {
                "kind": "ranking",
                "key": "rang",
                "label": {"fr": "Classez"},
                "options_from": "meteo.chosen",
                "options": [{"value": "rien", "label": {"fr": "Rien"}}],
            },
        ),
    )
    page = claire.get(address("essai")).text
    assert "Question\u00a02. Quel ton\u00a0?, «\u00a0Gris\u00a0»" in page
    assert "S’affiche si «\u00a01. Beau\u00a0?\u00a0» est «\u00a0Non\u00a0»" in page
    assert "reprise de la question 1, où elle n’est pas choisie" in page
    page = send(
        claire, form_of(claire.get(address("essai")), "_essai"), {"meteo": "non"}, do="rester"
    )
    assert "Gris</label>" in page.text and "«\u00a0Gris\u00a0»" not in page.text


@pytest.mark.one_database
def test_a_forged_trial_is_refused(db_session: Session, claire: FlaskClient) -> None:
    consulted(db_session, QUESTIONNAIRE)
    form = form_of(claire.get(address("essai")), "_essai")
    assert send(claire, form, {"_essai": "e30.forged"}).status_code == 400


# --- Around --------------------------------------------------------------------------------------


def test_only_organisers_write(app: Flask, db_session: Session, client: FlaskClient) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    cast.sign_in(client, cast.lea(db_session, consultation.id))
    for path in (EDITOR, question("accord"), address("publier"), address("export", "json")):
        assert client.get(path).status_code == 403
    assert client.post(question("accord"), data={"label": "x"}).status_code in (400, 403)


def test_the_files_and_the_paper_say_the_questionnaire(
    db_session: Session, claire: FlaskClient
) -> None:
    consultation = consulted(db_session, QUESTIONNAIRE)
    exported = claire.get(address("export", "json"))
    assert decode(exported.data) == decode(consultation.version.definition)  # type: ignore[union-attr]
    for name, head in (("ddi", b"<?xml"), ("xlsform", b"PK"), ("limesurvey", b"<?xml")):
        answer = claire.get(address("export", name))
        assert answer.status_code == 200 and answer.data.startswith(head)
    paper = claire.get(address("imprimer")).text
    assert "1. Êtes-vous d’accord\u00a0?" in paper and "Peut_Etre" in paper
    pdf = claire.get(address("questionnaire.pdf"))
    assert pdf.data.startswith(b"%PDF") and b"pdfuaid" in pdf.data
    assert claire.get(address("export", "docx")).status_code == 404


@pytest.mark.one_database
def test_the_schema_is_public(client: FlaskClient) -> None:
    answer = client.get("/schemas/questionnaire-1.json")
    assert answer.json is not None
    assert answer.json["$id"] == "http://localhost/schemas/questionnaire-1.json"
    assert answer.json["title"] == "consultation-questionnaire/1"
