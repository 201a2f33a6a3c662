"""What stands for a secret in a capture: something of the same shape, always the same for the same secret."""

import secrets
import string
from collections.abc import Iterator
from hashlib import shake_256

ADDRESS_HOST = "example.org"
LEAST_HEX = 8
"""From so many characters on, digits and a to f are read as a hex number."""

_HEX = frozenset("0123456789abcdef")
_SHAPES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


class StandIns:
    """Stand-ins made with a `key` (bytes), which nobody needs afterwards: it is made up and written nowhere.

    Without the key nobody finds out which secret a stand-in stands for, not even by trying. Very short secrets may
    share a stand-in.
    """

    def __init__(self, key: bytes = b"") -> None:
        self.key = key or secrets.token_bytes(32)

    def of(self, secret: str) -> str:
        """Return what stands for a secret: hex digits for hex digits, an e-mail address for one, letters for letters.

        Anything else but letters and digits stays where it is, if it is ASCII.
        """
        if "@" in secret:
            return f"{shake_256(self.key + secret.lower().encode()).hexdigest(6)}@{ADDRESS_HOST}"
        for attempt in range(16):
            made = self._of_its_shape(secret, attempt)
            if made != secret:
                return made
        return "x" * len(secret)  # nothing but signs

    def _of_its_shape(self, secret: str, attempt: int) -> str:
        seed = b"%b%d:%b" % (self.key, attempt, secret.encode(errors="surrogatepass"))
        numbers = iter(shake_256(seed).digest(2 * len(secret)))
        if len(secret) >= LEAST_HEX and set(secret) <= _HEX and not secret.isdecimal():
            return "".join(string.hexdigits[number % 16] for number, _ in zip(numbers, secret, strict=False))
        return "".join(_alike(character, numbers) for character in secret)


def _alike(character: str, numbers: Iterator[int]) -> str:
    shape = next((shape for shape in _SHAPES if character in shape), "" if character.isascii() else _SHAPES[1])
    return shape[(next(numbers) * 256 + next(numbers)) % len(shape)] if shape else character
