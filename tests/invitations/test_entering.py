"""Personal links and unsubscriptions, as the people who receive the letters use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consultation.accounts import queries as people
from consultation.accounts.actions import open_account, set_password
from consultation.accounts.hashing import quick
from consultation.accounts.models import Credential, User
from consultation.audit.models import AuditEvent
from consultation.consultations.models import Consultation
from consultation.invitations.actions import address_book
from consultation.invitations.actions.links import revoke_link
from consultation.invitations.models import Campaign, Contact, Invitation, Unsubscription
from tests import cast
from tests.consultations.making import CLOSES, DURING, a_consultation
from tests.house.statements import counted_statements
from tests.invitations.making import (
    LINKS,
    campaign,
    contact,
    deliver,
    path_in,
    post,
    posted,
)
from tests.journeys.visitors import letters, link_in, name_on, press, token_of

ZOE = "zoe@pole.example.org"


class Clock:
    """The clock of the application, moved by hand."""

    def __init__(self) -> None:
        self.now = DURING

    def __call__(self):
        return self.now


@pytest.fixture
def clock(app: Flask) -> Clock:
    app.extensions["clock"] = Clock()
    return app.extensions["clock"]


@pytest.fixture
def consultation(db_session: Session, clock: Clock) -> Consultation:
    return a_consultation(db_session)


@pytest.fixture
def zoe(db_session: Session, consultation: Consultation) -> Contact:
    """Zoé, invited for her cluster, without an account."""
    return contact(
        db_session,
        consultation,
        ZOE,
        name="Zoé Lê",
        organisation="Pôle d’été",
        actor_type="pole",
        region_code="53",
        siret="55210055400013",
    )


def link_of(app: Flask, session: Session, consultation: Consultation, email: str = ZOE) -> str:
    """Send the invitation and return the local address of its link."""
    campaign(session, consultation)
    post(app)
    [letter] = posted(session, email)
    path = path_in(letter.body)
    deliver(app.extensions["settings"])
    session.expire_all()
    return path


def follow(client: FlaskClient, path: str, **fields: str):
    """Open the link and press its button."""
    return press(client, path, path, **fields)


def account(session: Session, email: str = ZOE) -> User | None:
    session.expire_all()
    return people.by_email(session, email)


# --- the link ------------------------------------------------------------------------------------


def test_zoe_follows_her_link_and_her_profile_is_filled(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    path = link_of(app, db_session, consultation)
    page = client.get(path)
    assert "Pôle d’été" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    answer = follow(client, path)
    assert answer.location == "/consultations/poles"
    assert name_on(client) == "Zoé Lê"
    user = account(db_session)
    assert user is not None and user.organisation is not None
    assert (user.actor_type, user.region_code) == ("pole", "53")
    assert (user.organisation.name, user.organisation.siren) == ("Pôle d’été", "552100554")
    assert user.email_confirmed_at == DURING
    assert db_session.get_one(Contact, zoe.id).user_id == user.id
    verbs = db_session.scalars(select(AuditEvent.verb)).all()
    assert "use_invitation" in verbs and "sign_in" in verbs


def test_opening_the_link_changes_nothing(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    path = link_of(app, db_session, consultation)
    with counted_statements() as statements:
        for _ in range(3):
            client.get(path)
    written = [each for each in statements if not each.lstrip().startswith("SELECT")]
    assert written == []
    assert account(db_session) is None


def test_the_database_alone_gives_no_link(
    app: Flask, db_session: Session, consultation, zoe: Contact
) -> None:
    token = link_of(app, db_session, consultation).rpartition("/")[2]
    kept = db_session.scalars(select(Invitation)).one()
    assert token not in (kept.nonce, kept.link_hash.hex())
    assert kept.link_hash == LINKS.token_hash(token)


def test_zoe_comes_back_by_the_same_link_the_next_day(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe, clock: Clock
) -> None:
    path = link_of(app, db_session, consultation)
    follow(client, path)
    clock.now += timedelta(days=1)
    elsewhere = app.test_client()
    assert follow(elsewhere, path).location == "/consultations/poles"
    assert name_on(elsewhere) == "Zoé Lê"
    assert db_session.scalar(select(func.count(User.id))) == 1


def test_a_forwarded_link_does_not_open_the_account_of_nadia(
    app: Flask, client: FlaskClient, db_session: Session, consultation, clock: Clock
) -> None:
    nadia = cast.nadia(db_session)
    contact(db_session, consultation, nadia.email, organisation="Autre nom", actor_type="pole")
    path = link_of(app, db_session, consultation, nadia.email)
    answer = follow(client, path)
    assert answer.location.startswith("/connexion/envoye")
    assert name_on(client) is None
    sent = letters(db_session, nadia.email)[-1]
    assert sent.subject == "Votre lien de connexion"

    mailbox = app.test_client()  # where Nadia reads her letters
    answer = press(mailbox, link_in(sent), link_in(sent))
    assert answer.location == "/consultations/poles"
    assert name_on(mailbox) == "Nadia Benali"
    user = account(db_session, nadia.email)
    assert user is not None and user.organisation is not None
    assert user.organisation.name == "Optique du Rhône"  # what she said of herself stays


def test_once_zoe_has_a_life_of_her_own_the_link_asks_for_a_letter(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe, clock: Clock
) -> None:
    path = link_of(app, db_session, consultation)
    follow(client, path)
    clock.now += timedelta(hours=1)
    by_letter = app.test_client()
    press(by_letter, "/connexion", "/connexion", email=ZOE)
    sign_in = link_in(letters(db_session, ZOE)[-1])
    press(by_letter, sign_in, sign_in)
    assert name_on(by_letter) == "Zoé Lê"
    clock.now += timedelta(hours=1)
    colleague = app.test_client()
    assert follow(colleague, path).location.startswith("/connexion/envoye")
    assert name_on(colleague) is None


def test_whoever_holds_the_link_cannot_secure_the_account_for_themselves(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe
) -> None:
    path = link_of(app, db_session, consultation)
    follow(client, path)
    for page in ("/moi/mot-de-passe", "/connexion/double-authentification"):
        refused = client.get(page)
        assert refused.status_code == 403
        assert "lien de connexion reçu par courriel" in refused.text
        answer = press(client, "/moi", page, password="Grenouille-verte-42", code="123456")
        assert answer.status_code == 403
    assert db_session.scalar(select(func.count(Credential.id))) == 0


def test_a_password_chosen_by_somebody_else_before_is_dropped(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe
) -> None:
    squatter = open_account(db_session, email=ZOE, display_name="Faux nom", now=DURING)
    set_password(db_session, squatter, quick().hash(cast.PASSWORD), DURING)
    path = link_of(app, db_session, consultation)
    follow(client, path)
    assert name_on(client) == "Zoé Lê"
    assert db_session.scalar(select(func.count(Credential.id))) == 0


def test_emile_signed_in_chooses_the_account_he_answers_with(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    emile = cast.emile(db_session)
    path = link_of(app, db_session, consultation)
    cast.sign_in(client, emile)
    page = client.get(path).text
    assert "Répondre avec ce compte" in page
    assert follow(client, path).status_code == 409
    assert follow(client, path, compte="actuel").location == "/consultations/poles"
    assert f"avec le compte {emile.email}" in client.get("/consultations/poles").text
    assert name_on(client) == "Émile Roux"
    assert db_session.get_one(Contact, zoe.id).user_id == emile.id
    user = account(db_session, emile.email)
    assert user is not None and user.actor_type == "particulier"

    nadia = app.test_client()
    cast.sign_in(nadia, cast.nadia(db_session))
    assert "Répondre avec ce compte" not in nadia.get(path).text
    assert follow(nadia, path, compte="actuel").status_code == 409
    assert follow(nadia, path, compte="invite").location == "/consultations/poles"
    assert name_on(nadia) == "Zoé Lê"


def test_zoe_signed_in_joins_at_once_and_fills_what_was_empty(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    user = open_account(db_session, email=ZOE, display_name="Zoé", now=DURING, confirmed=True)
    path = link_of(app, db_session, consultation)
    cast.sign_in(client, user)
    assert follow(client, path).location == "/consultations/poles"
    found = account(db_session)
    assert found is not None and found.organisation is not None
    assert (found.display_name, found.organisation.name) == ("Zoé", "Pôle d’été")


@pytest.mark.parametrize("what", ["revoked", "closed", "unknown", "draft"])
def test_a_link_that_is_over_says_so(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe, clock, what: str
) -> None:
    path = link_of(app, db_session, consultation)
    token = token_of(client, path)
    if what == "revoked":
        revoke_link(db_session, zoe, actor_id=1, now=DURING)
    elif what == "closed":
        clock.now = CLOSES + timedelta(seconds=1)
    elif what == "draft":
        consultation.state = "draft"
    else:
        path = "/invitation/" + "x" * 43
    for answer in (client.get(path), client.post(path, data={"csrf_token": token})):
        assert answer.status_code == 410
        assert "Ce lien n’est plus valable" in answer.text
    assert account(db_session) is None


def test_a_link_lives_as_long_as_an_extension_makes_it(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe, clock: Clock
) -> None:
    path = link_of(app, db_session, consultation)
    clock.now = CLOSES + timedelta(days=1)
    assert client.get(path).status_code == 410
    consultation.closes_at = CLOSES + timedelta(days=7)
    assert client.get(path).status_code == 200


def test_revoking_ends_the_sessions_that_the_link_opened_and_the_next_letter_has_another(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe
) -> None:
    path = link_of(app, db_session, consultation)
    follow(client, path)
    db_session.expire_all()
    revoke_link(db_session, zoe, actor_id=1, now=DURING)
    assert name_on(client) is None
    campaign(db_session, consultation, "not_started")
    post(app)
    other = path_in(posted(db_session, ZOE)[-1].body)
    assert other != path
    assert follow(client, other).location == "/consultations/poles"


def test_the_button_pressed_twice_at_once_makes_one_account(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe
) -> None:
    path = link_of(app, db_session, consultation)
    token = token_of(client, path)
    for _ in range(2):
        client.post(path, data={"csrf_token": token})
    assert db_session.scalar(select(func.count(User.id))) == 1


def test_what_a_mail_program_takes_along_with_the_link_does_not_break_it(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    path = link_of(app, db_session, consultation)
    for more in (".", ">", "%20", ").", "%C2%A0»"):
        assert "Continuer" in client.get(path + more).text
    assert client.get(path[:-1]).status_code == 410
    assert follow(client, f"{path}>").location == "/consultations/poles"


def test_zoe_invited_before_the_opening_reads_when_she_can_answer(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    path = link_of(app, db_session, consultation)
    consultation.opens_at, consultation.closes_at = CLOSES, CLOSES + timedelta(days=30)
    db_session.commit()
    page = client.get(path).text
    assert "La consultation ouvre le 7 mars 2022" in page
    assert "Vous pouvez répondre" not in page


# --- unsubscribing -------------------------------------------------------------------------------


def test_zoe_unsubscribes_without_signing_in_and_may_come_back(
    app: Flask, client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    campaign(db_session, consultation)
    post(app)
    path = path_in(posted(db_session, ZOE)[0].body, "desabonnement")
    assert "Me désabonner" in client.get(path).text
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at is None
    press(client, path, path, choix="consultation")
    assert "Vous êtes désabonné" in client.get(path).text
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at == DURING
    assert "pour cette consultation" in client.get(path).text
    press(client, path, path, choix="site")
    assert db_session.scalar(select(func.count(Unsubscription.id))) == 2
    everywhere = client.get(path).text
    assert "pour aucune consultation de ce site" in everywhere
    assert 'value="site"' not in everywhere
    press(client, path, path, choix="reabonner")
    assert "Vous êtes réabonné" in client.get(path).text
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at is None
    assert db_session.scalar(select(func.count(Unsubscription.id))) == 0


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_reader_unsubscribes_in_one_press(
    client: FlaskClient, db_session: Session, consultation, zoe: Contact, form: str
) -> None:
    path = LINKS.unsubscribe(zoe.id, ZOE).removeprefix("http://localhost")
    for _ in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"}, content_type=form)
        assert (answer.status_code, answer.data) == (200, b"")
        assert "Set-Cookie" not in answer.headers
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at == DURING


def test_a_mail_reader_that_forgets_to_say_that_it_posts_a_form_unsubscribes(
    client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    path = LINKS.unsubscribe(zoe.id, ZOE).removeprefix("http://localhost")
    answer = client.post(path, data="List-Unsubscribe=One-Click\r\n", content_type="text/plain")
    assert (answer.status_code, answer.data) == (200, b"")
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at == DURING


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("", None),
        ("", "application/x-www-form-urlencoded"),
        ("List-Unsubscribe=No", "application/x-www-form-urlencoded"),
        ("choix=tout", "application/x-www-form-urlencoded"),
        ('{"List-Unsubscribe": "One-Click"}', "application/json"),
        ("\xff" * 5000, "application/octet-stream"),
    ],
)
def test_a_scanner_that_posts_to_every_address_of_a_letter_unsubscribes_nobody(
    client: FlaskClient, db_session: Session, consultation, zoe: Contact, data: str, kind
) -> None:
    path = LINKS.unsubscribe(zoe.id, ZOE).removeprefix("http://localhost")
    answer = client.post(path, data=data, content_type=kind)
    assert answer.status_code == 422
    assert "Me désabonner" in answer.text
    assert client.get(f"{path}?List-Unsubscribe=One-Click").status_code == 200
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at is None


@pytest.mark.parametrize("key", ["x", "0" * 32, "é", "%00"])
@pytest.mark.one_database
def test_nobody_unsubscribes_zoe_without_the_key(
    client: FlaskClient, db_session: Session, consultation, zoe: Contact, key: str
) -> None:
    path = f"/desabonnement/{zoe.id}/{key}"
    assert client.get(path).status_code in (400, 404)
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code in (400, 404)
    other = contact(db_session, consultation, "autre@pole.example.org")
    swapped = LINKS.unsubscribe(other.id, other.email).rpartition("/")[2]
    assert client.post(f"/desabonnement/{zoe.id}/{swapped}").status_code == 404
    assert db_session.get_one(Contact, zoe.id).unsubscribed_at is None


def test_somebody_removed_is_told_that_nothing_more_is_sent(
    client: FlaskClient, db_session: Session, consultation, zoe: Contact
) -> None:
    path = LINKS.unsubscribe(zoe.id, ZOE).removeprefix("http://localhost")
    db_session.delete(zoe)
    answer = client.get(path)
    assert answer.status_code == 410
    assert "plus aucun courriel" in answer.text


def test_the_number_of_somebody_removed_gives_nothing_of_theirs_to_the_next(
    app: Flask, client: FlaskClient, db_session: Session, consultation
) -> None:
    wrong = contact(db_session, consultation, "zoee@pole.example.org")
    number, sent = wrong.id, campaign(db_session, consultation).id
    post(app)
    path = path_in(posted(db_session, "zoee@pole.example.org")[0].body, "desabonnement")
    address_book.remove_contact(db_session, wrong, actor_id=1, now=DURING)
    db_session.commit()
    right = contact(db_session, consultation, ZOE)
    if db_session.get_bind().dialect.name == "sqlite":
        assert right.id == number  # what this is about
    running = db_session.get_one(Campaign, sent)
    running.state = "scheduled"  # it was still sending, at its pace
    db_session.commit()

    assert post(app) == 1
    assert [letter.recipient for letter in posted(db_session, ZOE)] == [ZOE]
    page = client.get(path)
    assert (page.status_code, ZOE in page.text) == (410, False)
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 410
    assert db_session.get_one(Contact, right.id).unsubscribed_at is None
