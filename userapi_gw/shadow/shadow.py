"""The second gateway: what it gets, and what is made of its answers."""

import logging
from collections.abc import Callable
from threading import Lock

from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.running.bindings import Bindings
from userapi_gw.replay.running.target import Address, NoAnswerError, Target, TargetAwayError
from userapi_gw.shadow.book import DROPPED, NO_ANSWER, NO_TWIN, Book, Report, Twins
from userapi_gw.shadow.choosing import is_sampled, is_wanted, secrets_of, session_of, stripped
from userapi_gw.shadow.comparing import Comparing
from userapi_gw.shadow.lanes import Lanes

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds a shadow has for an answer."""
MOST_BYTES = 4 * 1024 * 1024
"""The longest answer that is read."""


class Shadow:
    """The gateway at `url`, which gets a `share` of the sessions, and with `writes` what changes data, too."""

    def __init__(self, url: str, book: Book, *, share: float, writes: bool) -> None:
        self._address, self._book, self._share, self._writes = Address.parse(url), book, share, writes
        self._bindings, self._comparing = Bindings(Twins(book), Twins(book)), Comparing(book)
        self._lanes, self._lock, self._is_away = Lanes(self._worker), Lock(), False

    def offer(self, exchange: Exchange) -> None:
        """Take an exchange that was answered, if the shadow is to get it. Never waits."""
        if is_wanted(exchange, writes=self._writes):
            session = session_of(exchange)
            if is_sampled(session, self._share):
                self._lanes.offer(exchange, hash(session))

    def report(self) -> Report:
        """Return what all processes have counted."""
        return self._book.report()

    def settle(self) -> None:
        """Wait until all that was taken is compared."""
        self._lanes.settle()

    def close(self) -> None:
        """End; what has not been sent yet is not sent."""
        self._lanes.close()
        self._comparing.close()
        self._book.close()

    def _worker(self) -> "_Worker":
        return _Worker(Target(self._address, timeout=TIMEOUT, most_bytes=MOST_BYTES), self._double)

    def _double(self, target: Target, old: Exchange) -> None:
        """Send a request on, and compare the two answers."""
        dropped = self._lanes.take_dropped()
        if dropped:
            self._book.count(DROPPED, dropped)
            log.warning("%d exchanges were not sent to the shadow, which is too slow", dropped)
        asked = self._bindings.rebound(stripped(old))
        if _tells(asked, secrets_of(old)):
            self._book.count(NO_TWIN)
            return
        try:
            new = target.send(asked)
        except (NoAnswerError, TargetAwayError) as error:
            self._book.count(NO_ANSWER)
            self._note_away(str(error))
            return
        self._note_away("")
        self._bindings.learn(old, new)
        self._comparing.compare(old, new)

    def _note_away(self, reason: str) -> None:
        """Log once that the shadow does not answer, and once that it does again."""
        with self._lock:
            was_away, self._is_away = self._is_away, bool(reason)
        if reason and not was_away:
            log.warning("the shadow does not answer: %s", reason)
        elif was_away and not reason:
            log.warning("the shadow answers again")


class _Worker:
    """One lane's connection to the shadow."""

    def __init__(self, target: Target, double: Callable[[Target, Exchange], None]) -> None:
        self._target, self._double = target, double

    def work(self, exchange: Exchange) -> None:
        """See `Worker`."""
        self._double(self._target, exchange)

    def close(self) -> None:
        """See `Worker`."""
        self._target.close()


def _tells(asked: Exchange, secrets: set[str]) -> bool:
    """Tell whether a secret of the gateway is left in a request, because its twin is not known."""
    texts = (asked.url, asked.request_body.decode("latin-1"), *(value for _, value in asked.request_headers))
    sent = set(asked.parameters.values())
    return any(secret in sent or any(secret in text for text in texts) for secret in secrets)
