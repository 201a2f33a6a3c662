"""What programs did once gets the same answers on a fresh gateway; a difference that is planted is found."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients.replay import Replay
from tests.clients.test_clients import PROGRAMS, SITES
from tests.compare.gateways import exchanges_of, observe
from tests.conftest import MakeGateway
from tests.program import PASSWORD
from tests.second_server import served
from userapi_gw.compare.comparison import NEW, OLD, Options, comparing
from userapi_gw.compare.results import Result
from userapi_gw.compare.sides import Live, Recorded
from userapi_gw.replay.exchange import Exchange
from userapi_gw.replay.running.accounts import Account
from userapi_gw.replay.running.target import Address


def differences(old: Sequence[Exchange] | Recorded, new: Sequence[Exchange] | Live) -> list[tuple[str, str, str, str]]:
    """Act, verdict, position and kind of everything that did not match."""
    with comparing(Options()) as comparison:
        assert comparison.fill(NEW, new) == comparison.fill(OLD, old) > 1
        return [*_told(comparison.run().unmatched())]


def _told(results: Iterator[Result]) -> Iterator[tuple[str, str, str, str]]:
    for result in results:
        if not result.differences:
            yield result.act, result.verdict, result.reason, ""
        for one in result.differences:
            yield result.act, result.verdict, one.position, one.what


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_gets_the_same_on_a_fresh_gateway(program: str, make_gateway: MakeGateway, tmp_path: Path) -> None:
    gateway = make_gateway(sites=SITES)
    capture = Recorded(observe(gateway, tmp_path / "capture.jsonl"))
    Replay(gateway).run(program)
    assert differences(exchanges_of(capture.path), exchanges_of(capture.path)) == []
    with served(make_gateway(sites=SITES, data_dir=tmp_path / "fresh")) as url:
        live = Live(Address.parse(url), capture, Account("test@test.com", PASSWORD), allow_writes=True)
        assert differences(capture, live) == []
        assert live.fault == ""


@pytest.fixture
def afternoon(make_gateway: MakeGateway, tmp_path: Path) -> list[Exchange]:
    """What the sample network of 2008 asked in an afternoon, with the answers."""
    gateway = make_gateway(sites=SITES)
    capture = observe(gateway, tmp_path / "capture.jsonl")
    Replay(gateway).run("durov-lite")
    return exchanges_of(capture)


def body(change: Callable[[Any], object]) -> Callable[[Exchange], Exchange]:
    """Change the JSON of an answer, inside of its callback."""

    def changed(exchange: Exchange) -> Exchange:
        before, bracket, rest = exchange.body.partition(b"(")
        value = json.loads(rest[:-2] if bracket else exchange.body)
        change(value)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return replace(exchange, body=before + b"(" + text + b");" if bracket else text)

    return changed


def put(*path: Any, to: Any) -> Callable[[Exchange], Exchange]:
    """Put a value at a place of an answer."""

    def change(value: Any) -> None:
        for part in path[:-1]:
            value = value[part]
        value[path[-1]] = to(value[path[-1]]) if callable(to) else to

    return body(change)


def without(name: str) -> Callable[[Exchange], Exchange]:
    return lambda exchange: replace(exchange, headers=tuple(pair for pair in exchange.headers if pair[0] != name))


CALLBACK = ("callback", "callback")

PLANTED = {
    "missing row": ("friends_new", body(lambda value: value.pop(3)), ("[3]", "missing")),
    "wrong field": ("profile", put("wa", "d", 3, 3, 1, to="Nobody"), ("wa.d[3].sender.name", "value")),
    "number as text": ("profile", put("wa", "d", 3, 3, 4, to=str), ("wa.d[3].sender.sex", "type")),
    "another order": ("profile", put("fr", "d", to=lambda rows: rows[::-1]), ("fr.d", "order")),
    "changed total": ("profile", put("ph", "n", to=lambda total: total + 1), ("ph.n", "total")),
    "broken id": ("profile", put("frm", "d", 2, 0, to=999), ("frm.d[2].id", "mapping")),
    "older time": ("profile", put("wa", "d", 1, 1, to=lambda time: time - 10**7), ("wa.d[2].time", "order")),
    "lost key": ("profile", body(lambda value: value.pop("isf")), ("isf", "missing")),
    "other status": ("profile", lambda exchange: replace(exchange, status=500), ("status", "status")),
    "other type": ("profile", without("Content-Type"), ("Content-Type", "content type")),
    "no callback": (
        "profile",
        lambda one: replace(one, body=one.body.partition(b"(")[2][:-2]),
        ("callback", "callback"),
    ),
    "cut off": ("profile", lambda exchange: replace(exchange, body=exchange.body[:-9]), ("body", "body")),
    "refused": ("profile", lambda exchange: replace(exchange, body=b'{"ok":-1}'), CALLBACK),
    "lost cookie": ("auth", without("Set-Cookie"), ("Set-Cookie.remixmid", "cookie")),
    "no redirect": ("auth", without("Location"), ("Location", "redirect")),
}


def test_planted_differences_are_found_by_their_positions(afternoon: list[Exchange]) -> None:
    for planted, (act, change, found) in PLANTED.items():
        one = max((one for one in afternoon if one.act == act), key=lambda one: len(one.body) or len(one.headers))
        changed = [change(other) if other is one else other for other in afternoon]
        told = differences(afternoon, changed)
        assert (act, "divergent", *found) in told, planted
        assert {row[0] for row in told} == {act}, planted
