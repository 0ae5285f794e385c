"""What letters hold and the database does not: personal links, and keys to unsubscribe."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from consultation.accounts.keys import Keys


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and recognises what is written in letters; ``base`` is the address of the site."""

    keys: Keys
    base: str

    def token(self, contact_id: int, nonce: str) -> str:
        """Return the secret of a personal link: 43 letters, made again for each letter."""
        digest = self.keys.digest("invitation link", str(contact_id), nonce)
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def token_hash(self, token: str) -> bytes:
        """Return what the database keeps of the secret of a link."""
        return self.keys.digest("invitation link hash", token)

    def personal(self, contact_id: int, nonce: str) -> str:
        """Return the address of the personal link."""
        return f"{self.base}/invitation/{self.token(contact_id, nonce)}"

    def unsubscribe(self, contact_id: int, email: str) -> str:
        """Return the address where one press unsubscribes the contact, without signing in."""
        return f"{self.base}/desabonnement/{contact_id}/{self.unsubscribe_key(contact_id, email)}"

    def unsubscribe_key(self, contact_id: int, email: str) -> str:
        """Return the secret of that address: 48 hexadecimal digits.

        The first 16 say that we wrote it, the others to whom: a database may give the number of
        somebody removed to somebody else.
        """
        ours = self.keys.digest("unsubscribe", str(contact_id)).hex()[:16]
        return ours + self.keys.digest("unsubscribe address", str(contact_id), email).hex()[:32]

    def wrote(self, contact_id: int, key: str) -> bool:
        """Whether ``key`` was written in a letter to a contact of this number."""
        return _same(self.unsubscribe_key(contact_id, "")[:16], key[:16])

    def unsubscribes(self, contact_id: int, email: str, key: str) -> bool:
        """Whether ``key`` is the secret that unsubscribes the contact."""
        return _same(self.unsubscribe_key(contact_id, email), key)

    def opening(self, number: int) -> str:
        """Return the address where somebody confirms that they want to know of an opening."""
        return f"{self.base}/ouverture/{number}/{self.opening_key(number)}"

    def opening_key(self, number: int) -> str:
        """Return the secret of that address: 32 hexadecimal digits."""
        return self.keys.digest("opening request", str(number)).hex()[:32]

    def wrote_opening(self, number: int, key: str) -> bool:
        """Whether ``key`` was written in a letter about this request."""
        return _same(self.opening_key(number), key)

    def address_hash(self, email: str) -> bytes:
        """Return what is remembered of an address that asked for no more invitations."""
        return self.keys.digest("unsubscribed address", email)

    def outbox_key(self, campaign_id: int, contact_id: int, email: str) -> str:
        """Return the key of the one message of a campaign to a contact.

        It ends with a secret, so that nobody can make up the Message-ID that a bounce quotes; the
        address is part of it, because a number may serve again once its contact is removed.
        """
        secret = self.keys.digest("invitation message", str(campaign_id), str(contact_id), email)
        return f"invitation:{campaign_id}:{contact_id}:{secret.hex()[:16]}"


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def reference(outbox_key: str) -> str:
    """Return the part of the Message-ID of a message that comes before the @."""
    # Here and not above: a letter is composed by the worker, and that library weighs 2 MB.
    from consultation.mail.letter import message_id

    return message_id(outbox_key, "a@example.org")[1:].partition("@")[0]
