"""Calls to a VK-style server: transport, envelopes, errors. Knows nothing of people, walls or UserAPI."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any

from cachetools import TTLCache
from requests.adapters import BaseAdapter

from userapi_gw.backend import deadline, oauth, on_behalf
from userapi_gw.backend.breaker import Breaker
from userapi_gw.backend.dialects import VK, ServerDialect
from userapi_gw.backend.exchange import MOST_AT_ONCE, Exchange, Reply, session_over
from userapi_gw.backend.feeds import Feeds
from userapi_gw.backend.flights import Flights
from userapi_gw.backend.hurried import HurriedAdapter
from userapi_gw.backend.last_known import Key, LastKnown
from userapi_gw.backend.model import Grant
from userapi_gw.backend.oauth import BESIDE, Door
from userapi_gw.backend.rate import TOO_MANY_PER_SECOND, TOO_MUCH, Pauses, Reserve, again_soon, take_turn
from userapi_gw.backend.script import Question, parts_of, script
from userapi_gw.backend.unsettled import Unsettled
from userapi_gw.errors import METHOD_CODES, Failure, Kind, NoAnswer, from_vk_code

API_VERSION = "5.131"
EXECUTE = "execute"
MISSING_SECONDS = 600
"""How long a method that the server does not have is taken to be missing: servers are updated."""
MOST_WAITING = 2000
"""As many long polls as there may be keep their connections."""
TRIAL = "/method/utils.getServerTime"
TRIAL_SECONDS = 2.0
"""A server that needs longer to tell its time is away."""


@dataclass(frozen=True, slots=True)
class Transports:
    """Ways to the same server: when all of the one are taken by reads that hang, a write still gets through."""

    reads: BaseAdapter
    writes: BaseAdapter
    waits: BaseAdapter | None = None
    """For long polls, each of which keeps a connection; None: as reads."""

    @classmethod
    def over_http(cls) -> "Transports":
        """Return the transports for a server on the network."""
        reads, writes = (HurriedAdapter(pool_connections=1, pool_maxsize=MOST_AT_ONCE) for _ in range(2))
        return cls(reads, writes, HurriedAdapter(pool_maxsize=MOST_WAITING))


class Client:
    """One VK-style server at `url`. Safe to share between threads.

    All calls are POSTs, so tokens and passwords stand in no address. A call takes at most `timeout` seconds with all
    its repetitions, less where the deadline of the request (`deadline.within`) is nearer. Only reads are repeated. A
    method that the server turned out not to have is not asked for again for a while.

    `stale_seconds` is how old an answer may be that is given while the server is away (0: none is), `reserve` a limit
    on calls per token, and `flood_pause_seconds` how long calls pause after VK errors 9 and 29. `feeds` is what was
    learned of the feeds the server has. Passwords are taken to `door`.
    """

    def __init__(
        self,
        url: str,
        transports: Transports,
        timeout: float,
        dialect: ServerDialect = VK,
        *,
        stale_seconds: float = 0,
        reserve: Reserve | None = None,
        flood_pause_seconds: float = 60,
        door: Door = BESIDE,
    ) -> None:
        self.url, self.timeout, self.dialect, self._reserve = url.rstrip("/"), timeout, dialect, reserve
        self.feeds = Feeds()
        self._missing: TTLCache[str, bool] = TTLCache(maxsize=1000, ttl=MISSING_SECONDS)
        self._missing_lock = Lock()
        self._there = set[str]()
        self.breaker = Breaker(self._answers)
        self._reads = Exchange(self.url, transports.reads, self.breaker)
        self._writes = Exchange(self.url, transports.writes, self.breaker)
        self.waits = session_over(transports.waits or transports.reads)
        self._door = door
        self._logins = Exchange(door.url, HurriedAdapter(), Breaker(lambda: True)) if door.url else self._writes
        self._known, self._flights = LastKnown(stale_seconds), Flights[Reply]()
        self._pauses = Pauses(flood_pause_seconds)
        self.unsettled = Unsettled()

    def call(
        self,
        method: str,
        token: str,
        *,
        write: bool = False,
        viewer: int | None = None,
        fresh: bool = False,
        **parameters: Any,
    ) -> Any:
        """Return the `response` of `method`; without a token, as somebody who is not logged in.

        A read of a known `viewer` (0: nobody) is shared with other threads that want the same, and while the server is
        away the answer may be the last one known; `fresh` excludes that. A write makes what the viewer knew void.

        Raises `Failure`: by the server's error code, `UNSUPPORTED` for a method it does not have, `NoAnswer`,
        `BACKEND_BROKEN` when the answer made no sense.
        """
        if not self.knows(method):
            raise Failure(Kind.UNSUPPORTED, f"{method}: not a method of this server")
        form = _form(token, parameters) | on_behalf.solution(method)
        with deadline.within(self.timeout):
            if write:
                answer = self._write(method, token, viewer, form)
            elif viewer is None:
                answer = self._ask(method, token, form).answer
            else:
                answer = self._read(method, token, viewer, form, fresh=fresh)
        return self._response(method, answer)

    def joins(self, method: str, token: str) -> bool:
        """Tell whether a read may be one of several in an `execute`, as far as is known."""
        known = self.knows(EXECUTE) and self.knows(method)
        return bool(token) and known and not self._pauses.last(token, method, write=False)

    def call_several(
        self, questions: list[Question], token: str, *, viewer: int, fresh: bool = False
    ) -> list[Callable[[], Any]] | None:
        """Make several reads by one `execute`; return for each a function that returns or raises as `call` does.

        None where that cannot be done, so that each has to be made alone. Raises `NoAnswer`, whatever was known before
        (that has `last_known`), and `Failure(TOKEN_REFUSED)`.
        """
        keys = [self._key(viewer, method, token, parameters) for method, parameters in questions]
        try:
            answer = self._execute(script(questions), token, viewer)
            self._response(EXECUTE, answer)
        except Failure as failure:
            if failure.kind in (Kind.TOKEN_REFUSED, Kind.BACKEND_AWAY):
                raise
            return None  # no such method, or a script that the server does not like: each call tells for itself
        parts = parts_of(questions, answer)
        if parts is None or any(_code(part) == TOO_MANY_PER_SECOND for part in parts):
            return None
        for (method, _), key, part in zip(questions, keys, parts, strict=True):
            self._note(method, token, key, part, fresh=fresh)
        return [partial(self._response, method, part) for (method, _), part in zip(questions, parts, strict=True)]

    def last_known(self, method: str, token: str, viewer: int, parameters: dict[str, Any]) -> dict[str, Any] | None:
        """Return the envelope `{"response": ...}` of what a read was answered last, if that may still be given."""
        body = self._known.find(self._key(viewer, method, token, parameters))
        return None if body is None else dict(json.loads(body))

    def knows(self, method: str) -> bool:
        """Tell whether the server may have a method: True until it said otherwise."""
        with self._missing_lock:
            return method not in self._missing

    def has(self, method: str, token: str) -> bool:
        """Tell for sure whether the server has a method that needs parameters: once it is called without them.

        Raises `Failure` when the server could not be asked.
        """
        if not self.knows(method):
            return False
        if method not in self._there:
            try:
                self.call(method, token, write=True)
            except Failure as failure:
                if failure.kind is Kind.UNSUPPORTED:
                    return False
                if failure.kind in (Kind.BACKEND_AWAY, Kind.TOKEN_REFUSED, Kind.FLOOD):
                    raise
            self._there.add(method)
        return True

    def grant(self, login: str, password: str, code: str = "") -> Grant:
        """Exchange `login` and `password`, with the `code` of a second factor, for a token.

        Raises `Failure(WRONG_PASSWORD)` when one of them is not right, `CaptchaNeeded`, `PersonNeeded`.
        """
        form = self._door.form_of(login, password, code) | {"v": API_VERSION} | on_behalf.solution(oauth.METHOD)
        with deadline.within(self.timeout):
            answer = self._logins.post("/token", form, repeat=False).answer
        if "access_token" in answer:
            return oauth.grant_of(answer)
        raise oauth.refusal(answer) or self._refusal(oauth.METHOD, answer)

    def whose(self, token: str) -> int:
        """Return the user id behind a token.

        Raises `Failure(TOKEN_REFUSED)` when nobody is: OpenVK takes those with a dead one for people who are not logged
        in. `Failure(NOT_FOUND)` when the account was deleted or banned.
        """
        rows = self.call("users.get", token)
        row = rows[0] if isinstance(rows, list) and rows else None
        if not isinstance(row, dict) or not isinstance(row.get("id"), int):
            raise Failure(Kind.TOKEN_REFUSED, "users.get: nobody")
        if row.get("deactivated"):
            raise Failure(Kind.NOT_FOUND, "users.get: deleted or banned")
        return int(row["id"])

    def forget(self, viewer: int) -> None:
        """Forget what the viewer was answered: the session has ended."""
        self._known.forget(viewer)

    def is_reachable(self) -> bool:
        """Tell whether the server answers. If it does, calls that failed at once go through again."""
        answers = self._answers()
        if answers:
            self.breaker.close()
        return answers

    def close(self) -> None:
        """Close the pooled connections."""
        self._reads.close()
        self._writes.close()
        self.waits.close()
        self._logins.close()

    def _answers(self) -> bool:
        try:
            with deadline.within(min(self.timeout, TRIAL_SECONDS)):
                self._reads.once(TRIAL, {"v": API_VERSION})
        except Failure:
            return False
        return True

    def _read(self, method: str, token: str, viewer: int, form: dict[str, Any], *, fresh: bool) -> dict[str, Any]:
        key = self._known.key(viewer, method, form)
        try:
            reply, own = self._flights.share(key, partial(self._ask, method, token, form))
        except NoAnswer:
            body = None if fresh else self._known.find(key)
            if body is None:
                raise
            return dict(json.loads(body))
        if own and "response" in reply.answer:
            self._known.keep(key, reply.body, fresh=fresh)
        return reply.answer if own else dict(json.loads(reply.body))  # what threads share nobody may change

    def _execute(self, code: str, token: str, viewer: int) -> dict[str, Any]:
        """Run a script of reads, as one with other threads that want the same."""
        if not self.knows(EXECUTE):
            raise Failure(Kind.UNSUPPORTED, f"{EXECUTE}: not a method of this server")
        form = _form(token, {"code": code})
        with deadline.within(self.timeout):
            key = self._known.key(viewer, EXECUTE, form)
            reply, own = self._flights.share(key, partial(self._ask, EXECUTE, token, form))
        return reply.answer if own else dict(json.loads(reply.body))

    def _key(self, viewer: int, method: str, token: str, parameters: dict[str, Any]) -> Key:
        return self._known.key(viewer, method, _form(token, parameters))

    def _note(self, method: str, token: str, key: Key, part: dict[str, Any], *, fresh: bool) -> None:
        """Learn from the answer to one of several calls what would be learned from it alone."""
        if _code(part) in TOO_MUCH:
            self._pauses.begin(token, method, write=False)
        if "response" in part and self._known.is_kept:
            self._known.keep(key, json.dumps(part).encode(), fresh=fresh)

    def _response(self, method: str, answer: dict[str, Any]) -> Any:
        if "response" in answer:
            return answer["response"]
        raise self._refusal(method, answer)

    def _write(self, method: str, token: str, viewer: int | None, form: dict[str, Any]) -> dict[str, Any]:
        may_have_happened = True
        try:
            return self._ask(method, token, form, write=True).answer
        except Failure as failure:
            may_have_happened = failure.uncertain
            raise
        finally:
            if viewer is not None and may_have_happened:
                self._known.forget(viewer)

    def _ask(self, method: str, token: str, form: dict[str, Any], *, write: bool = False) -> Reply:
        """Ask as often as the server lets itself be asked."""
        self._pauses.check(token, method, write=write)
        exchange = self._writes if write else self._reads
        while True:
            take_turn(self._reserve, token)
            reply = exchange.post(f"/method/{method}", form, repeat=not write)
            code = None if "response" in reply.answer else _code(reply.answer)
            if code != TOO_MANY_PER_SECOND or not again_soon():
                break
        if code in TOO_MUCH:
            self._pauses.begin(token, method, write=write)
        return reply

    def _refusal(self, method: str, answer: dict[str, Any]) -> Failure:
        code = _code(answer)
        if code is None:
            return Failure(Kind.BACKEND_BROKEN, f"{method}: no error code")
        if code in METHOD_CODES:
            with self._missing_lock:
                self._missing[method] = True
        failure = from_vk_code(code, method, self.dialect.kind(method, code))
        return oauth.captcha_needed(method, _error(answer)) if failure.kind is Kind.CAPTCHA else failure


def _form(token: str, parameters: dict[str, Any]) -> dict[str, Any]:
    form = {name: value for name, value in parameters.items() if value is not None} | {"v": API_VERSION}
    return form | ({"access_token": token} if token else {})


def _code(answer: dict[str, Any]) -> int | None:
    """Read the error code out of VK's nested envelope or OpenVK's flat one."""
    code = _error(answer).get("error_code")
    return code if isinstance(code, int) else None


def _error(answer: dict[str, Any]) -> dict[str, Any]:
    error = answer.get("error", answer)
    return error if isinstance(error, dict) else {}
