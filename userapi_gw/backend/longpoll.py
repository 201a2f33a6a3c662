"""User Long Poll: hearing from a VK-style server that something happened, instead of asking again and again.

VK API documentation, "Using User Long Poll". What happened is told by topic alone: whoever hears of it reads the list
itself. That is also how time without a connection is made up for. `messages.getLongPollHistory` would tell no more, is
not to be relied on (OpenVK's tells all recent messages whatever it is asked, and a server that starts anew may count
`pts` from the beginning), and leaves out what went meanwhile.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import requests

from userapi_gw.backend.calls import Calls
from userapi_gw.backend.exchange import AWAY
from userapi_gw.errors import Failure, Kind, NoAnswer

VERSION = 3
MODE = 2 | 8 | 32
"""Attachments, the extended set of events, `pts`."""
NO_PTS = -1
"""What a server without a history of events says in the place of `pts`, as OpenVK does."""
PATIENCE = 10.0
"""How many seconds a server may answer later than it was asked to."""
_PORTS = {"http": 80, "https": 443}


class Topic(Enum):
    """What an event is about."""

    MAIL = "mail"
    """A message came, changed, was read, deleted or restored."""
    COUNTER = "counter"
    PRESENCE = "presence"
    CHAT = "chat"
    TYPING = "typing"
    SETTINGS = "settings"


TOPICS: dict[int, Topic] = {
    **dict.fromkeys((1, 2, 3), Topic.MAIL),  # flags replaced, set, taken away: read, deleted, spam
    **dict.fromkeys((4, 5), Topic.MAIL),  # new, edited
    **dict.fromkeys((6, 7), Topic.MAIL),  # all up to one read, received or sent
    **dict.fromkeys((8, 9), Topic.PRESENCE),
    **dict.fromkeys((10, 11, 12), Topic.CHAT),  # flags of a conversation
    **dict.fromkeys((13, 14), Topic.MAIL),  # all up to one deleted, restored
    **dict.fromkeys((51, 52), Topic.CHAT),
    **dict.fromkeys((61, 62, 63, 64), Topic.TYPING),
    80: Topic.COUNTER,
    114: Topic.SETTINGS,
}
"""Topics by the code an event begins with."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where one account's events are to be had from now on. The key opens them to whoever has it."""

    url: str
    key: str = field(repr=False)
    ts: int
    pts: int = NO_PTS

    @property
    def is_lossy(self) -> bool:
        """Tell whether the server forgets what happens while nobody is connected (OpenVK)."""
        return self.pts < 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What one wait brought: topics, codes nobody knows, and where to go on.

    `renewed` tells that the server refused the line and `line` is a new one; unless `whole`, events before it are lost.
    """

    line: Line
    topics: frozenset[Topic] = frozenset()
    unknown: tuple[int, ...] = ()
    renewed: bool = False
    whole: bool = True


class LongPollHttp:
    """The way to long poll servers. `home` is the backend's address; a server is there or at a name below `others`.

    The scheme is always the backend's: OpenVK leaves it out, and a key must not travel less safely than the token.
    """

    def __init__(self, session: requests.Session, home: str, others: Collection[str] = ()) -> None:
        self._session, self._home, self._others = session, urlsplit(home), tuple(others)

    def url(self, server: str) -> str:
        """Return the address to ask; raises `Failure(BACKEND_BROKEN)` for a host that is not the backend's."""
        scheme = self._home.scheme
        given = urlsplit(server if "://" in server else f"//{server}")
        place = (given.hostname, given.port or _PORTS[scheme])
        if place == (self._home.hostname, self._home.port or _PORTS[scheme]):
            return f"{scheme}://{self._home.netloc}{given.path}"
        if given.hostname and given.port is None and f".{given.hostname}".endswith(self._others):
            return f"{scheme}://{given.hostname}{given.path}"
        raise Failure(Kind.BACKEND_BROKEN, "long poll: not on a host of the backend")

    def get(self, line: Line, wait: float) -> dict[str, Any]:
        """Ask once and wait up to `wait` seconds; raises `NoAnswer` or `Failure(BACKEND_BROKEN)`."""
        asked = {"act": "a_check", "key": line.key, "ts": str(line.ts), "wait": str(max(1, round(wait)))}
        asked |= {"mode": str(MODE), "version": str(VERSION)}
        try:
            reply = self._session.get(line.url, params=asked, timeout=wait + PATIENCE, allow_redirects=False)
            answer = reply.json() if reply.status_code == requests.codes.ok else None
        except requests.exceptions.JSONDecodeError:
            raise Failure(Kind.BACKEND_BROKEN, "long poll: not JSON") from None
        except requests.exceptions.RequestException as error:
            raise NoAnswer(f"long poll: {type(error).__name__}", sent=True) from None  # the text quotes the key
        if not isinstance(answer, dict):
            if reply.status_code in AWAY:
                raise NoAnswer(f"long poll: HTTP {reply.status_code}", sent=True)
            raise Failure(Kind.BACKEND_BROKEN, f"long poll: HTTP {reply.status_code}, not an object")
        return answer


@dataclass(frozen=True, slots=True)
class LongPoll:
    """The events of one viewer."""

    calls: Calls
    http: LongPollHttp

    def line(self) -> Line:
        """Ask where events are to be had; raises `Failure`, `UNSUPPORTED` where there are none."""
        return self.calls.read("messages.getLongPollServer", self._line, need_pts=1, lp_version=VERSION)

    def listen(self, line: Line, wait: float) -> Heard:
        """Wait up to `wait` seconds for events; raises `Failure`. A line the server refuses is renewed."""
        answer = self.http.get(line, wait)
        try:
            return self._renewed(line, answer) if "failed" in answer else _heard(line, answer)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Failure(Kind.BACKEND_BROKEN, f"long poll: {type(error).__name__} in its answer") from None

    def _line(self, answer: dict[str, Any]) -> Line:
        return Line(
            url=self.http.url(str(answer["server"])),
            key=str(answer["key"]),
            ts=int(answer["ts"]),
            pts=int(answer.get("pts", NO_PTS)),
        )

    def _renewed(self, line: Line, answer: dict[str, Any]) -> Heard:
        """Go on after `failed`: 1 the history begins later, 2 the key is too old, 3 both are gone."""
        code = int(answer["failed"])
        if code == 1:
            return Heard(replace(line, ts=int(answer["ts"])), renewed=True, whole=False)
        if code == 2:
            return Heard(replace(self.line(), ts=line.ts), renewed=True)
        if code == 3:
            return Heard(self.line(), renewed=True, whole=False)
        raise Failure(Kind.UNSUPPORTED, f"long poll: failed {code}")


def _heard(line: Line, answer: dict[str, Any]) -> Heard:
    topics, unknown = _read(answer["updates"])
    # A server that was asked for pts and leaves it out has it as it was.
    return Heard(replace(line, ts=int(answer["ts"]), pts=int(answer.get("pts", line.pts))), topics, unknown)


def _read(updates: list[list[Any]]) -> tuple[frozenset[Topic], tuple[int, ...]]:
    codes = [int(update[0]) for update in updates]
    known = frozenset(TOPICS[code] for code in codes if code in TOPICS)
    return known, tuple(code for code in codes if code not in TOPICS)


class _WithoutKeys(logging.Filter):
    """Keeps addresses of long polls out of urllib3's log, which quotes them at level debug."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "act=a_check" not in record.getMessage()


logging.getLogger("urllib3.connectionpool").addFilter(_WithoutKeys())
