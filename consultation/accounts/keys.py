"""What the secret key of the site derives: digests of tokens, encryption of second factors."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class Keys:
    """Keyed digests and encryption, one key per purpose, all derived from the site's secret."""

    def __init__(self, secret_key: str) -> None:
        self._secret = secret_key.encode()

    def digest(self, purpose: str, *parts: str) -> bytes:
        """Return 32 bytes that say nothing of ``parts`` to who does not hold the secret."""
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hmac.digest(self._derived(purpose), text, "sha256")

    def encrypt(self, purpose: str, text: str) -> str:
        """Return ``text`` encrypted and authenticated."""
        return self._box(purpose).encrypt(text.encode()).decode()

    def decrypt(self, purpose: str, sealed: str) -> str | None:
        """Return what was encrypted for ``purpose``, or ``None`` when the secret has changed."""
        from cryptography.fernet import InvalidToken

        try:
            return self._box(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self._secret, f"accounts/{purpose}".encode(), "sha256")

    def _box(self, purpose: str) -> Fernet:
        # Here and not above: it weighs 7 MB, and second factors alone ask for it.
        from cryptography.fernet import Fernet

        return Fernet(urlsafe_b64encode(self._derived(purpose)))
