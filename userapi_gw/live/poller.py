"""One thread that listens for one account."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread, Timer
from time import monotonic

from userapi_gw.backend.longpoll import Heard, Line, LongPoll, Topic
from userapi_gw.errors import Failure, Kind, explain
from userapi_gw.live.policy import LivePolicy
from userapi_gw.state import Session, is_away

log = logging.getLogger(__name__)

CONCERNS = frozenset({Topic.MAIL, Topic.COUNTER})
HOPELESS = frozenset({Kind.UNSUPPORTED, Kind.FORBIDDEN, Kind.RIGHT_LACKING, Kind.TOKEN_REFUSED})
"""What does not get better by trying again soon."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """What a poller needs of others.

    `attend` reads what changed for a session and raises `Failure`; `lives` tells whether a session still does;
    `refused` ends one whose token the backend no longer takes; `tell` notes of an account whether all is well and
    whether something happened.
    """

    attend: Callable[[Session], None]
    lives: Callable[[Session], bool]
    refused: Callable[[Session], None]
    tell: Callable[[int, bool, bool], None]


class Poller:
    """Listens until it is stopped, its session ends or the backend refuses it (`is_over`, and `is_hopeless` then).

    It looks at the mailbox when it begins to listen, and again whenever something happened or events may be lost. Only
    while it can do both `is_well` says so. It has a thread and a connection, which wait nearly all the time.
    """

    def __init__(self, session: Session, longpoll: LongPoll, rooms: Rooms, policy: LivePolicy) -> None:
        self.session = session
        self.is_hopeless = False
        self.is_well = False
        self._longpoll, self._rooms, self._policy = longpoll, rooms, policy
        self._stopped = Event()
        self._doubt = Event()  # set by a second look that failed
        self._failures = 0
        self._looked_at = float("-inf")
        self._unknown = set[int]()
        self._thread = Thread(target=self._run, name=f"live-{session.viewer}", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own, which does not keep the process alive."""
        self._thread.start()

    def stop(self) -> None:
        """Do nothing any more. The thread ends with the wait it is in, which cannot be cut short."""
        self._stopped.set()

    @property
    def is_over(self) -> bool:
        """Tell whether the thread has ended."""
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not (self._stopped.is_set() or self.is_hopeless):
            try:
                if not self._rooms.lives(self.session):
                    return
                self._listen()
            except Failure as failure:
                self._failed(failure)
            except Exception as error:
                if is_away(error):
                    self._failed(Failure(Kind.STATE_AWAY, explain(error)))
                else:
                    log.exception("listening for user %d failed", self.session.viewer)
                    self._pause(self._policy.broken_pause)

    def _listen(self) -> None:
        """Listen as long as all goes well and the session lives. Raises `Failure`."""
        self._doubt.clear()  # it looks below in any case
        line = self._longpoll.line()
        heard = self._wait(line, self._policy.first_wait)
        self._look()
        self._tell(well=True, rang=True)
        while not self._stopped.is_set() and self._rooms.lives(self.session):
            before, heard = heard, self._wait(heard.line, self._policy.wait)
            if before.renewed and heard.renewed:
                raise Failure(Kind.BACKEND_BROKEN, "long poll: a new line is refused")
            self._failures = 0
            self._attend(heard)

    def _wait(self, line: Line, seconds: float) -> Heard:
        """Wait for events. What a lossy server does not tell about the first moments is looked up meanwhile."""
        began = monotonic()
        second_look = Timer(self._policy.second_look, self._look_again)
        second_look.daemon = True
        if line.is_lossy:
            second_look.start()
        try:
            heard = self._longpoll.listen(line, seconds)
        finally:
            second_look.cancel()
        if self._doubt.is_set():
            raise Failure(Kind.BACKEND_AWAY, "long poll: what it may have lost could not be looked up")
        if not heard.topics and not heard.renewed and monotonic() - began < self._policy.least_wait:
            self._stopped.wait(self._policy.least_wait)
        return heard

    def _attend(self, heard: Heard) -> None:
        if new := set(heard.unknown) - self._unknown:
            self._unknown |= new
            log.info("long poll: events of unknown kinds %s", sorted(new))
        if heard.topics & CONCERNS or not heard.whole:
            self._stopped.wait(max(0.0, self._looked_at + self._policy.spacing - monotonic()))
            self._look()
            self._tell(well=True, rang=True)

    def _look(self) -> None:
        if not self._stopped.is_set():
            self._doubt.clear()
            self._looked_at = monotonic()
            self._rooms.attend(self.session)

    def _look_again(self) -> None:
        """Look beside the thread that listens, which learns of a failure when it is back."""
        try:
            if not self._stopped.is_set():
                self._rooms.attend(self.session)
        except Exception as error:
            log.info("looking again for user %d failed: %s", self.session.viewer, type(error).__name__)
            self._doubt.set()
            self._tell(well=False)

    def _failed(self, failure: Failure) -> None:
        again = self._failures > 0  # an outage is told once, not by each account every few seconds
        log.log(
            logging.DEBUG if again else failure.outcome.level, "listening for user %d: %s", self.session.viewer, failure
        )
        self.is_hopeless = failure.kind in HOPELESS
        if failure.kind is Kind.TOKEN_REFUSED:
            self._rooms.refused(self.session)
        broken = failure.kind is Kind.BACKEND_BROKEN
        self._pause(self._policy.broken_pause if broken else self._policy.longest_pause)

    def _pause(self, longest: float) -> None:
        """Say that nobody listens, and wait; half of it by chance, so that not all come back at once."""
        self._tell(well=False)
        pause = min(longest, self._policy.first_pause * 2 ** min(self._failures, 10))
        self._failures += 1
        if not self.is_hopeless:
            self._stopped.wait(pause * random.uniform(0.5, 1.0))  # noqa: S311

    def _tell(self, *, well: bool, rang: bool = False) -> None:
        if not self._stopped.is_set() and (well != self.is_well or rang):
            self.is_well = well
            self._rooms.tell(self.session.viewer, well, rang)
