"""The hashes without which nobody uploads. UserAPI documentation, "Hash values for photos upload"."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

PROFILE, ALBUM = "lprofile", "lphotos"
"""What is uploaded: the main photo, or photos for an album; the values of `act` at `upload.php`."""

_DIGITS = 32
"""Hex digits of a hash, as in the documentation's sample."""


class UploadHashes:
    """Makes and checks the pair `hash`, `rhash` for one viewer, kind and album (0 for the main photo)."""

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.digest(secret_key.encode(), b"hashes of uploads", "sha256")

    def pair(self, kind: str, viewer: int, album: int) -> tuple[str, str]:
        """Return `hash` and the "reverse" hash, which is made of the first one read backwards."""
        first = self._digest(f"{kind}:{viewer}:{album}")
        return first, self._digest(first[::-1])

    def right(self, kind: str, viewer: int, album: int, given: tuple[str, str]) -> bool:
        """Tell whether both hashes given are right; how long that takes says nothing about them."""
        first, reverse = self.pair(kind, viewer, album)
        return _equal(first, given[0]) & _equal(reverse, given[1])  # not `and`: both are compared, always

    def _digest(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), sha256).hexdigest()[:_DIGITS]


def _equal(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode(errors="replace"))


@dataclass(frozen=True, slots=True)
class UploadForms:
    """What a profile tells its owner's program about uploading, for a program that knows the gateway as `address`."""

    address: str
    hashes: UploadHashes

    def form(self, kind: str, viewer: int, album: int) -> dict[str, Any]:
        """Return `url` (to which `upload.php` is added), `hash` and `rhash`."""
        first, reverse = self.hashes.pair(kind, viewer, album)
        return {"url": f"{self.address}/", "hash": first, "rhash": reverse}
