"""How secrets are stored: random ones as a hash, backend tokens encrypted, guessable names as a keyed hash."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def digest(secret: str) -> str:
    """Return the SHA-256 (64 hex digits) of a random secret. Enough because nobody can guess 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Vault:
    """Keys derived from the secret key. Raises ValueError when that key is empty."""

    def __init__(self, secret_key: str) -> None:
        if not secret_key:
            raise ValueError("the secret key is empty")
        self._fernet = Fernet(urlsafe_b64encode(_derive(secret_key, b"userapi_gw stored tokens")))
        self._name_key = _derive(secret_key, b"userapi_gw hashed names")

    def encrypt(self, token: str) -> str:
        """Return `token` in a form only the holder of the secret key can read."""
        return self._fernet.encrypt(token.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """Undo `encrypt`. Raises cryptography.fernet.InvalidToken when the secret key has changed since."""
        return self._fernet.decrypt(encrypted).decode()

    def hash_name(self, *parts: str) -> str:
        """Return a keyed hash (64 hex digits) of e-mail or network addresses, which a plain hash would not hide."""
        # The program chose the text: it may hold half a surrogate pair, which UTF-8 alone refuses.
        message = b"\0".join(hashlib.sha256(part.encode(errors="surrogatepass")).digest() for part in parts)
        return hmac.new(self._name_key, message, hashlib.sha256).hexdigest()


def _derive(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
