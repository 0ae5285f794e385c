"""Sign up and sign in: what the pages of entry do. The caller commits."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from consultation.accounts import actions, attempts, letters, queries
from consultation.accounts.models import SignInToken, User
from consultation.accounts.rules.sessions import LINK_LIFE
from consultation.accounts.vault import Vault
from consultation.mail.actions import post


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request of entry comes from.

    ``browser`` is a random value kept by the browser; ``destination`` a local address to open
    after the sign-in; ``base`` the public address of the site.
    """

    browser: str
    destination: str | None
    base: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Who comes in by a link or a code, and where they were going.

    ``password_dropped``: the password chosen at sign-up is not kept, because the address was
    confirmed from another browser than the one that chose it.
    """

    user: User
    destination: str | None
    password_dropped: bool = False


def sign_up(
    session: Session,
    vault: Vault,
    visit: Visit,
    *,
    email: str,
    display_name: str,
    password: str | None,
) -> None:
    """Create an account to confirm by letter; its owner is told when the address has one.

    What can be seen from outside is the same in both cases.
    """
    password_hash = vault.hashing.hash(password) if password else None
    user = queries.by_email(session, email)
    if not _may_write(session, vault, email, visit.now):
        return
    if user and user.email_confirmed_at:
        _send(session, vault, visit, user, "sign_in", letters.already)
        return
    if user is None:
        user = actions.open_account(session, email=email, display_name=display_name, now=visit.now)
    user.display_name = display_name
    _void(session, user.id, visit.now)
    if password_hash:
        actions.set_password(session, user, password_hash, visit.now)
    else:
        actions.drop_password(session, user.id)
    _send(session, vault, visit, user, "sign_up", letters.confirm)


def request_link(session: Session, vault: Vault, visit: Visit, email: str) -> None:
    """Send a link and a code to the account of ``email``; nobody can see whether there is one."""
    user = queries.by_email(session, email)
    if not _may_write(session, vault, email, visit.now) or user is None:
        return
    if user.email_confirmed_at:
        _send(session, vault, visit, user, "sign_in", letters.sign_in)
    else:
        purpose = "sign_up" if _chose_the_password(session, vault, visit, user) else "sign_in"
        _send(session, vault, visit, user, purpose, letters.confirm)


def check_password(
    session: Session, vault: Vault, email: str, password: str, now: datetime
) -> User | None:
    """Return the person whose password it is; as slow when there is no such account."""
    user = queries.by_email(session, email)
    credential = queries.credential(session, user.id, "password") if user else None
    stored = credential.secret if credential else None
    if not vault.hashing.verify(stored, password) or user is None or stored is None:
        return None
    if vault.hashing.outdated(stored):
        actions.set_password(session, user, vault.hashing.hash(password), now)
    return user


def opens(session: Session, vault: Vault, link: str, now: datetime) -> bool:
    """Whether ``link`` can still be used."""
    token = queries.token(session, vault.keys.digest("link", link))
    return token is not None and token.used_at is None and token.expires_at > now


def use_link(
    session: Session, vault: Vault, link: str, browser: str, now: datetime
) -> Entry | None:
    """Use a link once; return ``None`` when it is unknown, expired or already used."""
    token = queries.token(session, vault.keys.digest("link", link))
    if token is None or token.expires_at <= now:
        return None
    return _enter(session, vault, token, browser, now)


def use_code(
    session: Session, vault: Vault, email: str, code: str, browser: str, now: datetime
) -> Entry | None:
    """Use the six digits of a letter once; return ``None`` when they open nothing."""
    tokens = queries.open_tokens(session, email, now)
    for token in tokens:
        digest = vault.keys.digest("code", str(token.user_id), code)
        if hmac.compare_digest(digest, token.code_hash):
            return _enter(session, vault, token, browser, now)
    _count_failure(session, [token.id for token in tokens])
    return None


def record_sign_in(session: Session, user: User, now: datetime) -> None:
    """Note that ``user`` has come in."""
    user.last_sign_in_at = now
    actions.journal(session, "sign_in", user, now, actor_id=user.id)


def _may_write(session: Session, vault: Vault, email: str, now: datetime) -> bool:
    letter = [("letter", email)]
    if attempts.waiting_until(session, vault.keys, letter, now):
        return False
    attempts.count(session, vault.keys, letter, now)
    return True


def _send(
    session: Session,
    vault: Vault,
    visit: Visit,
    user: User,
    purpose: str,
    letter: letters.Letter,
) -> None:
    link, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    link_hash = vault.keys.digest("link", link)
    session.add(
        SignInToken(
            user_id=user.id,
            purpose=purpose,
            link_hash=link_hash,
            code_hash=vault.keys.digest("code", str(user.id), code),
            browser_hash=vault.keys.digest("browser", visit.browser),
            destination=visit.destination,
            created_at=visit.now,
            expires_at=visit.now + LINK_LIFE,
            failures=0,
        )
    )
    given = letters.Pass(f"{visit.base}/connexion/lien/{link}", code)
    subject, text = letter(user.display_name, given)
    key = f"{purpose}:{link_hash.hex()}"
    post(session, key=key, to=user.email, subject=subject, text=text, now=visit.now)


def _chose_the_password(session: Session, vault: Vault, visit: Visit, user: User) -> bool:
    before = queries.last_sign_up_token(session, user.id)
    return before is not None and _same_browser(vault, before, visit.browser)


def _same_browser(vault: Vault, token: SignInToken, browser: str) -> bool:
    digest = vault.keys.digest("browser", browser)
    return token.browser_hash is not None and hmac.compare_digest(token.browser_hash, digest)


def _enter(
    session: Session, vault: Vault, token: SignInToken, browser: str, now: datetime
) -> Entry | None:
    if not _take(session, token, now):
        return None
    user = token.user
    kept = token.purpose == "sign_up" and _same_browser(vault, token, browser)
    dropped = False
    if user.email_confirmed_at is None:
        # Whoever typed this password may not own the address: only its owner's browser keeps it.
        dropped = not kept and actions.drop_password(session, user.id)
        user.email_confirmed_at = now
        actions.journal(session, "confirm", user, now, actor_id=user.id)
    _void(session, user.id, now)
    return Entry(user, token.destination, dropped)


def _take(session: Session, token: SignInToken, now: datetime) -> bool:
    """Mark the token used; ``False`` when somebody was faster."""
    taken = session.execute(
        update(SignInToken)
        .where(SignInToken.id == token.id, SignInToken.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInToken.id)
        .execution_options(synchronize_session=False)
    )
    return taken.one_or_none() is not None


def _count_failure(session: Session, token_ids: list[int]) -> None:
    session.execute(
        update(SignInToken)
        .where(SignInToken.id.in_(token_ids))
        .values(failures=SignInToken.failures + 1)
        .execution_options(synchronize_session=False)
    )


def _void(session: Session, user_id: int, now: datetime) -> None:
    session.execute(
        update(SignInToken)
        .where(SignInToken.user_id == user_id, SignInToken.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
