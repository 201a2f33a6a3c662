"""Remembers which picture stands behind an own address, fetches it once, and keeps it on the disk."""

import logging
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Condition
from typing import Any

from cachetools import TTLCache, cached
from diskcache import Cache  # type: ignore[import-untyped]

from userapi_gw.backend.media import Media
from userapi_gw.errors import Failure
from userapi_gw.imaging import NotAPictureError, shrink
from userapi_gw.pictures.damage import discard_damaged
from userapi_gw.pictures.names import Names

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
WIDTHS = {"a": 200, "b": 100, "c": 50, "s": 75, "m": 130, "x": 604}
"""Pixels across by the first letter of the file name: a b c are people, s m x are photos."""

SUBSTITUTES = {"a": "abc", "b": "bac", "c": "cba", "s": "smx", "m": "mxs", "x": "xms"}
"""Where the backend has no such size: the next larger one is scaled down, else a smaller one is shown as it is."""

ADDRESSES_LIMIT = 64 * MEGABYTE
"""Some 300 000 addresses; those that no answer showed for the longest time are forgotten first."""

MEMORY_SECONDS = 10
MEMORY_LIMIT = 16 * MEGABYTE
ENTRY_BYTES = 1024
"""What an address takes in memory, also of a picture that cannot be had."""

_PATH = re.compile(r"/u(\d{1,20})/([abcsmx])_([0-9a-f]{1,32})\.jpg", re.ASCII)


class PictureStore:
    """Own addresses and pictures in `folder`, shared by the threads and processes of a gateway.

    The pictures take at most `megabytes` on the disk, the ones unused for the longest time go first. What a crash or a
    broken disk left unreadable is thrown away at the start.
    """

    def __init__(self, folder: Path, megabytes: int, media: Media) -> None:
        self._folder, self._megabytes, self._media = folder, megabytes, media
        discard_damaged(folder)
        self.names = Names()
        # Threads that want the same picture at once share one call; a failure is remembered for a moment too.
        recent: TTLCache[object, bytes] = TTLCache(
            MEMORY_LIMIT, MEMORY_SECONDS, getsizeof=lambda body: len(body) + ENTRY_BYTES
        )
        self._fetch = cached(recent, condition=Condition())(self._fetch_once)

    # Only texts and bytes are stored, which diskcache keeps as they are; nothing is ever pickled.

    @cached_property
    def _sources(self) -> Cache:
        return self._cache("addresses", size_limit=ADDRESSES_LIMIT)

    @cached_property
    def _pictures(self) -> Cache:
        return self._cache("files", size_limit=self._megabytes * MEGABYTE, eviction_policy="least-recently-used")

    def _cache(self, name: str, **policy: Any) -> Cache:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Cache(self._folder / name, **policy)

    def serves(self, url: str) -> bool:
        """Tell whether an address is on one of the backend's media hosts, so that it may be fetched."""
        return self._media.allows(url)

    def remember(self, sources: Mapping[str, str]) -> None:
        """Remember the backend's address behind each own path (`/u00001/b_6261d317.jpg`)."""
        if not sources:
            return
        with self._sources.transact():
            for path, url in sources.items():
                self._sources.set(path, url)

    def picture(self, path: str) -> bytes:
        """Return the JPEG behind an own path; empty when there is none, or when it cannot be had now."""
        found = _PATH.fullmatch(path)
        if not found:
            return b""
        owner, letter, name = found.groups()
        paths = (f"/u{owner}/{other}_{name}.jpg" for other in SUBSTITUTES[letter])
        source = next((url for url in map(self._sources.get, paths) if url), None)
        return self._kept(source, WIDTHS[letter]) if source else b""

    def original(self, url: str) -> bytes:
        """Return the JPEG at the backend's own address; empty when there is none."""
        return self._kept(url, WIDTHS["x"]) if self.serves(url) else b""

    def close(self) -> None:
        """Close the files."""
        for cache in {"_sources", "_pictures"} & vars(self).keys():
            getattr(self, cache).close()

    def _kept(self, url: str, width: int) -> bytes:
        kept: bytes | None = self._pictures.get(_key(url, width))
        return kept if kept is not None else self._fetch(url, width)

    def _fetch_once(self, url: str, width: int) -> bytes:
        try:
            picture = shrink(self._media.fetch(url), width)
        except Failure as failure:
            log.log(failure.outcome.level, "picture: %s", failure)
            return b""
        except NotAPictureError as error:
            log.warning("picture: the backend sent something else (%s)", error)
            return b""
        self._pictures.set(_key(url, width), picture)
        return picture


def _key(url: str, width: int) -> str:
    return f"{width} {url}"
