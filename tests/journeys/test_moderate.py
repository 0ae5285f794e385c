"""Léa and Mehdi moderate, Émile contests, readers report."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.accounts.models import User
from consultation.audit.models import AuditEvent
from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from consultation.moderation.models import Appeal, Claim, Decision, Report
from tests import cast
from tests.comments.making import a_comment
from tests.consultations.making import DURING, a_consultation
from tests.journeys.test_consult import COMMENTS, HOME, crawl, signed_in
from tests.journeys.visitors import Clock, letters, press

QUEUE = "/espace/poles/moderation"


@pytest.fixture
def clock(app: Flask) -> Clock:
    return Clock(app, DURING + timedelta(hours=2))


@pytest.fixture
def poles(clock: Clock, db_session: Session) -> Consultation:
    return a_consultation(db_session)


@pytest.fixture
def lea(app: Flask, db_session: Session, poles: Consultation) -> FlaskClient:
    return signed_in(app, cast.lea(db_session, poles.id))


def mehdi_of(session: Session, poles: Consultation) -> User:
    mehdi = cast._person(session, "mehdi@example.org", "Mehdi Amrani", "association", "11")
    return cast._granted(session, mehdi, "moderator", poles.id)


@pytest.fixture
def mehdi(app: Flask, db_session: Session, poles: Consultation) -> FlaskClient:
    return signed_in(app, mehdi_of(db_session, poles))


def decide(
    client: FlaskClient, comment: Comment, verdict: str, *grounds: str, **fields
) -> TestResponse:
    typed = {"verdict": verdict, "grounds": list(grounds), "revision": comment.revision} | fields
    return press(client, QUEUE, f"{QUEUE}/{comment.id}/decider", **typed)


def again(session: Session, comment: Comment) -> Comment:
    session.expire_all()
    return session.get_one(Comment, comment.id)


REFUSAL = {"message": "Attaque un agent nommément."}


def test_only_moderators_see_the_queue_and_they_see_nothing_else(
    app: Flask, lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    assert client.get(QUEUE).location == f"/connexion?suite={QUEUE}"
    claire = signed_in(app, cast.claire(db_session, poles.id))
    for stranger in (signed_in(app, cast.emile(db_session)), claire):
        assert stranger.get(QUEUE).status_code == 403
    a_consultation(db_session, slug="autre")
    assert lea.get(QUEUE).status_code == 200
    for path in ("/espace/autre/moderation", "/espace/poles", "/espace/poles/reglages"):
        assert lea.get(path).status_code == 403
    assert 'href="/espace/poles/moderation"' in lea.get("/espace").text
    assert 'href="/espace/poles/reglages"' not in lea.get("/espace").text


def test_an_empty_queue_says_so(lea: FlaskClient, db_session: Session, poles: Consultation) -> None:
    assert "Tout est traité.<" in lea.get(QUEUE).text
    a_comment(db_session, poles, None)
    page = lea.get(QUEUE).text
    assert "Le dernier commentaire date du 10 février 2022 à 11\u00a0h\u00a000." in page


def test_lea_publishes_and_goes_on_to_the_next(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    emile = cast.emile(db_session)
    first = a_comment(db_session, poles, emile, "Un seul guichet.", state="pending")
    second = a_comment(db_session, poles, None, "Un délai garanti.", state="pending")
    page = lea.get(QUEUE).text
    assert "Un seul guichet." in page
    assert "Premier commentaire" in page
    answer = decide(lea, first, "publish")
    assert answer.location == f"{QUEUE}?examiner={second.id}"
    assert again(db_session, first).state == "published"
    assert "Un seul guichet." in client.get(HOME).text
    decision = db_session.scalars(select(Decision)).one()
    assert (decision.outcome, decision.waited_seconds) == ("published", 7200)
    event = db_session.scalars(select(AuditEvent).where(AuditEvent.verb == "moderate")).one()
    assert event.details["outcome"] == "published"
    assert "est publié" in letters(db_session, emile.email)[0].subject
    assert "Vous examinez ce commentaire" in lea.get(answer.location).text


def test_a_refusal_gives_the_five_elements_and_leaves_a_placeholder(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    emile = cast.emile(db_session)
    comment = a_comment(db_session, poles, emile, "M. Duval est un incapable.", state="pending")
    assert decide(lea, comment, "refuse", "insult", "personal_data", **REFUSAL).status_code == 303
    letter = letters(db_session, emile.email)[0].body
    for element in (
        "1. La décision\nVotre commentaire est refusé",
        "2. Les faits",
        "> M. Duval est un incapable.",
        "Attaque un agent nommément.",
        "3. Comment la décision a été prise\nElle a été prise par une personne",
        "4. Le motif",
        "- Propos blessants ou injurieux\n- Personne nommée ou identifiable",
        "5. Vos recours",
        "jusqu’au 10 août 2022",
        f"http://localhost/commentaires/{comment.id}",
    ):
        assert element in letter
    page = client.get(HOME).text
    assert "Duval" not in page
    assert "refusé le 10 février 2022. Motif\u00a0: propos blessants ou injurieux." in page


@pytest.mark.parametrize(
    ("verdict", "grounds", "fields", "sentence"),
    [
        ("refuse", (), REFUSAL, "Choisissez au moins un motif"),
        ("refuse", ("insult",), {"message": " "}, "Expliquez le refus"),
        ("return", (), REFUSAL, "Choisissez au moins un motif"),
        ("return", ("moche",), {}, "liste"),
        ("", ("insult",), {}, "Choisissez une décision"),
        ("bannir", ("insult",), {}, "Choisissez une proposition de la liste"),
        ("publish", (), {"revision": "dix"}, "Rechargez la page"),
        ("refuse", ("insult",), {"message": "a" * 2001}, "Limitez-vous à 2"),
    ],
)
def test_a_decision_without_its_reasons_is_not_taken(
    lea: FlaskClient, db_session: Session, poles: Consultation, verdict, grounds, fields, sentence
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending")
    answer = decide(lea, comment, verdict, *grounds, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert again(db_session, comment).state == "pending"
    assert db_session.scalar(select(func.count(Decision.id))) == 0


def test_emile_corrects_what_lea_asked_and_sends_it_again(
    app: Flask, lea: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    author = cast.emile(db_session)
    comment = a_comment(db_session, poles, author, "Des incapables.", state="pending")
    decide(lea, comment, "return", "insult", message="Retirez ce mot.")
    emile = signed_in(app, author)
    page = f"/commentaires/{comment.id}"
    shown = emile.get(page).text
    assert "À modifier" in shown and "Retirez ce mot." in shown and "Des incapables." in shown
    revision = str(again(db_session, comment).revision)
    clock.forward(minutes=5)
    sent = press(emile, page, page, text="Un délai trop long.", revision=revision)
    assert sent.status_code == 303
    assert again(db_session, comment).state == "pending"
    assert "Un délai trop long." in lea.get(QUEUE).text
    stale = press(emile, page, page, text="Encore.", revision=revision)
    assert stale.status_code == 422
    assert "ne peut pas être modifié" in stale.text


def test_two_moderators_decide_and_the_second_sees_the_first(
    lea: FlaskClient, mehdi: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending")
    other = a_comment(db_session, poles, cast.nadia(db_session), state="pending")
    read = comment.revision
    decide(lea, comment, "publish")
    clock.forward(minutes=3)
    late = press(
        mehdi,
        QUEUE,
        f"{QUEUE}/{comment.id}/decider",
        verdict="refuse",
        grounds="insult",
        revision=read,
        **REFUSAL,
    )
    assert late.status_code == 409
    assert "Léa Martin" in late.text
    assert "il y a 3\u00a0min" in late.text
    assert "<strong>publié</strong>" in late.text
    assert again(db_session, comment).state == "published"
    assert db_session.scalar(select(func.count(Decision.id))) == 1
    assert again(db_session, other).state == "pending"


def test_a_text_changed_meanwhile_is_not_decided_unread(
    lea: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending", revision=4)
    late = press(lea, QUEUE, f"{QUEUE}/{comment.id}/decider", verdict="publish", revision="3")
    assert late.status_code == 409
    assert again(db_session, comment).state == "pending"


def test_a_colleague_sees_who_examines_until_it_expires(
    lea: FlaskClient, mehdi: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending")
    examine = f"{QUEUE}/{comment.id}/examiner"
    assert press(lea, QUEUE, examine).status_code == 303
    clock.forward(minutes=2)
    seen = mehdi.get(QUEUE).text
    assert "Examiné par <strong data-typed>Léa Martin</strong> depuis 2\u00a0min" in seen
    assert "Votre décision" not in seen
    press(mehdi, QUEUE, examine)
    assert db_session.scalars(select(Claim.moderator_id)).one() == cast.lea(db_session).id
    press(mehdi, QUEUE, examine, reprendre="1")
    assert "Examiné par <strong data-typed>Mehdi" in lea.get(QUEUE).text
    clock.forward(minutes=11)
    assert "Votre décision" in lea.get(QUEUE).text
    press(lea, QUEUE, examine)
    skipped = press(lea, QUEUE, f"{QUEUE}/{comment.id}/passer")
    assert skipped.status_code == 303
    assert db_session.scalar(select(func.count(Claim.comment_id))) == 0


def test_the_script_learns_whether_it_examines(
    lea: FlaskClient, mehdi: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending")
    statuses = []
    for client in (lea, mehdi):
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(QUEUE).text)[1]
        answer = client.post(
            f"{QUEUE}/{comment.id}/examiner",
            data={"csrf_token": token},
            headers={"Accept": "application/json"},
        )
        statuses.append(answer.status_code)
    assert statuses == [204, 409]


def test_reading_the_queue_claims_nothing(
    lea: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending")
    lea.get(f"{QUEUE}?examiner={comment.id}")
    assert db_session.scalar(select(func.count(Claim.comment_id))) == 0


def test_a_second_opinion_keeps_the_comment_in_the_queue(
    lea: FlaskClient, mehdi: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.emile(db_session), state="pending")
    decide(lea, comment, "second_opinion", message="Limite, qu’en dis-tu ?")
    page = mehdi.get(QUEUE).text
    assert "Second avis demandé" in page
    assert "Limite, qu’en dis-tu" in page
    decide(mehdi, comment, "publish")
    assert again(db_session, comment).state == "published"


def test_lea_does_not_judge_her_own_words(
    lea: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.lea(db_session), state="pending")
    assert "un collègue décide" in lea.get(QUEUE).text
    answer = decide(lea, comment, "publish")
    assert answer.status_code == 403
    assert "Laissez-le à un collègue" in answer.text
    assert again(db_session, comment).state == "pending"


# --- reports -------------------------------------------------------------------------------------

GOOD = {"reason": "insult", "text": "Attaque un agent.", "good_faith": "y"}
SIGNED = {**GOOD, "name": "Rose Marin", "email": "rose@secret.example"}


def test_a_report_is_acknowledged_counted_once_and_answered(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation, app: Flask
) -> None:
    comment = a_comment(db_session, poles, cast.nadia(db_session), "Un agent nul.")
    page = f"/commentaires/{comment.id}/signaler"
    assert press(client, page, page, **SIGNED).location.endswith("/signale")
    twice = press(client, page, page, **(SIGNED | {"email": "ROSE@secret.example"}))
    assert "Vous avez déjà signalé" in client.get(twice.location).text
    emile = signed_in(app, cast.emile(db_session))
    assert press(emile, page, page, **GOOD).status_code == 303
    assert db_session.scalar(select(func.count(Report.id))) == 2
    queue = lea.get(QUEUE).text
    assert "2\u00a0signalements" in queue
    assert "Attaque un agent." in queue
    assert "Rose" not in queue and "secret.example" not in queue
    decide(lea, comment, "refuse", "insult", **REFUSAL)
    assert again(db_session, comment).state == "removed"
    subjects = [letter.subject for letter in letters(db_session, "rose@secret.example")]
    assert [subject.split()[-1] for subject in subjects] == ["reçu", "décision"]
    assert "n’est plus publié" in letters(db_session, "rose@secret.example")[1].body
    assert len(letters(db_session, cast.emile(db_session).email)) == 2
    assert "à la suite d’un signalement" in letters(db_session, "nadia@example.org")[0].body
    assert "Tout est traité." in lea.get(QUEUE).text


def test_a_comment_kept_after_a_report_stays_and_the_reader_is_told(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.nadia(db_session))
    page = f"/commentaires/{comment.id}/signaler"
    press(client, page, page, **SIGNED)
    decide(lea, comment, "publish")
    assert again(db_session, comment).state == "published"
    assert "il reste publié" in letters(db_session, "rose@secret.example")[1].body
    assert letters(db_session, "nadia@example.org") == []
    assert decide(lea, comment, "publish").status_code == 409


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "Choisissez un motif"),
        ({"reason": "jaloux"}, "Choisissez une proposition de la liste"),
        ({"good_faith": ""}, "Cochez cette case"),
        ({"name": ""}, "Saisissez votre nom"),
        ({"email": ""}, "Saisissez une adresse complète"),
        ({"name": "", "minors": "y"}, "Saisissez votre nom"),
        ({"text": "a" * 2001}, "Limitez-vous à 2"),
    ],
)
def test_an_incomplete_report_is_explained(
    client: FlaskClient, db_session: Session, poles: Consultation, fields, sentence
) -> None:
    comment = a_comment(db_session, poles, cast.nadia(db_session))
    page = f"/commentaires/{comment.id}/signaler"
    typed = {name: value for name, value in (SIGNED | fields).items() if value}
    answer = press(client, page, page, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db_session.scalar(select(func.count(Report.id))) == 0


def test_abuse_of_minors_is_reported_without_a_name(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, cast.nadia(db_session))
    page = f"/commentaires/{comment.id}/signaler"
    fields = {"reason": "illegal", "minors": "y", "good_faith": "y"}
    assert press(client, page, page, **fields).status_code == 303
    assert "violences sexuelles sur mineur" in lea.get(QUEUE).text


def test_what_is_not_published_cannot_be_reported(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, None, state="pending")
    assert client.get(f"/commentaires/{comment.id}/signaler").status_code == 404


# --- appeals -------------------------------------------------------------------------------------


def refused(
    session: Session, poles: Consultation, lea: FlaskClient, author: User | None
) -> Comment:
    comment = a_comment(session, poles, author, "Un avis tranché.", state="pending")
    decide(lea, comment, "refuse", "insult", **REFUSAL)
    return again(session, comment)


def test_another_moderator_judges_the_appeal(
    app: Flask,
    lea: FlaskClient,
    mehdi: FlaskClient,
    client: FlaskClient,
    db_session: Session,
    poles: Consultation,
) -> None:
    author = cast.emile(db_session)
    comment = refused(db_session, poles, lea, author)
    emile = signed_in(app, author)
    page = f"/commentaires/{comment.id}/contester"
    assert "jusqu’au 10 août 2022" in emile.get(f"/commentaires/{comment.id}").text
    assert press(emile, page, page, text="Aucune insulte.").status_code == 303
    assert "un autre modérateur l’examine" in emile.get(f"/commentaires/{comment.id}").text
    assert press(emile, page, page, text="J’insiste.").status_code == 422

    assert "un autre modérateur répond" in lea.get(QUEUE).text
    appeal = db_session.scalars(select(Appeal)).one()
    path = f"{QUEUE}/recours/{appeal.id}"
    own = press(lea, QUEUE, path, upheld="yes")
    assert own.status_code == 403
    assert db_session.scalars(select(Appeal.state)).one() == "open"

    assert "Aucune insulte." in mehdi.get(QUEUE).text
    assert press(mehdi, QUEUE, path, upheld="yes").status_code == 303
    assert again(db_session, comment).state == "published"
    assert "Un avis tranché." in client.get(HOME).text
    assert "Votre recours est accepté" in letters(db_session, author.email)[1].body
    assert press(mehdi, QUEUE, path, upheld="no", answer="Non.").status_code == 409


def test_a_rejected_appeal_is_explained(
    app: Flask, lea: FlaskClient, mehdi: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    author = cast.emile(db_session)
    comment = refused(db_session, poles, lea, author)
    page = f"/commentaires/{comment.id}/contester"
    press(signed_in(app, author), page, page, text="Aucune insulte.")
    path = f"{QUEUE}/recours/{db_session.scalars(select(Appeal.id)).one()}"
    assert "Expliquez à l’auteur" in press(mehdi, QUEUE, path, upheld="no").text
    assert press(mehdi, QUEUE, path, upheld="no", answer="Un terme blesse.").status_code == 303
    assert again(db_session, comment).state == "refused"
    shown = signed_in(app, author).get(f"/commentaires/{comment.id}").text
    assert "Recours rejeté" in shown and "Un terme blesse." in shown


def test_the_door_closes_after_six_months(
    app: Flask, lea: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    author = cast.emile(db_session)
    comment = refused(db_session, poles, lea, author)
    clock.forward(days=190)
    emile = signed_in(app, author)
    assert "Le délai pour contester est passé" in emile.get(f"/commentaires/{comment.id}").text
    page = f"/commentaires/{comment.id}/contester"
    assert "six mois" in press(emile, page, page, text="Je conteste.").text
    assert db_session.scalar(select(func.count(Appeal.id))) == 0


def test_a_visitor_contests_with_the_link_of_the_letter(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = refused(db_session, poles, lea, None)
    letter = letters(db_session, "paul@secret.example")[0].body
    link = urlsplit(re.search(r"http\S+\?jeton=\S+", letter)[0])
    own = f"{link.path}?{link.query}"
    assert "Attaque un agent nommément." in client.get(own).text
    contest = f"{link.path}/contester?{link.query}"
    assert contest in client.get(own).text
    assert press(client, contest, contest, text="Aucune insulte.").status_code == 303
    assert client.get(f"/commentaires/{comment.id}/contester").status_code == 404


def test_nobody_contests_for_somebody_else(
    app: Flask, lea: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = refused(db_session, poles, lea, cast.emile(db_session))
    nadia = signed_in(app, cast.nadia(db_session))
    assert nadia.get(f"/commentaires/{comment.id}").status_code == 404
    assert nadia.get(f"/commentaires/{comment.id}/contester").status_code == 404


# --- the public register -------------------------------------------------------------------------


def test_everybody_reads_the_charter_and_the_counts(
    lea: FlaskClient, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    page = f"{HOME}/moderation"
    assert "Aucune décision pour le moment." in client.get(page).text
    for author, verdict in ((None, "publish"), (cast.nadia(db_session), "refuse")):
        comment = a_comment(db_session, poles, author, state="pending")
        decide(lea, comment, verdict, "advertising", **REFUSAL)
    shown = client.get(page).text
    assert "Délai médian</dt><dd>2\u00a0h\u00a000" in shown
    assert re.search(r"Publicité ou lien commercial</th><td class=\"num\">1<", shown)
    assert "Léa" not in shown and "Nadia" not in shown


def test_the_queue_costs_as_much_with_many_comments(
    lea: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    for number in range(30):
        a_comment(db_session, poles, None, f"Avis {number}", state="pending")
    page = lea.get(QUEUE).text
    assert "<strong>30</strong>" in page
    assert "Voir les suivants" in page
    assert len(crawl(lea, [f"{QUEUE}?debut=20"])) > 10
    assert "Avis 29" in lea.get(f"{QUEUE}?debut=20").text


@pytest.mark.parametrize(
    "query", ["examiner=abc", "examiner=999999", "debut=-1", "debut=x", "file=x"]
)
def test_a_strange_queue_is_answered(
    lea: FlaskClient, db_session: Session, poles: Consultation, query
) -> None:
    a_comment(db_session, poles, None, state="pending")
    assert lea.get(f"{QUEUE}?{query}").status_code == 200


def test_a_moderator_of_one_consultation_decides_nothing_in_another(
    lea: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    other = a_consultation(db_session, slug="autre")
    comment = a_comment(db_session, other, None, state="pending")
    for action in ("decider", "examiner"):
        path = f"{QUEUE}/{comment.id}/{action}"
        answer = press(lea, QUEUE, path, verdict="publish", revision="1")
        assert answer.status_code == 404
    assert again(db_session, comment).state == "pending"
    assert COMMENTS
