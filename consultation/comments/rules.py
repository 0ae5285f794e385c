"""Who may comment and when, what a comment may hold, where it may go. Pure."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, Protocol

from consultation.web.typography import number_fr, plural

POSITIONS = {"favourable": "Favorable", "reserved": "Réservé", "unfavourable": "Défavorable"}

GROUNDS = {
    "insult": "Propos blessants ou injurieux",
    "personal_data": "Personne nommée ou identifiable",
    "off_topic": "Hors sujet",
    "advertising": "Publicité ou lien commercial",
    "illegal": "Contenu illicite",
    "duplicate": "Doublon",
}
"""Why a comment may be refused, returned or removed; the charter explains each."""

TRANSITIONS: dict[str, frozenset[str]] = {
    "unconfirmed": frozenset({"pending"}),
    "pending": frozenset({"published", "returned", "refused"}),
    "returned": frozenset({"pending", "published"}),
    "published": frozenset({"returned", "removed"}),
    "refused": frozenset({"pending", "published"}),
    "removed": frozenset({"pending", "published"}),
}
"""Every state and those that may follow: an author sends again, an appeal is upheld."""

LONGEST_TEXT = 2000
WAIT = timedelta(seconds=30)
CONFIRMATION_LIFE = timedelta(days=7)
MOST_UNCONFIRMED = 3
FASTEST_VISITOR = timedelta(seconds=3)


class Refused(Exception):
    """A rule says no. ``field`` names what is at fault, the message says what to do, in French."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class TooFastError(Refused):
    """The same person wrote ``seconds`` too early."""

    def __init__(self, seconds: int) -> None:
        wait = plural(seconds, "seconde", "secondes")
        super().__init__("text", f"Attendez {wait} avant d’envoyer un autre commentaire")
        self.seconds = seconds


class Shown(Protocol):
    """What decides how a comment is shown."""

    @property
    def state(self) -> str: ...
    @property
    def published_at(self) -> datetime | None: ...


def may_become(state: str, wanted: str) -> bool:
    """Return whether a comment in ``state`` may go to ``wanted``."""
    return wanted in TRANSITIONS[state]


def look(comment: Shown, by_author: bool) -> Literal["text", "placeholder", "nothing"]:
    """Return what a reader sees of a comment: its text, a dated placeholder, or nothing."""
    if comment.state == "published" or (by_author and comment.state != "unconfirmed"):
        return "text"
    if comment.state in ("refused", "removed") or comment.published_at is not None:
        return "placeholder"
    return "nothing"


def may_edit(state: str) -> bool:
    """Return whether the author may change the text and send it again."""
    return state in ("returned", "refused", "removed")


def check_open(comments_mode: str, phase: str, *, signed_in: bool) -> None:
    """Raise :class:`Refused` unless the person may comment now."""
    if comments_mode == "closed":
        raise Refused("text", "Les commentaires ne sont pas ouverts sur cette consultation")
    if phase != "open":
        raise Refused("text", "Les commentaires sont ouverts pendant la consultation seulement")
    if comments_mode == "members" and not signed_in:
        raise Refused("text", "Connectez-vous pour commenter")


def check_pace(last_sent: datetime | None, now: datetime) -> None:
    """Raise :class:`TooFastError` when the person sent a comment less than 30 seconds ago."""
    if last_sent is not None and now - last_sent < WAIT:
        left = last_sent + WAIT - now
        raise TooFastError(max(1, -(-left // timedelta(seconds=1))))


def clean_text(typed: str) -> str:
    """Return the text as it is kept; raise :class:`Refused` when it is empty or too long.

    What can hide or reorder words (control and direction characters) goes, and so do the blank
    lines beyond one.
    """
    kept = "".join(c for c in typed if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf"))
    lines = [" ".join(line.split()) for line in kept.split("\n")]
    text = "\n".join(line for i, line in enumerate(lines) if line or (i and lines[i - 1])).strip()
    if not text:
        raise Refused("text", "Écrivez votre commentaire")
    if len(text) > LONGEST_TEXT:
        raise Refused("text", f"Limitez-vous à {number_fr(LONGEST_TEXT)} caractères")
    return text


def visitor_token(secret_key: str, comment_id: int, email: str) -> str:
    """Return what the address of a visitor's own page holds: only their letters give it."""
    message = f"comment:{comment_id}:{email}".encode()
    return hmac.new(secret_key.encode(), message, sha256).hexdigest()[:40]


def is_visitor_token(token: str, secret_key: str, comment_id: int, email: str) -> bool:
    """Return whether ``token`` opens the visitor's page of that comment."""
    expected = visitor_token(secret_key, comment_id, email)
    return hmac.compare_digest(token.encode(), expected.encode())


def ticket(secret_key: str, shown_at: datetime, chance: str) -> str:
    """Return what a form carries: when it was shown and something unique, signed."""
    body = f"{int(shown_at.timestamp()):x}-{chance}"
    return f"{body}-{_seal(secret_key, body)}"


def shown_at(value: str, secret_key: str) -> datetime | None:
    """Return when the form that carries the ticket ``value`` was shown; ``None`` if forged."""
    body, _, seal = value.rpartition("-")
    if not value.isascii() or not hmac.compare_digest(seal, _seal(secret_key, body)):
        return None
    return datetime.fromtimestamp(int(body.partition("-")[0], 16), UTC)


def _seal(secret_key: str, body: str) -> str:
    return hmac.new(secret_key.encode(), f"form:{body}".encode(), sha256).hexdigest()[:20]
