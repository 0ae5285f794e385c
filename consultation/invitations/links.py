"""What letters hold and the database does not: personal links, and keys to unsubscribe."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from consultation.accounts.keys import Keys
from consultation.mail.letter import message_id


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

    def unsubscribe(self, contact_id: int) -> str:
        """Return the address where one press unsubscribes the contact, without signing in."""
        return f"{self.base}/desabonnement/{contact_id}/{self.unsubscribe_key(contact_id)}"

    def unsubscribe_key(self, contact_id: int) -> str:
        """Return the secret of that address: 32 hexadecimal digits."""
        return self.keys.digest("unsubscribe", str(contact_id)).hex()[:32]

    def unsubscribes(self, contact_id: int, key: str) -> bool:
        """Whether ``key`` is the secret that unsubscribes the contact."""
        given = key.encode("utf-8", "replace")
        return hmac.compare_digest(self.unsubscribe_key(contact_id).encode(), given)

    def address_hash(self, email: str) -> bytes:
        """Return what is remembered of an address that asked for no more invitations."""
        return self.keys.digest("unsubscribed address", email)

    def outbox_key(self, campaign_id: int, contact_id: int) -> str:
        """Return the key of the one message of a campaign to a contact.

        It ends with a secret, so that nobody can make up the Message-ID that a bounce quotes.
        """
        secret = self.keys.digest("invitation message", str(campaign_id), str(contact_id))
        return f"invitation:{campaign_id}:{contact_id}:{secret.hex()[:16]}"


def reference(outbox_key: str) -> str:
    """Return the part of the Message-ID of a message that comes before the @."""
    return message_id(outbox_key, "a@example.org")[1:].partition("@")[0]
