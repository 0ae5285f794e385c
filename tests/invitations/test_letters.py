"""What a person reads of a campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.invitations import letters
from consultation.invitations.letters import About, Recipient, faults, write
from consultation.mail.letter import compose

OPENS = datetime(2022, 1, 20, 8, 0, tzinfo=UTC)
CLOSES = datetime(2022, 3, 11, 17, 0, tzinfo=UTC)
ABOUT = About("L’avenir des pôles", OPENS, CLOSES, "Régions de France", "poles@example.org")
NADIA = Recipient(
    "Nadia Benali",
    "Optique du Rhône",
    "https://example.org/invitation/abc",
    "https://example.org/desabonnement/1/def",
)


@pytest.mark.parametrize("kind", letters.DEFAULTS)
def test_the_usual_texts_have_nothing_to_correct(kind: str) -> None:
    subject, body = letters.DEFAULTS[kind]
    assert faults(subject, body) == []
    letter = write(subject, body, NADIA, ABOUT)
    assert "L’avenir des pôles" in letter.subject
    paragraphs = body.split("\n\n")
    assert all("\n" not in part.strip() or "${lien}" in part for part in paragraphs)
    assert "${" not in letter.text + letter.subject
    assert NADIA.link in letter.text
    assert NADIA.unsubscribe in letter.text
    assert "11 mars 2022 à 18\u00a0h\u00a000" in letter.text


def test_somebody_without_a_name_is_greeted_all_the_same() -> None:
    letter = write("s", "Bonjour ${nom}, ${organisme} ${lien}", Recipient("", "", "L", "U"), ABOUT)
    assert letter.text.startswith("Bonjour Madame, Monsieur, votre organisme L")


def test_an_invitation_sent_before_the_opening_says_when_it_is() -> None:
    assert faults("s", "${ouverture} ${lien}") == []
    letter = write("s", "Du ${ouverture} au ${cloture}, ${lien}", NADIA, ABOUT)
    assert letter.text.startswith(
        "Du 20 janvier 2022 à 9\u00a0h\u00a000 (heure de Paris) au 11 mars"
    )


def test_unknown_variables_and_a_missing_link_are_said() -> None:
    found = faults("${lien} ${prenom}", "Bonjour ${nom} ${}")
    assert [field for field, _ in found] == ["subject", "body", "subject", "body"]
    assert "${prenom} n’existe pas" in found[0][1]


def test_a_column_of_the_file_may_be_written_and_is_nothing_for_who_lacks_it() -> None:
    body = "Bonjour ${nom}, votre code : ${Code d’accès}. ${lien}"
    assert "${Code d’accès} n’existe pas" in faults("s", body)[0][1]
    assert faults("s", body, ["Code d’accès", "nom"]) == []
    held = {"Code d’accès": "A\r\n1 ${lien}", "nom": "quelqu’un d’autre"}
    letter = write("${Code d’accès}", body, replace(NADIA, attributes=held), ABOUT)
    assert letter.text.startswith("Bonjour Nadia Benali, votre code : A 1 ${lien}. https://")
    assert letter.subject == "A 1 ${lien}"
    assert "votre code : . https://" in write("s", body, NADIA, ABOUT).text


@given(name=st.text(max_size=60), organisation=st.text(max_size=60), title=st.text(max_size=60))
def test_what_replaces_a_variable_adds_no_header_and_is_not_read_again(
    name: str, organisation: str, title: str
) -> None:
    surrogates = any("\ud800" <= c <= "\udfff" for c in name + organisation + title)
    if surrogates:
        return
    hostile = Recipient(name + "${lien}\r\nBcc: x@example.org", organisation, "L", "https://u/1")
    about = About(title, OPENS, CLOSES, "", "")
    letter = write("${nom} ${organisme} ${consultation}", "${nom} ${lien}", hostile, about)
    assert len(letter.subject.splitlines()) <= 1
    assert "${lien}" in letter.subject
    message = compose(
        key="k",
        sender="a@example.org",
        to="b@example.org",
        subject=letter.subject,
        body=letter.text,
        headers=letter.headers,
        posted_at=CLOSES,
    )
    again = message_from_bytes(bytes(message), policy=policy.default)
    assert again["Bcc"] is None
    assert again["List-Unsubscribe"] == "<https://u/1>"


def test_the_address_to_unsubscribe_is_neither_cut_nor_encoded_however_long() -> None:
    address = f"https://consultations.{'region-' * 12}.example.org/desabonnement/123456/{'a' * 32}"
    letter = write("s", "${lien}", Recipient("", "", "L", address), ABOUT)
    message = compose(
        key="k",
        sender="a@example.org",
        to="b@example.org",
        subject=letter.subject,
        body=letter.text,
        headers=letter.headers,
        posted_at=CLOSES,
    )
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in bytes(message)
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in bytes(message)
    assert message["Reply-To"] == "poles@example.org"
