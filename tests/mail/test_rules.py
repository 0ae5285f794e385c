"""The pure rules of the mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

from hypothesis import example, given
from hypothesis import strategies as st

from consultation.mail.letter import address, compose, message_id
from consultation.mail.rules import RETRIES, next_attempt, one_line

NOW = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "\0" not in line
    assert one_line(line) == line


@given(st.integers(1, 100))
def test_waits_grow_and_end(attempts: int) -> None:
    again = next_attempt(attempts, NOW)
    assert (again is None) == (attempts > len(RETRIES))
    if again is not None and attempts > 1:
        before = next_attempt(attempts - 1, NOW)
        assert before is not None and NOW + timedelta(minutes=1) <= before < again


@given(key=st.text(max_size=50), subject=st.text(max_size=80), body=st.text(max_size=300))
def test_any_letter_has_one_recipient_and_its_own_headers_only(
    key: str, subject: str, body: str
) -> None:
    surrogates = any("\ud800" <= c <= "\udfff" for c in subject + body)
    if surrogates:
        return
    message = compose(
        key=key,
        sender="a@example.org",
        to="b@example.org",
        subject=one_line(subject),
        body=body,
        headers={},
        posted_at=NOW,
    )
    raw = bytes(message)
    head = raw.partition(b"\r\n\r\n")[0].lower()
    assert head.count(b"\r\nto:") + head.startswith(b"to:") == 1
    assert b"\nbcc:" not in head and b"\ncc:" not in head


@given(st.text(max_size=50))
def test_the_identifier_of_a_letter_depends_on_its_key_alone(key: str) -> None:
    assert message_id(key, "a@example.org") == message_id(key, "a@example.org")
    assert message_id(key, "a@example.org") != message_id(key + "x", "a@example.org")


@given(st.text(max_size=60))
def test_an_address_is_one_or_is_refused(text: str) -> None:
    try:
        found = address(text)
    except ValueError:
        return
    assert found.addr_spec.isascii()
    assert not set(found.addr_spec) & set("\r\n")


WORDS = st.sampled_from(
    "pôles compétitivité l’avenir « agenda de la politique [Essai] : été € très-long avis, "
    "(suite) “cité” 2026 n°\u00a012 🌾".split(" ")
)


def as_read(subject: str) -> tuple[str, list[bytes]]:
    """Return the subject that a mail reader shows, and the lines of the header."""
    letter = compose(
        key="k", sender="a@example.org", to="b@example.org", subject=subject, body="x",
        headers={}, posted_at=NOW,
    )  # fmt: skip
    head = bytes(letter).partition(b"\r\n\r\n")[0]
    raw = message_from_bytes(bytes(letter))["Subject"]
    return str(make_header(decode_header(raw))), head.split(b"\r\n")


@given(words=st.lists(WORDS, min_size=1, max_size=24))
@example(
    words="[Essai] Votre avis est attendu\u00a0: Consultation publique sur l’avenir de la "
    "politique des pôles de compétitivité".split(" ")
)
def test_zoe_reads_the_subject_that_claire_wrote_however_long(words: list[str]) -> None:
    subject = " ".join(words)
    read, lines = as_read(subject)
    assert read == subject
    assert max(map(len, lines)) <= 78
