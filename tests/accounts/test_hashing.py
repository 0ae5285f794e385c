"""Passwords at rest, and what a crowd at the door costs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import process_time

import pytest

from consultation.accounts import hashing
from consultation.accounts.hashing import Hashing, TooBusyError, quick, strong


def test_a_password_is_argon2id_with_its_own_salt() -> None:
    door = quick()
    first, second = door.hash("Hibou-77"), door.hash("Hibou-77")
    assert first.startswith("$argon2id$")
    assert first != second
    assert door.verify(first, "Hibou-77")
    assert not door.verify(first, "Hibou-78")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$broken"])
def test_without_a_stored_password_none_is_right(stored: str | None) -> None:
    assert not quick().verify(stored, "Hibou-77")


def test_a_lone_surrogate_is_only_a_wrong_password() -> None:
    door = quick()
    assert not door.verify(door.hash("Hibou-77"), "\ud800")


def test_production_pays_64_mebibytes_a_hash() -> None:
    assert "m=65536,t=3" in strong().hash("Hibou-77")


def test_an_unknown_account_takes_as_long_as_a_known_one() -> None:
    door = strong()
    stored = door.hash("Hibou-77")
    door.verify(None, "first")

    def seconds(known: str | None) -> float:
        before = process_time()
        door.verify(known, "Hibou-78")
        return process_time() - before

    pairs = [(seconds(stored), seconds(None)) for _ in range(7)]
    assert abs(median(a for a, _ in pairs) - median(b for _, b in pairs)) < 0.1


def test_a_crowd_waits_and_then_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "WAIT_SECONDS", 0.05)
    door = Hashing(places=1)

    def knock(_: int) -> str:
        try:
            return door.hash("Hibou-77")[:9]
        except TooBusyError:
            return "busy"

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(knock, range(8)))
    assert set(answers) == {"$argon2id", "busy"}
