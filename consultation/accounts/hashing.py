"""Passwords at rest: argon2id, a few at a time because each one takes 64 MiB."""

from __future__ import annotations

from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from consultation.accounts.rules.passwords import normalise

if TYPE_CHECKING:
    from argon2 import PasswordHasher

WAIT_SECONDS = 5.0


class TooBusyError(Exception):
    """Every place for a hash stayed taken for ``WAIT_SECONDS``."""


class Hashing:
    """Hash and verify passwords, at most ``places`` at the same time in this process.

    ``parameters`` are those of argon2id; without any, RFC 9106's second choice.
    """

    def __init__(self, places: int, **parameters: Any) -> None:
        self._parameters = parameters
        self._places = BoundedSemaphore(places)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher  # when somebody types a password, and not before

        return PasswordHasher(**self._parameters)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("the password of nobody")

    def hash(self, password: str) -> str:
        """Return the argon2id hash of ``password``, with its own salt."""
        with _Place(self._places):
            return self._hasher.hash(normalise(password))

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` is the stored one; as slow when there is none to compare with."""
        from argon2.exceptions import InvalidHashError, VerificationError

        with _Place(self._places):
            try:
                self._hasher.verify(stored or self._nobody, normalise(password))
            except (VerificationError, InvalidHashError, UnicodeEncodeError):
                return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether ``stored`` was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)


class _Place:
    def __init__(self, places: BoundedSemaphore) -> None:
        self._places = places

    def __enter__(self) -> None:
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise TooBusyError

    def __exit__(self, *_: object) -> None:
        self._places.release()


def strong() -> Hashing:
    """Return today's parameters: RFC 9106's second choice, 64 MiB and three passes."""
    return Hashing(places=2)


def quick() -> Hashing:
    """Return parameters for tests: the same code, without the cost."""
    return Hashing(places=8, time_cost=1, memory_cost=8, parallelism=1)
