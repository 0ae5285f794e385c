"""People read a consultation and discuss it: Émile with an account, Paul without one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from consultation.comments.actions import forget_unconfirmed
from consultation.comments.models import Comment
from consultation.consultations.models import Consultation
from tests import cast
from tests.comments.making import a_comment
from tests.consultations.making import AFTER, DURING, a_consultation
from tests.house.statements import counted_statements
from tests.journeys.visitors import Clock, letters

HOME = "/consultations/poles"
COMMENTS = f"{HOME}/commentaires"
OURS = ("/consultations", "/commentaires", "/espace")
"""Where the pages of these rooms are."""


@pytest.fixture
def clock(app: Flask) -> Clock:
    return Clock(app, DURING)


@pytest.fixture
def poles(clock: Clock, db_session: Session) -> Consultation:
    return a_consultation(db_session)


@pytest.fixture
def emile(app: Flask, db_session: Session, poles: Consultation) -> FlaskClient:
    return signed_in(app, cast.emile(db_session))


def signed_in(app: Flask, user) -> FlaskClient:
    client = app.test_client()
    cast.sign_in(client, user)
    return client


def write(
    client: FlaskClient, text: str, page: str = HOME, clock: Clock | None = None, **fields
) -> TestResponse:
    """Fill the form of ``page`` as a browser does, ten seconds after it was shown."""
    shown = html.document_fromstring(client.get(page).text)
    form = shown.xpath("//form[@id='ecrire']")[0]
    hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    if clock:
        clock.forward(seconds=10)
    return client.post(form.get("action"), data={**hidden, "text": text, **fields})


def only(session: Session) -> Comment:
    session.expire_all()
    return session.scalars(select(Comment)).one()


VISITOR = {"name": "Paul Visiteur", "email": "Paul@Secret.example"}


def test_emile_comments_and_alone_sees_it_until_it_is_read_by_a_moderator(
    emile: FlaskClient, client: FlaskClient, db_session: Session
) -> None:
    answer = write(emile, "Trois dossiers, c’est trop.", position="reserved")
    assert answer.status_code == 303
    comment = only(db_session)
    assert (comment.state, comment.position) == ("pending", "reserved")
    assert answer.location.endswith(f"#commentaire-{comment.id}")
    mine = emile.get(COMMENTS).text
    assert "En attente de modération" in mine
    assert "Trois dossiers" in mine
    for page in (HOME, COMMENTS):
        assert f"commentaire-{comment.id}" not in client.get(page).text
    assert client.get(f"/commentaires/{comment.id}").status_code == 404
    assert "En attente de modération" in emile.get(f"/commentaires/{comment.id}").text
    assert "Trois dossiers" in emile.get("/moi").text


def test_a_visitor_confirms_by_a_button_and_never_by_the_link_alone(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    answer = write(client, "Le délai compte.", clock=clock, **VISITOR)
    assert answer.location == f"{COMMENTS}/a-confirmer"
    assert client.get(answer.location).status_code == 200
    assert only(db_session).state == "unconfirmed"
    letter = letters(db_session, "paul@secret.example")[0]
    link = urlsplit(re.search(r"http\S+/confirmer/\S+", letter.body)[0]).path
    elsewhere = app.test_client()
    page = elsewhere.get(link)
    assert "Le délai compte." in page.text
    assert only(db_session).state == "unconfirmed"
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    confirmed = elsewhere.post(link, data={"csrf_token": token})
    assert confirmed.status_code == 303
    assert only(db_session).state == "pending"
    assert "En attente de modération" in elsewhere.get(confirmed.location).text
    assert elsewhere.get(link).status_code == 302


def test_a_link_with_another_token_opens_nothing(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    comment = a_comment(db_session, poles, None, state="unconfirmed", published_at=None)
    other = a_comment(db_session, poles, None, state="unconfirmed", published_at=None)
    token = "0" * 40
    for path in (
        f"/commentaires/{comment.id}/confirmer/{token}",
        f"/commentaires/{other.id}?jeton={token}",
        f"/commentaires/{other.id}/confirmer/é",
        f"/commentaires/{other.id}?jeton=%C3%A9",
    ):
        assert client.get(path).status_code == 404


def test_a_confirmation_comes_within_seven_days(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    write(client, "Le délai compte.", clock=clock, **VISITOR)
    letter = letters(db_session, "paul@secret.example")[0]
    link = urlsplit(re.search(r"http\S+/confirmer/\S+", letter.body)[0]).path
    clock.forward(days=8)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(link).text)[1]
    late = client.post(link, data={"csrf_token": token})
    assert late.status_code == 410
    assert "Écrivez de nouveau votre commentaire" in late.text
    assert forget_unconfirmed(db_session, clock.now) == 1
    db_session.commit()
    assert client.get(link).status_code == 404


def test_no_address_is_found_by_crawling_every_page(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    emile = cast.emile(db_session)
    first = a_comment(db_session, poles, None, "Par un visiteur")
    a_comment(db_session, poles, emile, "Une réponse", parent_id=first.id)
    for state in ("refused", "removed", "returned", "pending"):
        a_comment(db_session, poles, None, f"Commentaire {state}", state=state)
    for reader in (client, signed_in(app, cast.lea(db_session, poles.id))):
        seen = crawl(reader, ["/", HOME, COMMENTS, "/espace", "/espace/poles/moderation"])
        assert any("/signaler" in path for path in seen)
        for path, text in seen.items():
            assert "paul@secret.example" not in text.lower(), path
            assert emile.email not in text, path


def crawl(client: FlaskClient, start: list[str]) -> dict[str, str]:
    """Read every page that links lead to; the first of each kind of address is enough."""
    seen: dict[str, str] = {}
    waiting = list(start)
    while waiting and len(seen) < 80:
        path = waiting.pop()
        if path in seen or not (path == "/" or path.startswith(OURS)):
            continue
        answer = client.get(path, follow_redirects=True)
        seen[path] = answer.text if answer.mimetype == "text/html" else ""
        links = re.findall(r'href="(/[^"#]*)', seen[path])
        waiting += [link.replace("&amp;", "&") for link in links]
    return seen


def test_a_reply_to_a_reply_stays_in_the_thread(
    app: Flask, emile: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    root = a_comment(db_session, poles, nadia)
    answer = a_comment(db_session, poles, nadia, "D’accord.", parent_id=root.id)
    page = f"{COMMENTS}/{answer.id}/repondre"
    assert "D’accord." in emile.get(page).text
    assert write(emile, "Moi aussi.", page).status_code == 303
    added = db_session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert added.parent_id == root.id


@pytest.mark.parametrize("typed", ["favourable", "¤"])
def test_a_reply_takes_no_position_even_when_one_is_sent(
    emile: FlaskClient, db_session: Session, poles: Consultation, typed: str
) -> None:
    root = a_comment(db_session, poles, cast.nadia(db_session))
    page = f"{COMMENTS}/{root.id}/repondre"
    assert write(emile, "Moi aussi.", page, position=typed).status_code == 303
    added = db_session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert (added.parent_id, added.position) == (root.id, None)


def test_a_hidden_comment_leaves_a_dated_placeholder_and_keeps_its_replies(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    nadia = cast.nadia(db_session)
    root = a_comment(
        db_session, poles, nadia, "Vilain", state="removed", ground="insult", decided_at=DURING
    )
    a_comment(db_session, poles, nadia, "La réponse reste.", parent_id=root.id)
    page = client.get(HOME).text
    assert "Vilain" not in page
    assert "Motif\u00a0: propos blessants ou injurieux." in page
    assert "retiré le 10 février 2022" in page
    assert "La réponse reste." in page


def test_a_link_in_a_comment_is_not_one(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    a_comment(db_session, poles, None, "Voir https://exemple.fr et <b>www.exemple.fr</b>")
    page = client.get(HOME).text
    assert "https://exemple.fr" in page
    assert 'href="https://exemple.fr' not in page
    assert "&lt;b&gt;www.exemple.fr" in page


def test_the_next_comment_comes_thirty_seconds_later(
    emile: FlaskClient, db_session: Session, clock: Clock
) -> None:
    assert write(emile, "Un premier avis.").status_code == 303
    clock.forward(seconds=12)
    early = write(emile, "Un second avis, longuement pesé.")
    assert early.status_code == 429
    assert early.headers["Retry-After"] == "18"
    assert "Attendez 18\u00a0secondes" in early.text
    assert "longuement pesé" in early.text
    assert only(db_session).text == "Un premier avis."
    clock.forward(seconds=18)
    assert write(emile, "Un second avis, longuement pesé.").status_code == 303


def test_a_double_click_adds_one_comment(
    emile: FlaskClient, db_session: Session, clock: Clock
) -> None:
    form = html.document_fromstring(emile.get(HOME).text).xpath("//form[@id='ecrire']")[0]
    hidden = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    data = {**hidden, "text": "Une seule fois."}
    assert emile.post(COMMENTS, data=data).status_code == 303
    clock.forward(minutes=5)
    assert emile.post(COMMENTS, data=data).status_code == 303
    assert only(db_session).text == "Une seule fois."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"website": "https://x.example"}, "Relisez votre commentaire"),
        ({"email": "pas une adresse"}, "Saisissez une adresse complète"),
        ({"name": "www.achetez.example"}, "Saisissez votre nom seul"),
        ({"ticket": "forgé"}, "Cette page est ouverte depuis longtemps"),
        ({"text": "a" * 2001}, "Limitez-vous à 2\u00a0000 caractères"),
        ({"text": "\u200b \u202e"}, "Écrivez votre commentaire"),
        ({"position": "furieux"}, "Choisissez une proposition de la liste"),
    ],
)
def test_what_a_visitor_gets_wrong_is_said_and_kept(
    client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock, fields, sentence
) -> None:
    typed = {"text": "Un avis à garder.", **VISITOR, **fields}
    answer = write(client, typed.pop("text"), clock=clock, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "text" not in fields:
        assert "Un avis à garder." in answer.text
    assert db_session.scalar(select(func.count(Comment.id))) == 0


def test_a_form_filled_in_a_second_is_a_program(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    assert write(client, "Achetez.", **VISITOR).status_code == 422
    assert db_session.scalar(select(func.count(Comment.id))) == 0


def test_an_address_that_never_answers_receives_three_letters(
    client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    for _ in range(3):
        assert write(client, "Un avis.", clock=clock, **VISITOR).status_code == 303
        clock.forward(minutes=1)
    fourth = write(client, "Un avis.", clock=clock, **VISITOR)
    assert fourth.status_code == 422
    assert "Ouvrez d’abord les courriels" in fourth.text
    assert len(letters(db_session, "paul@secret.example")) == 3


def test_only_members_comment_when_it_was_decided_so(
    app: Flask, client: FlaskClient, db_session: Session, clock: Clock
) -> None:
    a_consultation(db_session, comments_mode="members")
    page = client.get(HOME).text
    assert "Connectez-vous pour commenter" in page
    assert 'name="text"' not in page
    sent = client.post(COMMENTS, data={"csrf_token": _token(client), "text": "Quand même."})
    assert sent.location.startswith("/connexion")
    assert write(signed_in(app, cast.emile(db_session)), "Un avis.").status_code == 303


def _token(client: FlaskClient) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(HOME).text)[1]


@pytest.mark.parametrize(
    ("mode", "moment", "sentence"),
    [
        ("visitors", AFTER, "pendant la consultation seulement"),
        ("closed", DURING, "ne sont pas ouverts"),
    ],
)
def test_reading_goes_on_when_commenting_is_over(
    app: Flask, db_session: Session, clock: Clock, mode, moment, sentence
) -> None:
    poles = a_consultation(db_session, comments_mode=mode)
    a_comment(db_session, poles, None, "On me lit encore.")
    clock.now = moment
    emile = signed_in(app, cast.emile(db_session))
    assert "On me lit encore." in emile.get(HOME).text
    page = emile.get(COMMENTS).text
    assert sentence in page
    assert "Répondre" not in page
    typed = {"csrf_token": _token(emile), "text": "Trop tard, mais à garder.", "ticket": "x"}
    late = emile.post(COMMENTS, data=typed)
    assert late.status_code == 422
    assert "Trop tard, mais à garder." in late.text
    assert db_session.scalar(select(func.count(Comment.id))) == 1


def test_pages_follow_each_other_when_others_publish_meanwhile(
    app: Flask, client: FlaskClient, db_session: Session, poles: Consultation, clock: Clock
) -> None:
    for number in range(45):
        a_comment(db_session, poles, None, f"Avis {number:02}", at=clock.now)
    read = re.findall(r"Avis \d\d", client.get(COMMENTS).text)
    assert read == [f"Avis {n:02}" for n in range(44, 24, -1)]
    following = re.search(r'rel="next" href="([^"]+)"', client.get(COMMENTS).text)[1]
    a_comment(db_session, poles, None, "Avis 99", at=clock.now)
    read += re.findall(r"Avis \d\d", client.get(following).text)
    last = re.search(r'rel="next" href="([^"]+)"', client.get(following).text)[1]
    read += re.findall(r"Avis \d\d", client.get(last).text)
    assert read == [f"Avis {n:02}" for n in range(44, -1, -1)]
    oldest = client.get(f"{COMMENTS}?tri=anciens").text
    assert re.findall(r"Avis \d\d", oldest)[:2] == ["Avis 00", "Avis 01"]
    assert client.get(f"{COMMENTS}?apres=abc").status_code == 200
    assert client.get(f"{COMMENTS}?apres={'9' * 30}").status_code == 200


@pytest.mark.parametrize("signed", [False, True])
def test_the_page_costs_as_much_with_many_comments(
    app: Flask, db_session: Session, poles: Consultation, signed
) -> None:
    for number in range(12):
        root = a_comment(db_session, poles, None, f"Avis {number}")
        for _ in range(3):
            a_comment(db_session, poles, None, parent_id=root.id)
    reader = signed_in(app, cast.nadia(db_session)) if signed else app.test_client()
    reader.get(HOME)
    for page in (HOME, COMMENTS):
        with counted_statements() as statements:
            assert reader.get(page).status_code == 200
        assert len(statements) <= 8, "\n".join(statements)


def test_an_organiser_is_recognised(
    client: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    a_comment(db_session, poles, cast.claire(db_session, poles.id), "La question 31 en parle.")
    a_comment(db_session, poles, cast.nadia(db_session), "Merci.")
    assert client.get(HOME).text.count(">Organisateur<") == 1


def test_nobody_answers_a_comment_that_is_not_published(
    emile: FlaskClient, db_session: Session, poles: Consultation
) -> None:
    other = a_consultation(db_session, slug="autre")
    hidden = a_comment(db_session, poles, None, state="removed")
    elsewhere = a_comment(db_session, other, None)
    for comment in (hidden, elsewhere):
        assert emile.get(f"{COMMENTS}/{comment.id}/repondre").status_code == 404
