"""The sides of a comparison: captures, folders of fixtures, and live servers."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from userapi_gw.compare.fixtures.files import FixtureError, load
from userapi_gw.compare.fixtures.verify import NotPossibleError, run, volatile
from userapi_gw.compare.fixtures.web import Web
from userapi_gw.compare.rules import Rule
from userapi_gw.replay import captures
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.running.accounts import Account, Accounts
from userapi_gw.replay.running.runner import LoginRefusedError, Runner
from userapi_gw.replay.running.target import Address, NoAnswerError, Target, TargetAwayError


@dataclass
class Recorded:
    """A capture, or a folder of fixtures. `fault` tells afterwards what could not be read of it."""

    path: Path
    fault: str = ""
    left_out: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """What the user called it."""
        return str(self.path)

    def __iter__(self) -> Iterator[Exchange]:
        """Yield the exchanges that can be read."""
        try:
            if self.path.is_dir():
                yield from (fixture.exchange(number) for number, fixture in enumerate(load(self.path), 1))
            else:
                yield from captures.read(self.path)
        except (CaptureError, FixtureError) as error:
            self.fault = str(error) if isinstance(error, FixtureError) else f"{self.path}: {error}"
        except OSError as error:
            self.fault = f"cannot read {self.path}: {error.strerror}"

    def rules(self) -> list[Rule]:
        """Return what fixtures say is volatile; captures say nothing. What cannot be read is told by the exchanges."""
        try:
            fixtures = load(self.path) if self.path.is_dir() else []
        except (FixtureError, OSError):
            return []
        return [rule for fixture in fixtures for rule in volatile(fixture)]


@dataclass
class Live:
    """A server that is asked the requests of another side. `fault` tells afterwards why it could not be asked.

    It is asked what writes only with `allow_writes`.
    """

    address: Address
    requests: Recorded
    account: Account | None = None
    site: int = 1
    allow_writes: bool = False
    fault: str = field(default="", init=False)
    left_out: set[int] = field(default_factory=set, init=False)
    """Numbers of requests that were not sent: they write, or a step before them is not possible here."""

    @property
    def name(self) -> str:
        """What the user called it."""
        return self.address.url

    def rules(self) -> list[Rule]:
        """Return what the fixtures it is asked for say is volatile."""
        return self.requests.rules()

    def __iter__(self) -> Iterator[Exchange]:
        """Yield the answers of the server as they come."""
        target = _Heard(self.address, keep_host=True)
        try:
            yield from self._of_fixtures(target) if self.requests.path.is_dir() else self._of_capture(target)
        except (TargetAwayError, NoAnswerError) as error:
            self.fault = f"{self.address.url} does not answer: {error}"
        except LoginRefusedError as error:
            self.fault = f"{self.address.url}: {error}"
        except (FixtureError, OSError) as error:
            self.fault = str(error)
        finally:
            target.close()
            self.fault = self.fault or self.requests.fault

    def _of_capture(self, target: "_Heard") -> Iterator[Exchange]:
        runner = Runner(target, Accounts(everybody=self.account), allow_writes=self.allow_writes, site=self.site)
        for exchange in self.requests:
            if exchange.writes and not self.allow_writes:
                self.left_out.add(exchange.number)
                continue
            runner.run([exchange])
            yield from target.heard(exchange.number)

    def _of_fixtures(self, target: Target) -> Iterator[Exchange]:
        server = Web(target, self.account, self.site)
        for number, fixture in enumerate(load(self.requests.path), 1):
            if fixture.writes and not self.allow_writes:
                self.left_out.add(number)
                continue
            try:
                yield replace(run(fixture, server), number=number)
            except NotPossibleError:
                self.left_out.add(number)


class _Heard(Target):
    """A target that keeps the answers to the last request of the capture, and not those to logins for it."""

    _last: Exchange | None = None

    def send(self, asked: Exchange) -> Exchange:
        """Send a request, see `Target.send`."""
        answered = super().send(asked)
        self._last = answered if asked.number else self._last
        return answered

    def heard(self, number: int) -> list[Exchange]:
        """Return the answer to this request, if there was one."""
        last, self._last = self._last, None
        return [last] if last is not None and last.number == number else []


Side = Recorded | Live
