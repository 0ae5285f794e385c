"""The entry of people, through HTTP, as they would live it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from consultation.accounts import queries
from consultation.accounts.models import SignInToken, User
from tests import cast
from tests.journeys.visitors import (
    Clock,
    code_in,
    fill,
    letters,
    link_in,
    name_on,
    press,
    token_of,
)

NEW = {"display_name": "Zoé Petit", "email": "zoe@example.org", "accepted": "y"}
STRONG = "Hibou-des-neiges-77"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Clock:
    return Clock(app)


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    """Another device, without a cookie."""
    return app.test_client()


def sign_up(client: FlaskClient, clock: Clock, **fields: str) -> int:
    token = token_of(client, "/inscription")
    clock.forward(seconds=5)
    return client.post("/inscription", data={"csrf_token": token, **NEW, **fields}).status_code


# --- sign up ---------------------------------------------------------------------------------


def test_zoe_creates_an_account_and_confirms_it_with_the_code(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    assert sign_up(client, clock, password=STRONG) == 303
    [letter] = letters(db_session, NEW["email"])
    assert letter.subject == "Confirmez votre adresse"
    answer = fill(client, "/connexion/envoye", code=code_in(letter))
    assert answer.location == "/moi"
    assert name_on(client) == "Zoé Petit"
    cast.sign_out(client)
    assert fill(client, "/connexion", identifier=NEW["email"], password=STRONG).status_code == 303


def test_nothing_of_zoe_is_open_before_she_confirms(
    db_session: Session, client: FlaskClient, clock: Clock, phone: FlaskClient
) -> None:
    sign_up(client, clock, password=STRONG)
    answer = fill(phone, "/connexion", identifier=NEW["email"], password=STRONG)
    assert answer.location == "/connexion/envoye"
    assert name_on(phone) is None
    assert len(letters(db_session, NEW["email"])) == 2


def test_a_password_chosen_by_somebody_else_does_not_survive_the_confirmation(
    db_session: Session, client: FlaskClient, clock: Clock, phone: FlaskClient
) -> None:
    sign_up(client, clock, password=STRONG)
    [letter] = letters(db_session, NEW["email"])
    fill(phone, link_in(letter))
    page = phone.get("/moi").get_data(as_text=True)
    assert "n’est pas gardé" in page
    cast.sign_out(client)
    refused = fill(client, "/connexion", identifier=NEW["email"], password=STRONG)
    assert refused.status_code == 422


def test_a_second_sign_up_voids_the_first_letter(
    db_session: Session, client: FlaskClient, clock: Clock, phone: FlaskClient
) -> None:
    sign_up(client, clock, password=STRONG)
    sign_up(phone, clock, password="Un-autre-secret-99")
    first, second = letters(db_session, NEW["email"])
    assert client.get(link_in(first)).status_code == 410
    assert client.get(link_in(second)).status_code == 200


def test_zoe_asks_again_from_the_same_browser_and_keeps_her_password(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    sign_up(client, clock, password=STRONG)
    clock.forward(minutes=2)
    fill(client, "/connexion", email=NEW["email"])
    letter = letters(db_session, NEW["email"])[-1]
    fill(client, "/connexion/envoye", code=code_in(letter))
    cast.sign_out(client)
    assert fill(client, "/connexion", identifier=NEW["email"], password=STRONG).status_code == 303


def test_emile_is_told_by_letter_that_his_address_has_an_account(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    assert sign_up(client, clock, email="EMILE@example.org", password=STRONG) == 303
    [letter] = letters(db_session, emile.email)
    assert letter.subject == "Vous avez déjà un compte"
    assert queries.by_email(db_session, emile.email).display_name == "Émile Roux"  # type: ignore[union-attr]


def test_the_page_says_the_same_for_a_known_and_an_unknown_address(
    db_session: Session, client: FlaskClient, clock: Clock, phone: FlaskClient
) -> None:
    cast.emile(db_session)
    sign_up(client, clock, email="emile@example.org")
    sign_up(phone, clock, email="emilf@example.org")
    known = client.get("/connexion/envoye").get_data(as_text=True)
    unknown = phone.get("/connexion/envoye").get_data(as_text=True)
    assert "emile@example.org" in known
    strip = token_free
    assert strip(known).replace("emile@", "emilf@") == strip(unknown)


def token_free(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_a_program_that_fills_everything_creates_nothing(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    assert sign_up(client, clock, website="https://example.com") == 303
    assert db_session.scalars(select(User)).all() == []


def test_a_program_faster_than_a_hand_creates_nothing(
    db_session: Session, client: FlaskClient
) -> None:
    answer = fill(client, "/inscription", **NEW)
    assert answer.status_code == 422
    assert db_session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "zoe", "Saisissez une adresse complète"),
        ("email", "", "Saisissez votre adresse électronique"),
        ("password", "petit", "Choisissez un mot de passe plus long"),
        ("password", "Zoe-Petit-2022!", "sans votre nom"),
        ("display_name", "Gagnez sur https://example.com", "Saisissez votre nom seul"),
        ("display_name", "", "Saisissez votre nom"),
    ],
)
@pytest.mark.one_database
def test_zoe_reads_what_to_do_and_keeps_what_she_typed(
    client: FlaskClient, clock: Clock, field: str, value: str, sentence: str
) -> None:
    token = token_of(client, "/inscription")
    clock.forward(seconds=5)
    fields = {**NEW, field: value, "csrf_token": token}
    answer = client.post("/inscription", data=fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "<title>Erreur" in page
    assert 'value="Zoé Petit"' in page or field == "display_name"


# --- sign in by letter -----------------------------------------------------------------------


def test_emile_reads_his_mail_on_his_phone_and_types_the_code_on_his_computer(
    db_session: Session, client: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    assert fill(client, "/connexion", email=emile.email).location == "/connexion/envoye"
    [letter] = letters(db_session, emile.email)
    answer = fill(client, "/connexion/envoye", code=code_in(letter).replace(" ", ""))
    assert (answer.status_code, answer.location) == (303, "/moi")
    assert name_on(client) == "Émile Roux"


def test_emile_types_the_code_on_a_device_that_asked_for_nothing(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    [letter] = letters(db_session, emile.email)
    fill(phone, "/connexion/envoye", email=emile.email, code=code_in(letter))
    assert name_on(phone) == "Émile Roux"


def test_a_mail_scanner_opens_the_link_and_signs_nobody_in(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    path = link_in(letters(db_session, emile.email)[0])
    for _ in range(3):
        assert phone.get(path).status_code == 200
    assert phone.head(path).status_code == 200
    assert name_on(phone) is None
    assert fill(client, path).location == "/moi"


def test_the_link_serves_once_and_closes_the_code(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    [letter] = letters(db_session, emile.email)
    token = token_of(phone, "/connexion")
    assert fill(client, link_in(letter)).status_code == 303
    again = phone.post(link_in(letter), data={"csrf_token": token})
    assert again.status_code == 410
    assert "Ce lien a expiré" in again.get_data(as_text=True)
    refused = fill(phone, "/connexion/envoye", email=emile.email, code=code_in(letter))
    assert refused.status_code == 422


def test_the_link_dies_after_a_quarter_of_an_hour(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    path = link_in(letters(db_session, emile.email)[0])
    clock.forward(minutes=14, seconds=59)
    assert client.get(path).status_code == 200
    clock.forward(seconds=1)
    assert client.get(path).status_code == 410


def test_the_link_leads_where_emile_was_going_even_on_his_phone(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion?suite=/moi/profil", email=emile.email)
    path = link_in(letters(db_session, emile.email)[0])
    assert fill(phone, path).location == "/moi/profil"


@pytest.mark.one_database
@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com", "/\\example.com"])
def test_nobody_is_led_to_another_site(
    db_session: Session, client: FlaskClient, elsewhere: str
) -> None:
    emile = cast.emile(db_session)
    client.get("/connexion", query_string={"suite": elsewhere})
    token = token_of(client, "/connexion")
    answer = client.post(
        "/connexion",
        query_string={"suite": elsewhere},
        data={"csrf_token": token, "identifier": emile.email, "password": cast.PASSWORD},
    )
    assert answer.location == "/moi"


def test_an_unknown_address_gets_the_same_page_and_no_letter(
    db_session: Session, client: FlaskClient
) -> None:
    answer = fill(client, "/connexion", email="personne@example.org")
    assert answer.location == "/connexion/envoye"
    assert letters(db_session, "personne@example.org") == []


def test_codes_cannot_be_guessed_one_after_the_other(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    [letter] = letters(db_session, emile.email)
    right = code_in(letter).replace(" ", "")
    wrong = f"{(int(right) + 1) % 10**6:06}"
    statuses = [
        fill(phone, "/connexion/envoye", email=emile.email, code=wrong).status_code
        for _ in range(6)
    ]
    assert statuses == [422] * 5 + [429]
    assert fill(client, "/connexion/envoye", code=right).status_code == 429
    assert fill(client, link_in(letter)).status_code == 303


def test_emile_waits_a_minute_before_another_letter(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    press(client, "/connexion/envoye", "/connexion", email=emile.email)
    assert len(letters(db_session, emile.email)) == 1
    assert "Attendez une minute" in client.get("/connexion/envoye").get_data(as_text=True)
    clock.forward(seconds=61)
    press(client, "/connexion/envoye", "/connexion", email=emile.email)
    assert len(letters(db_session, emile.email)) == 2


def test_nobody_fills_the_mailbox_of_emile(db_session: Session, app: Flask, clock: Clock) -> None:
    emile = cast.emile(db_session)
    for _ in range(8):
        fill(app.test_client(), "/connexion", email=emile.email)
        clock.forward(seconds=30)
    assert len(letters(db_session, emile.email)) == 6


# --- sign in by password ---------------------------------------------------------------------


def test_emile_comes_in_with_his_password(db_session: Session, client: FlaskClient) -> None:
    emile = cast.emile(db_session)
    answer = fill(client, "/connexion", identifier=" Emile@Example.org ", password=cast.PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/moi")
    assert name_on(client) == emile.display_name
    assert emile.last_sign_in_at is not None


def test_six_wrong_passwords_close_the_account_for_a_while(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    answers = [
        fill(client, "/connexion", identifier=emile.email, password="faux") for _ in range(6)
    ]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Réessayez dans 1\u00a0minute" in answers[-1].get_data(as_text=True)
    assert answers[-1].headers["Retry-After"] == "60"
    locked = fill(client, "/connexion", identifier=emile.email, password=cast.PASSWORD)
    assert locked.status_code == 429
    clock.forward(seconds=61)
    opened = fill(client, "/connexion", identifier=emile.email, password=cast.PASSWORD)
    assert opened.status_code == 303


def test_an_unknown_account_is_answered_like_a_known_one(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    cast.emile(db_session)
    for attempt in range(7):
        known = fill(client, "/connexion", identifier="emile@example.org", password="faux")
        unknown = fill(phone, "/connexion", identifier="emilf@example.org", password="faux")
        assert known.status_code == unknown.status_code == (422 if attempt < 5 else 429)
        same = token_free(known.get_data(as_text=True)).replace("emile@", "emilf@")
        assert same == token_free(unknown.get_data(as_text=True))


def test_one_network_cannot_try_every_account(db_session: Session, client: FlaskClient) -> None:
    statuses = [
        fill(client, "/connexion", identifier=f"p{n}@example.org", password="x").status_code
        for n in range(22)
    ]
    assert statuses[:20] == [422] * 20
    assert statuses[20:] == [429, 429]


def test_the_link_still_opens_when_the_password_is_locked(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    for _ in range(7):
        fill(phone, "/connexion", identifier=emile.email, password="faux")
    fill(client, "/connexion", email=emile.email)
    assert fill(client, link_in(letters(db_session, emile.email)[0])).status_code == 303


# --- sessions --------------------------------------------------------------------------------


def test_a_session_planted_before_the_sign_in_is_worth_nothing(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    with client.session_transaction() as cookie:
        cookie["planted"] = "yes"
    fill(client, "/connexion", identifier=emile.email, password=cast.PASSWORD)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] == emile.get_id()


def test_emile_goes_out_by_a_button_and_not_by_a_link(
    db_session: Session, client: FlaskClient
) -> None:
    cast.sign_in(client, cast.emile(db_session))
    assert client.get("/deconnexion").status_code == 405
    assert name_on(client) == "Émile Roux"
    assert press(client, "/moi/profil", "/deconnexion").status_code == 303
    assert name_on(client) is None


def test_emile_disconnects_the_phone_he_lost(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    cast.sign_in(client, emile)
    cast.sign_in(phone, emile)
    press(client, "/moi/securite", "/moi/sessions/fermer")
    assert name_on(phone) is None
    assert name_on(client) == "Émile Roux"


def test_sessions_end_after_a_week_and_after_a_day_for_staff(
    db_session: Session, client: FlaskClient, phone: FlaskClient, clock: Clock
) -> None:
    cast.sign_in(client, cast.emile(db_session))
    cast.sign_in(phone, cast.awa(db_session))
    clock.forward(hours=12)
    assert name_on(phone) is None
    assert name_on(client) == "Émile Roux"
    clock.forward(days=7)
    assert name_on(client) is None


@pytest.mark.one_database
@pytest.mark.parametrize("forged", ["1", "1:x", "x:1", "-1:1", "99999999999999999999:1", "٣:1", ""])
def test_a_forged_identifier_is_nobody(client: FlaskClient, forged: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["since"] = forged, 10**12
    assert client.get("/moi").status_code == 302


def test_emile_is_recognised_in_one_statement(
    db_session: Session, client: FlaskClient, app: Flask
) -> None:
    from tests.house.statements import counted_statements

    nadia = cast.nadia(db_session)
    number = nadia.id
    db_session.expire_all()
    with counted_statements() as statements:
        found = queries.for_session(db_session, number, 1)
        assert found is not None and found.organisation is not None
        found.holds("organiser", 3)
    assert len(statements) == 1


# --- one's own space -------------------------------------------------------------------------


def test_nadia_says_for_whom_she_answers(
    db_session: Session, client: FlaskClient, territories: None
) -> None:
    emile = cast.emile(db_session)
    cast.sign_in(client, emile)
    answer = fill(
        client,
        "/moi/profil",
        display_name="Émile  Roux",
        actor_type="entreprise_micro",
        region="53",
        organisation="Roux Conseil",
        size="micro",
        siret="732 829 320 00074",
    )
    assert answer.location == "/moi"
    db_session.expire_all()
    organisation = emile.organisation
    assert organisation is not None
    assert (organisation.name, organisation.siret) == ("Roux Conseil", "73282932000074")
    assert (organisation.siren, organisation.actor_type) == ("732829320", "entreprise_micro")
    page = client.get("/moi/profil").get_data(as_text=True)
    assert 'value="73282932000074"' in page


def test_nadia_answers_in_her_own_name_again(
    db_session: Session, client: FlaskClient, territories: None
) -> None:
    nadia = cast.nadia(db_session)
    cast.sign_in(client, nadia)
    fill(client, "/moi/profil", display_name="Nadia Benali", actor_type="particulier", region="84")
    db_session.expire_all()
    assert nadia.organisation is None
    assert nadia.actor_type == "particulier"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"siret": "123"}, "Saisissez les 14 chiffres du SIRET"),
        ({"siret": "55210055400014"}, "Vérifiez le SIRET"),
        ({"organisation": ""}, "Saisissez le nom de l’organisme"),
        ({"actor_type": ""}, "Choisissez à quel titre"),
        ({"actor_type": "roi"}, "Choisissez une proposition de la liste"),
        ({"region": "99"}, "Choisissez une proposition de la liste"),
        ({"region": ""}, "Choisissez votre région"),
    ],
)
@pytest.mark.one_database
def test_nadia_reads_what_is_wrong_with_her_profile(
    db_session: Session,
    client: FlaskClient,
    territories: None,
    change: dict[str, str],
    sentence: str,
) -> None:
    cast.sign_in(client, cast.nadia(db_session))
    good = {
        "display_name": "Nadia Benali",
        "actor_type": "entreprise_pme",
        "region": "84",
        "organisation": "Optique du Rhône",
        "size": "",
        "siret": "",
    }
    answer = fill(client, "/moi/profil", **{**good, **change})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_a_profile_typed_in_a_session_that_ended_comes_back_after_the_sign_in(
    db_session: Session, client: FlaskClient, territories: None
) -> None:
    emile = cast.emile(db_session)
    cast.sign_in(client, emile)
    token = token_of(client, "/moi/profil")
    cast.sign_out(client)
    answer = client.post("/moi/profil", data={"csrf_token": token, "display_name": "Émile R. Roux"})
    assert answer.status_code == 302
    entered = fill(client, answer.location, identifier=emile.email, password=cast.PASSWORD)
    assert entered.location == "/moi/profil"
    assert "Émile R. Roux" in client.get("/moi/profil").get_data(as_text=True)


def test_emile_changes_his_password_and_his_phone_is_disconnected(
    db_session: Session, client: FlaskClient, phone: FlaskClient
) -> None:
    emile = cast.emile(db_session)
    cast.sign_in(client, emile)
    cast.sign_in(phone, emile)
    wrong = fill(client, "/moi/mot-de-passe", current="faux", password=STRONG)
    assert wrong.status_code == 422
    answer = fill(client, "/moi/mot-de-passe", current=cast.PASSWORD, password=STRONG)
    assert answer.status_code == 303
    assert name_on(phone) is None
    assert name_on(client) == "Émile Roux"
    assert letters(db_session, emile.email)[-1].subject == "Votre mot de passe a changé"
    cast.sign_out(client)
    assert fill(client, "/connexion", identifier=emile.email, password=STRONG).status_code == 303


def test_whoever_just_came_in_by_letter_needs_no_old_password(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    emile = cast.emile(db_session)
    fill(client, "/connexion", email=emile.email)
    fill(client, link_in(letters(db_session, emile.email)[0]))
    assert "actuel" not in client.get("/moi/mot-de-passe").get_data(as_text=True)
    clock.forward(minutes=11)
    assert "actuel" in client.get("/moi/mot-de-passe").get_data(as_text=True)


def test_the_space_of_emile_says_that_he_has_not_contributed(
    db_session: Session, client: FlaskClient
) -> None:
    cast.sign_in(client, cast.emile(db_session))
    assert "Vous n’avez pas encore contribué" in client.get("/moi").get_data(as_text=True)


def test_no_password_and_no_code_is_ever_written_in_clear(
    db_session: Session, client: FlaskClient, clock: Clock
) -> None:
    sign_up(client, clock, password=STRONG)
    [letter] = letters(db_session, NEW["email"])
    [token] = db_session.scalars(select(SignInToken)).all()
    link = link_in(letter).rsplit("/", 1)[1]
    stored = repr([vars(token), letter.key])
    assert link not in stored
    assert code_in(letter).replace(" ", "") not in stored
    user = queries.by_email(db_session, NEW["email"])
    assert user is not None
    credential = queries.credential(db_session, user.id, "password")
    assert credential is not None and credential.secret.startswith("$argon2id$")
    assert STRONG not in letter.body
