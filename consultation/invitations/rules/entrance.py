"""What the holder of a personal link may do: the link is a key, and letters are forwarded.

A link proves that somebody read a letter sent to an address, perhaps forwarded, weeks ago. It opens
a new account under that address, and opens it again as long as nothing but the link was used to
come in. As soon as the account has a life of its own (a password, a role, a second factor, a
sign-in by another way, or simply an earlier birth) the link alone opens nothing: a letter to the
address must confirm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from consultation.consultations.rules import Phase

Entrance = Literal["over", "open", "enter", "join", "choose", "confirm"]
"""``over``: the link opens nothing. ``open``: an account is made (or an unconfirmed one taken,
without its password). ``enter``: the account that the link made is opened again. ``join``: the
person signed in answers under their own account. ``choose``: they say which account first.
``confirm``: a letter goes to the invited address, and nothing else happens."""


@dataclass(frozen=True, slots=True)
class Link:
    """A personal link. ``user_id`` is the account it is joined to, ``made`` whether it made it."""

    revoked: bool
    phase: Phase
    user_id: int | None = None
    made: bool = False
    entered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The account of the invited address."""

    id: int
    confirmed: bool = True
    has_password: bool = False
    has_second_factor: bool = False
    has_role: bool = False
    last_sign_in_at: datetime | None = None


def entrance(
    link: Link, account: Account | None, visitor: int | None, *, keeps_own: bool | None
) -> Entrance:
    """Return what pressing the button does.

    ``visitor`` is who is signed in; ``keeps_own`` what they chose when it is somebody else than
    the invited address: their own account, the invited one, or nothing yet (``None``).
    """
    if link.revoked or link.phase in ("draft", "closed"):
        return "over"
    if visitor is not None and account is not None and visitor == account.id:
        return "join"
    if visitor is not None and keeps_own is not False:
        return _with_own_account(link, visitor, keeps_own)
    return _with_invited_address(link, account)


def may_join(link: Link, visitor: int) -> bool:
    """Whether ``visitor`` may answer this invitation under another address: the first one may."""
    return link.user_id is None or link.user_id == visitor


def _with_own_account(link: Link, visitor: int, keeps_own: bool | None) -> Entrance:
    return "join" if keeps_own and may_join(link, visitor) else "choose"


def _with_invited_address(link: Link, account: Account | None) -> Entrance:
    if account is None or not account.confirmed:
        return "open" if account is None or not account.has_role else "confirm"
    return "enter" if _lives_by(link, account) else "confirm"


def _lives_by(link: Link, account: Account) -> bool:
    """Whether the account was made by the link, and nobody came in by another way since."""
    secured = account.has_password or account.has_second_factor or account.has_role
    if secured or not link.made or link.user_id != account.id:
        return False
    return (
        link.entered_at is not None
        and account.last_sign_in_at is not None
        and account.last_sign_in_at <= link.entered_at
    )
