"""Decides for whom this process listens, together with the other processes on the same database."""

import logging
import secrets
from collections.abc import Callable, Collection
from threading import Event, Lock, Thread
from time import monotonic

from cachetools import TTLCache
from sqlalchemy.exc import SQLAlchemyError

from userapi_gw import farewell
from userapi_gw.backend.calls import Calls
from userapi_gw.backend.client import Client
from userapi_gw.backend.longpoll import LongPoll, LongPollHttp
from userapi_gw.live.policy import LivePolicy
from userapi_gw.live.poller import Poller, Rooms
from userapi_gw.state import Session, State

log = logging.getLogger(__name__)

STOP_SECONDS = 1.0
"""How long a stop waits for what the keeper is just doing."""


class Live:
    """Everybody this process listens for, and what it knows of those others listen for.

    One thread, which runs only while somebody polls, claims and renews leases and starts and stops pollers; a process
    that is killed is replaced by another one that sees polls of the same account when its leases have run out.
    `attend` reads what changed for a session, `end` ends one whose token is refused, `forget` drops the counters of a
    viewer. Safe for threads.
    """

    def __init__(
        self,
        state: State,
        client: Client,
        policy: LivePolicy,
        *,
        attend: Callable[[Session], None],
        end: Callable[[Session], None],
        forget: Callable[[int], None],
    ) -> None:
        self._state, self._client, self._policy = state, client, policy
        self._http = LongPollHttp(client.waits, client.url, client.dialect.long_poll_domains)
        self._forget = forget
        self._rooms = Rooms(attend, self._lives, end, self._tell)
        self._lock, self._wake, self._closed = Lock(), Event(), Event()
        self._thread: Thread | None = None
        self._owner = ""
        self._wanted: dict[int, tuple[float, Session]] = {}  # when polled last, and by which session
        self._pollers: dict[int, Poller] = {}
        self._events: dict[int, int] = {}  # of those others listen for and who are well
        self._believed_until = 0.0
        self._hopeless: TTLCache[int, bool] = TTLCache(10_000, policy.hopeless_pause)  # by grant

    def polled(self, session: Session) -> None:
        """Note that a program asks for news of a mailbox: from now on somebody listens, if that is possible."""
        if self._policy.most < 1 or self._closed.is_set():
            return
        with self._lock:
            is_new = session.viewer not in self._wanted
            self._wanted[session.viewer] = (monotonic(), session)
            if self._thread is None:
                self._start()
        if is_new:
            self._wake.set()

    def period(self, viewer: int, usual: float) -> float:
        """Return how many seconds old a look at a mailbox may be: longer than usual while somebody listens."""
        return max(usual, self._policy.refresh) if self.is_well(viewer) else usual

    def is_well(self, viewer: int) -> bool:
        """Tell whether somebody, in any process, hears of changes in a viewer's mailbox."""
        own = self._pollers.get(viewer)
        if own is not None:
            return own.is_well
        return viewer in self._events and monotonic() < self._believed_until

    def close(self) -> None:
        """Stop listening and give the leases back; waits a second at most. Also for handlers of signals."""
        self._closed.set()
        self._wake.set()
        farewell.unregister(self.close)
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _start(self) -> None:
        """Begin only when the first poll comes: not before a server forks, whatever server it is."""
        self._owner = secrets.token_hex(16)
        self._thread = Thread(target=self._run, name="live", daemon=True)
        self._thread.start()
        farewell.register(self.close)

    def _run(self) -> None:
        self._safely(self._state.pollers.purge)
        while not self._closed.is_set():
            self._safely(self._turn)
            with self._lock:
                busy = bool(self._wanted or self._pollers)
            self._wake.wait(self._policy.lease / 4 if busy else None)
            self._wake.clear()
        self._safely(lambda: self._end(list(self._pollers)))

    def _safely(self, do: Callable[[], None]) -> None:
        try:
            do()
        except SQLAlchemyError as error:  # leases run out by themselves, and so does what is believed of others
            log.warning("the pollers cannot be kept: %s", type(error).__name__)

    def _turn(self) -> None:
        """Bring pollers and leases in line with who polls."""
        self._drop_idle()
        self._end([viewer for viewer, poller in self._pollers.items() if self._is_done(viewer, poller)])
        if self._pollers:
            kept = self._state.pollers.renew(self._owner, self._policy.lease)
            for viewer in self._pollers.keys() - kept:  # this process was held up, and another took over
                self._pollers.pop(viewer).stop()
        with self._lock:
            wanted = {viewer: session for viewer, (_, session) in self._wanted.items()}
        leases = self._state.pollers.standing() if wanted else {}
        for viewer in wanted.keys() - leases.keys() - self._pollers.keys():
            self._take(wanted[viewer])
        foreign = {viewer: leases[viewer] for viewer in wanted.keys() & leases.keys() - self._pollers.keys()}
        self._learn({viewer: lease.events for viewer, lease in foreign.items() if lease.healthy})

    def _drop_idle(self) -> None:
        oldest = monotonic() - self._policy.idle
        with self._lock:
            self._wanted = {viewer: (at, who) for viewer, (at, who) in self._wanted.items() if at > oldest}

    def _is_done(self, viewer: int, poller: Poller) -> bool:
        """Tell whether a poller is to go. One that ended by itself has no use for its session, so it is forgotten."""
        if poller.is_over:
            grant = poller.session.grant_id
            if poller.is_hopeless:
                self._hopeless[grant] = True
            with self._lock:
                if viewer in self._wanted and self._wanted[viewer][1].grant_id == grant:
                    del self._wanted[viewer]
        return poller.is_over or viewer not in self._wanted

    def _end(self, viewers: Collection[int]) -> None:
        for viewer in viewers:
            self._pollers.pop(viewer).stop()
        if viewers:
            self._state.pollers.release(self._owner, viewers)

    def _take(self, session: Session) -> None:
        """Listen for an account, if there is room and nobody is faster."""
        full = len(self._pollers) >= self._policy.most
        if full or session.grant_id in self._hopeless:
            return
        if self._state.pollers.claim(session.viewer, self._owner, self._policy.lease):
            calls = Calls(self._client, session.viewer, session.token, fresh=True)
            poller = Poller(session, LongPoll(calls, self._http), self._rooms, self._policy)
            self._pollers[session.viewer] = poller
            poller.start()

    def _learn(self, events: dict[int, int]) -> None:
        """Believe for a moment what other processes say of themselves, and follow what rang there."""
        for viewer, count in events.items():
            if self._events.get(viewer) != count:
                self._forget(viewer)
        self._events = events
        self._believed_until = monotonic() + self._policy.lease / 2

    def _lives(self, session: Session) -> bool:
        return self._state.sessions.lives(session.grant_id)

    def _tell(self, viewer: int, well: bool, rang: bool) -> None:
        self._safely(lambda: self._state.pollers.tell(viewer, self._owner, healthy=well, rang=rang))
