"""The project's own fixtures, and a gateway inside the process they are run against."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from flask import Flask

from tests.files import jpeg as jpeg_file
from tests.letters import texts
from tests.program import Program
from userapi_gw.backend.client import Client
from userapi_gw.compare import fixtures
from userapi_gw.compare.fixtures.files import Fixture, Step
from userapi_gw.replay.exchange import Exchange, without_transfer

FOLDER = Path(__file__).parent.parent / "fixtures" / "userapi"


class InProcess:
    """A gateway with everything fixtures ask for: also captchas nobody could read, mails, and calls to the backend."""

    def __init__(self, gateway: Flask) -> None:
        self._gateway, self._program = gateway.extensions["userapi_gw"], Program(gateway)

    def log_in(self, account: str) -> str:
        return self._program.log_in(account).sid

    def ask(self, request: Exchange, jpeg: Mapping[str, int]) -> Exchange:
        files = {name: (BytesIO(jpeg_file(width, width)), "photo.jpg") for name, width in jpeg.items()}
        response = self._program.client.open(
            request.path,
            method="POST" if files else request.method,
            query_string=request.query,
            base_url=f"http://{request.host or 'localhost'}",
            headers=request.request_headers,
            data=files or request.request_body,
        )
        headers = without_transfer(tuple(response.headers))
        return Exchange(1, None, request.method, request.url, (), b"", response.status_code, headers, response.data)

    def take(self, step: Step, values: Mapping[str, str]) -> Mapping[str, str]:
        if step.captcha:
            return {"code": self._gateway.state.captchas.issue(step.captcha)}
        if step.mail:
            (text,) = texts(self._gateway.state)
            found = re.search(step.mail, text)
            assert found
            return found.groupdict()
        client: Client = self._gateway.client
        token = self._gateway.state.sessions.find(self._program.sid).token
        client.call(step.backend, token, **{name: value.format_map(values) for name, value in step.parameters.items()})
        return {}


def load() -> list[Fixture]:
    """All fixtures of the project by name."""
    return fixtures.load(FOLDER)
