"""Replays a capture, exchange by exchange, in its order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from userapi_gw.replay.cleaning import Cleaner
from userapi_gw.replay.exchange import AUTH, Exchange
from userapi_gw.replay.running.accounts import Accounts
from userapi_gw.replay.running.bindings import SID, Binding, Bindings, cookies_of, is_sid, sid_of
from userapi_gw.replay.running.journal import Journal, NoJournal
from userapi_gw.replay.running.outcome import Outcome, Trouble
from userapi_gw.replay.running.pace import Pace
from userapi_gw.replay.running.target import NoAnswerError, Target, TargetAwayError
from userapi_gw.replay.writing import CaptureFile


class LoginRefusedError(Exception):
    """The server does not let an account in that sids of the capture belong to; the text says how the login ended."""


@dataclass
class Runner:
    """Sends the requests of a capture to `target`, in their order, one after another.

    `done` is the number of the last exchange an earlier run has had answered, `unsure` of the one that was under way
    when it ended. `tell` is called after each request.
    """

    target: Target
    accounts: Accounts = field(default_factory=Accounts)
    bindings: Bindings = field(default_factory=Bindings)
    pace: Pace = field(default_factory=Pace)
    allow_writes: bool = False
    site: int = 1
    out: CaptureFile | None = None
    cleaner: Cleaner | None = None
    journal: Journal = field(default_factory=NoJournal)
    done: int = 0
    unsure: int | None = None
    outcome: Outcome = field(default_factory=Outcome)
    tell: Callable[[Outcome], None] = lambda _: None

    def run(self, exchanges: Iterable[Exchange]) -> Outcome:
        """Replay all of them.

        Raises `TargetAwayError`, `LoginRefusedError`, OSError when the output cannot be written, and what reading the
        capture raises. The journal tells then how far it came.
        """
        for exchange in exchanges:
            if self._is_due(exchange):
                self._replay(exchange)
                self.tell(self.outcome)
        return self.outcome

    def _is_due(self, exchange: Exchange) -> bool:
        if not exchange.is_userapi:
            self.outcome.foreign += 1
        elif exchange.writes and not self.allow_writes:
            self.outcome.left_out[exchange.act] += 1
        elif exchange.number <= self.done:
            self.outcome.before += 1
        elif exchange.number == self.unsure and exchange.writes:
            self.outcome.add(Trouble.UNSURE, exchange.number)
        else:
            return True
        return False

    def _replay(self, old: Exchange) -> None:
        learned = self._logged_in(old)
        asked = self.bindings.rebound(old, self.accounts.instead(old))
        self.pace.wait(old.began)
        self.journal.under_way(old.number)
        new = self._answer(asked)
        if new is None:
            self.outcome.add(Trouble.NO_ANSWER, old.number)
        else:
            learned += self.bindings.learn(old, new)
            self.outcome.judge(old, new)
            if self.out and self.cleaner:
                self.out.write(self.cleaner.clean(new))
        self.journal.done(old.number, self.out.end if self.out else 0, learned)

    def _answer(self, asked: Exchange) -> Exchange | None:
        """Send a request; one that only reads is sent again when no answer comes."""
        for _ in range(1 if asked.writes or asked.path == AUTH else 2):
            try:
                return self.target.send(asked)
            except TargetAwayError:
                self.journal.not_sent(asked.number)
                raise
            except NoAnswerError:
                continue
        return None

    def _logged_in(self, old: Exchange) -> list[Binding]:
        """Log in for a sid or cookie which the capture does not show being given out."""
        needed = self.accounts.needed(old)
        if needed is None or self.bindings.has(needed[0], needed[1]):
            return []
        kind, value, account = needed
        try:
            answer = self.target.send(account.login(self.site))
        except NoAnswerError as error:
            raise LoginRefusedError(f"the login of {account.email} got no answer ({error})") from None
        sid = sid_of(answer)
        if not is_sid(sid):
            raise LoginRefusedError(
                f"the login of {account.email} for site {self.site} ended with {sid or answer.status}"
            )
        learned: list[Binding] = [(kind, "", value, sid if kind == SID else cookies_of(answer).get(kind, ""))]
        self.bindings.take(learned)
        return learned
