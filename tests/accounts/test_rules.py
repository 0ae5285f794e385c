"""The rules of the accounts, as tables and as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from secrets import choice

import pyotp
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from consultation.accounts.rules import naming, organisations, passwords, sessions
from consultation.accounts.rules.attempts import LIMITS, Count, faded, locked_until, wait_after
from consultation.accounts.rules.refusal import Refusal
from consultation.accounts.rules.roles import ROLES, allow
from consultation.accounts.rules.second_factor import (
    accepted_step,
    clean_code,
    is_recovery,
    new_recovery_code,
)

NOW = datetime(2022, 2, 1, 9, 0, tzinfo=UTC)
LIMIT = LIMITS["password"]


# --- passwords: CNIL, deliberation 2022-100 --------------------------------------------------


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("Aa1!Aa1!Aa1!", None),  # 12 characters, four classes
        ("Aa1!Aa1!Aa1", passwords.TOO_WEAK),  # 11
        ("Aa1Aa1Aa1Aa1A", passwords.TOO_WEAK),  # 13 without a special character
        ("Aa1Aa1Bb2Bb2Cc", None),  # 14 without a special character
        ("ab1!ab1!ab1!ab", None),  # 14, three classes, no upper-case
        ("aa1aa1bb2bb2cc", passwords.TOO_WEAK),  # 14, two classes
        ("le chat gris dort sur ton vieux lit", None),  # seven words
        ("le chat gris dort sur ton lit le soir", None),
        ("le chat gris dort sur ton", passwords.TOO_WEAK),  # six words
        ("non non non non non non non non non", passwords.TOO_WEAK),  # one word, nine times
        ("a b c d e f g h i j k l", passwords.TOO_WEAK),  # letters are not words
        ("AAAAAAAAAAAAAAAAAA1a", passwords.TOO_WEAK),  # three characters, repeated
        ("Motdepasse2022!", passwords.TOO_COMMON),
        ("P@ssw0rd1234!", passwords.TOO_COMMON),
        ("Azertyuiop123!", passwords.TOO_COMMON),
        ("BonjourSoleil1!", passwords.TOO_COMMON),
        ("123456789012Ab!", None),
        ("Emile-Roux-2022!", passwords.TOO_PERSONAL),
        ("emile.roux@Example.org1", passwords.TOO_PERSONAL),
        ("Émile-aime-42-girafes!", None),
        ("Aa1!" * 65, passwords.TOO_LONG),
        ("Aa1!Aa1!\0Aa1!", passwords.UNREADABLE),
        ("Aa1!Aa1!\ud800Aa1!", passwords.UNREADABLE),
        ("", passwords.TOO_WEAK),
    ],
)
def test_emile_chooses_a_password(password: str, fault: str | None) -> None:
    assert passwords.fault(password, ["Émile Roux", "emile.roux@example.org"]) == fault


@given(st.text(max_size=300))
def test_any_password_gets_one_answer(text: str) -> None:
    fault = passwords.fault(text, ["Zoé"])
    assert fault is None or fault[0].isupper()


@given(st.text(max_size=11))
@example("00000Aa\u00a8\u00bc")  # twelve characters in their normal form
def test_nothing_under_twelve_characters_is_accepted_but_a_sentence(text: str) -> None:
    assert passwords.fault(text) is not None


def test_accents_typed_on_two_keyboards_are_the_same_password() -> None:
    assert passwords.normalise("été") == passwords.normalise("e\u0301te\u0301")


# --- addresses and names ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" Emile@Example.ORG ", "emile@example.org"),
        ("emile@exämple.fr", "emile@exämple.fr"),
        ("emile@XN--exmple-cua.fr", "emile@exämple.fr"),
        ("prénom@example.org", None),
        ("emile@example", None),
        ("emile@localhost", None),
        ("emile@example.org, lea@example.org", None),
        ("Émile <emile@example.org>", None),
        ("emile@example.org\nBcc: lea@example.org", None),
        ("emile@[127.0.0.1]", None),
        ("x" * 300 + "@example.org", None),
        ("@", None),
        ("", None),
    ],
)
def test_one_address_has_one_form(typed: str, clean: str | None) -> None:
    if clean is None:
        with pytest.raises(Refusal):
            naming.clean_email(typed)
    else:
        assert naming.clean_email(typed) == clean


@given(st.one_of(st.text(), st.emails(), st.text().map(lambda t: f"{t}@example.org")))
def test_a_clean_address_is_clean_and_a_bad_one_is_refused_in_words(text: str) -> None:
    try:
        clean = naming.clean_email(text)
    except Refusal as refusal:
        assert str(refusal) == naming.WRONG_ADDRESS
    else:
        assert naming.clean_email(clean) == clean == clean.lower()


PARTS = ("a", "B-1", "postmaster", "", "+_", "-a", "a" * 63, "a" * 65, "é")
LABELS = (
    "example",
    "EXAMPLE",
    "org",
    "test",
    "local",
    "1",
    "",
    "a-",
    "ab--c",
    "xn--caf-dma",
    "a" * 63,
)


@given(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map(".".join),
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=5).map(".".join),
)
@example("a" * 65, "example.org")
@example("a", "xn--caf-dma.example.org")
@example("a", "example.test")
def test_an_address_whose_domain_was_seen_is_read_as_the_library_reads_it(
    local: str, domain: str
) -> None:
    address = f"{local}@{domain}"
    try:
        found = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        with pytest.raises(Refusal):
            naming.clean_email(address)
    else:
        assert naming.clean_email(address) == found.normalized.lower()


@given(st.text())
def test_a_name_is_on_one_line_and_shows_everything(text: str) -> None:
    try:
        name = naming.clean_name(text)
    except Refusal:
        return
    assert name and name.isprintable()
    assert "://" not in name


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:bbbb::9", "2001:0db8:0001:0002"),
        (None, "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_home_with_many_ipv6_addresses_is_one_network(address: str | None, found: str) -> None:
    assert naming.neighbourhood(address) == found


# --- organisations ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("552 100 554 00013", "55210055400013"),
        ("73282932000074", "73282932000074"),
        ("732.829.320.00074", "73282932000074"),
        ("35600000000048", "35600000000048"),  # La Poste, head office: Luhn
        ("35600000009075", "35600000009075"),  # La Poste, a post office: sum of digits
        ("35600000009076", None),
        ("73282932000075", None),
        ("7328293200007", None),
        ("732829320000744", None),
        ("00000000000000", None),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", None),
        ("quatorze chiffr", None),
        ("", None),
    ],
)
def test_nadia_types_a_siret(typed: str, clean: str | None) -> None:
    if clean is None:
        with pytest.raises(Refusal):
            organisations.clean_siret(typed)
    else:
        assert organisations.clean_siret(typed) == clean
        assert organisations.siren_of(clean) == clean[:9]


@given(st.text(max_size=40))
def test_any_siret_is_clean_or_refused(text: str) -> None:
    try:
        clean = organisations.clean_siret(text)
    except Refusal:
        return
    assert organisations.clean_siret(clean) == clean


@given(st.from_regex(r"\A[1-9][0-9]{13}\Z"), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(siret: str, place: int, shift: int) -> None:
    def accepted(digits: str) -> bool:
        try:
            return bool(organisations.clean_siret(digits))
        except Refusal:
            return False

    if siret.startswith("356000000") or not accepted(siret):
        return
    wrong = siret[:place] + str((int(siret[place]) + shift) % 10) + siret[place + 1 :]
    assert wrong.startswith("356000000") or not accepted(wrong)


# --- tries -----------------------------------------------------------------------------------


def test_five_tries_are_free_and_the_waits_double_up_to_an_hour() -> None:
    minutes = [wait_after(LIMIT, n) / timedelta(minutes=1) for n in range(15)]
    assert minutes == [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


@given(st.integers(0, 10**6), st.integers(0, 10**7))
def test_a_wait_ends_and_tries_are_forgotten(number: int, seconds: int) -> None:
    count = Count(number, NOW)
    later = NOW + timedelta(seconds=seconds)
    until = locked_until(LIMIT, count, later)
    assert until is None or later < until <= NOW + LIMIT.longest
    assert 0 <= faded(LIMIT, count, later) <= number


@given(st.integers(0, 50), st.integers(0, 10**5), st.integers(0, 10**5))
def test_waiting_longer_never_makes_the_wait_longer(number: int, first: int, more: int) -> None:
    count = Count(number, NOW)
    sooner, later = NOW + timedelta(seconds=first), NOW + timedelta(seconds=first + more)
    assert faded(LIMIT, count, later) <= faded(LIMIT, count, sooner)


def test_one_try_is_forgotten_each_hour() -> None:
    left = [faded(LIMIT, Count(6, NOW), NOW + timedelta(hours=hours)) for hours in range(8)]
    assert left == [6, 5, 4, 3, 2, 1, 0, 0]


def test_a_clock_set_back_forgets_nothing() -> None:
    assert faded(LIMIT, Count(6, NOW), NOW - timedelta(days=1)) == 6


# --- sessions and roles ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "staff", "over"),
    [
        (timedelta(hours=11, minutes=59), True, False),
        (timedelta(hours=12), True, True),
        (timedelta(hours=12), False, False),
        (timedelta(days=7), False, True),
        (-timedelta(hours=1), False, True),  # a session from the future is forged or broken
    ],
)
def test_a_session_ends(age: timedelta, staff: bool, over: bool) -> None:
    assert sessions.is_over(NOW - age, staff, NOW) is over


@given(
    st.lists(st.tuples(st.sampled_from(list(ROLES)), st.none() | st.integers(1, 3))),
    st.sampled_from(list(ROLES)),
    st.none() | st.integers(1, 3),
)
def test_a_role_is_held_where_it_was_given_and_nowhere_else(
    grants: list[tuple[str, int | None]], role: str, where: int | None
) -> None:
    expected = (role, None) in grants or (role, where) in grants
    assert allow(grants, role, where) is expected


# --- second factor ---------------------------------------------------------------------------

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@given(st.integers(1000, 2**33), st.integers(-200, 200))
def test_a_code_is_accepted_a_minute_around_its_time_and_never_after_a_later_one(
    moment: int, gap: int
) -> None:
    code = pyotp.TOTP(SECRET).at(moment)
    now = datetime.fromtimestamp(moment + gap, UTC)
    step = accepted_step(SECRET, code, now, None)
    near = abs((moment + gap) // 30 - moment // 30) <= 1
    if near:
        assert step is not None
        assert accepted_step(SECRET, code, now, step) != step
    elif step is not None:
        assert pyotp.TOTP(SECRET).generate_otp(step) == code  # the same digits, by chance


@given(st.text(max_size=12))
def test_any_code_is_read_or_refused(text: str) -> None:
    code = clean_code(text)
    assert accepted_step(SECRET, code, NOW, None) is None or len(code) == 6
    assert not (is_recovery(code) and code.isdigit() and len(code) == 6)


def test_recovery_codes_are_recognised_and_not_repeated() -> None:
    codes = {new_recovery_code(choice) for _ in range(100)}
    assert len(codes) == 100
    assert all(is_recovery(clean_code(f" {code[:5].upper()}-{code[5:]} ")) for code in codes)
