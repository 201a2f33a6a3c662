"""Asks a server, harmlessly, for everything the gateway needs of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from userapi_gw.backend.client import Client
from userapi_gw.doctor.facts import LACKS
from userapi_gw.doctor.needs import ESSENTIAL, NEEDS, OWN, Need
from userapi_gw.doctor.ways import Served, ways
from userapi_gw.errors import Failure, Kind, NoAnswer


class Finding(Enum):
    """What is known of a method after it was tried."""

    THERE = "there"
    LACKING = "lacking"
    DENIED = "denied"
    LOGIN = "asks for a login"
    BROKEN = "broken"
    UNSURE = "no answer"
    UNTRIED = "not tried"


_FINDINGS: Mapping[Kind, Finding] = {
    Kind.UNSUPPORTED: Finding.LACKING,
    Kind.FORBIDDEN: Finding.DENIED,
    Kind.WRONG_PASSWORD: Finding.DENIED,  # VK error 28: application authorization failed
    Kind.TOKEN_REFUSED: Finding.LOGIN,
    Kind.BACKEND_BROKEN: Finding.BROKEN,
    Kind.BACKEND_AWAY: Finding.UNSURE,
    Kind.FLOOD: Finding.UNSURE,
}
"""All other failures are about what was asked for: the method itself is there."""

_NOT_SEEN = (Finding.UNTRIED, Finding.LOGIN, Finding.UNSURE)


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found out about the server at `url`. `viewer` is who was logged in, 0 nobody.

    `clock` is by how many seconds the server's clock differs from ours, None when it does not tell the time.
    """

    url: str
    kind: str
    version: str
    viewer: int
    token_refused: bool
    clock: int | None
    execute: Finding
    methods: Mapping[str, Finding] = field(default_factory=dict)

    def has(self, method: str) -> bool:
        """Tell whether a method can be used; one that told nothing of itself, if servers of this kind have it."""
        finding = self.methods[method]
        return finding is Finding.THERE or (finding in _NOT_SEEN and method not in LACKS[self.kind])

    @property
    def acts(self) -> Mapping[str, Served]:
        """How every act is served."""
        return ways(self.has)

    @property
    def missing(self) -> list[str]:
        """What the gateway cannot do without."""
        return ["a valid token"] * self.token_refused + [method for method in ESSENTIAL if not self.has(method)]


def examine(client: Client, url: str, kind: str, viewer: int = 0, token: str = "") -> Examination:
    """Try every method of `NEEDS` once. Raises `NoAnswer` when the server stops answering."""
    methods = {need.method: _tried(client, need, viewer, token) for need in NEEDS}
    login = methods["account.getCounters"]
    return Examination(
        url,
        kind,
        version_of(client),
        viewer,
        bool(token) and login is Finding.LOGIN,
        _clock(client, token),
        _finding(client, "execute", token, code="return [API.utils.getServerTime({})];"),
        methods,
    )


def kind_of(client: Client) -> str:
    """Return `openvk`, `embedded` or `vk`, by methods that the first two alone have."""
    if version_of(client):
        return "openvk"
    return "embedded" if _finding(client, "database.getSchoolsCount", "") is Finding.THERE else "vk"


def version_of(client: Client) -> str:
    """Return what an OpenVK says of its release; empty for other servers."""
    try:
        return str(client.call("ovk.version", ""))
    except NoAnswer:
        raise
    except Failure:
        return ""


def viewer_of(client: Client, token: str) -> int:
    """Return whose token this is, 0 when the server does not take it."""
    try:
        rows = client.call("users.get", token)
        return int(rows[0]["id"]) if rows else 0
    except NoAnswer:
        raise
    except (Failure, KeyError, TypeError, ValueError):
        return 0


def _tried(client: Client, need: Need, viewer: int, token: str) -> Finding:
    if need.trial is None:
        return Finding.UNTRIED
    parameters: dict[str, Any] = {name: (viewer or 1) if value == OWN else value for name, value in need.trial.items()}
    try:
        answer = client.call(need.method, token, write=need.writes, **parameters)
    except Failure as failure:
        return _judged(failure)
    try:
        return Finding.THERE if need.serves is None or need.serves(answer) else Finding.LACKING
    except (KeyError, TypeError, AttributeError):
        return Finding.BROKEN


def _finding(client: Client, method: str, token: str, **parameters: Any) -> Finding:
    try:
        client.call(method, token, **parameters)
    except Failure as failure:
        return _judged(failure)
    return Finding.THERE


def _judged(failure: Failure) -> Finding:
    """Return what a failure says of a method; calls that are not even tried any more end the examination."""
    if isinstance(failure, NoAnswer) and not failure.passing and not failure.sent:
        raise failure
    return _FINDINGS.get(failure.kind, Finding.THERE)


def _clock(client: Client, token: str) -> int | None:
    try:
        return round(int(client.call("utils.getServerTime", token)) - time.time())
    except (Failure, TypeError, ValueError):
        return None
