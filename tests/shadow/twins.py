"""A gateway and its shadow, made for the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway
from tests.program import Program
from tests.replay.recorded import close_answers
from tests.second_server import served
from userapi_gw.shadow import Shadow
from userapi_gw.shadow.book import COUNTED


def shadowed_by(make_gateway: MakeGateway, url: str, **settings: Any) -> Flask:
    """Return a gateway whose shadow is at `url`."""
    gateway = make_gateway(shadow=url, **settings)
    close_answers(gateway)
    return gateway


@contextmanager
def twins(make_gateway: MakeGateway, tmp_path: Path, **settings: Any) -> Iterator[tuple[Flask, Flask]]:
    """Make a gateway and a second one with data of its own, which is the shadow of the first."""
    second = make_gateway(data_dir=tmp_path / "second")
    with served(lambda environ, start_response: second.wsgi_app(environ, start_response)) as url:
        yield shadowed_by(make_gateway, url, **settings), second


def shadow_of(gateway: Flask) -> Shadow:
    """The shadow of a gateway, when it has worked off everything."""
    shadow: Shadow | None = gateway.extensions["userapi_gw"].shadow
    assert shadow is not None
    shadow.settle()
    return shadow


def counts(gateway: Flask) -> dict[str, int]:
    """What was counted, without what never happened."""
    found = shadow_of(gateway).report().counts
    assert [*found] == [*COUNTED]
    return {name: count for name, count in found.items() if count}


class Patient(Program):
    """A program that waits for the shadow after each request, so that both gateways do everything in one order."""

    def auth(self, query: str = "", host: str = "login.userapi.com", **parameters: Any) -> TestResponse:
        response = super().auth(query, host, **parameters)
        shadow_of(self.gateway)
        return response

    def raw(self, query: str, host: str = "userapi.com") -> TestResponse:
        response = super().raw(query, host)
        shadow_of(self.gateway)
        return response
