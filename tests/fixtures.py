"""Replays one request/answer file of `fixtures/userapi` and tells where the answer differs.

A file names its source, the request as it was printed, what has to happen before, which parameters are bound to values
of this run (`rebind`), which pictures are posted (`jpeg`: width by field name)
and which values of the answer are `volatile`. Everything else must be equal byte by byte.
"""

import json
import re
import struct
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests.files import jpeg
from tests.program import Program, answer_of
from userapi_gw.backend.client import Client
from userapi_gw.notify import Outbox

FOLDER = Path(__file__).parent.parent / "fixtures" / "userapi"


@dataclass(frozen=True)
class Fixture:
    """One file."""

    name: str
    content: dict[str, Any]

    def replay(self, gateway: Flask) -> tuple[str, str]:
        """Return the answer expected and the one given, after the volatile values of the first went into the second."""
        program = Program(gateway)
        values = {"sid": ""}
        if "account" in self.content:
            values["sid"] = program.log_in(self.content["account"]).sid
        for step in self.content.get("before", ()):
            self._step(step, program, values)
        url = urlsplit(self.content["request"])
        pairs = dict(parse_qsl(url.query)) | {
            name: value.format(**values) for name, value in self.content.get("rebind", {}).items()
        }
        response = self._request(program, url.path, pairs, f"http://{url.netloc}")
        expected = self.content["answer"]
        if "picture" in expected:
            shape = struct.unpack(">8x8xII", response.get_data()[:24])  # a PNG's first chunk tells its size
            return expected["picture"], f"{response.content_type} {shape[0]}x{shape[1]}"
        if "body" in expected:
            assert response.status_code == 200
            return expected["body"], self._settle(expected["body"], response.get_data(as_text=True))
        assert response.status_code == expected["status"]
        assert response.get_data() == b""
        return self._headers(response.headers)

    def _request(self, program: Program, path: str, pairs: dict[str, str], base: str) -> TestResponse:
        query = urlencode(pairs)
        if "jpeg" not in self.content:
            return program.client.get(path, query_string=query, base_url=base)
        files = {name: (BytesIO(jpeg(width, width)), "photo.jpg") for name, width in self.content["jpeg"].items()}
        return program.client.post(path, query_string=query, base_url=base, data=files)

    def _step(self, step: dict[str, Any], program: Program, values: dict[str, str]) -> None:
        if "captcha" in step:
            # Issued as for a picture, which no program could read.
            state = program.gateway.extensions["userapi_gw"].state
            values["code"] = state.captchas.issue(step["captcha"])
            return
        if "mail" in step:
            (letter,) = Outbox(program.gateway.extensions["userapi_gw"].settings.data_dir / "outbox").letters()
            values |= re.search(step["mail"], letter.text).groupdict()  # type: ignore[union-attr]
            return
        if "backend" in step:
            gateway = program.gateway.extensions["userapi_gw"]
            client: Client = gateway.client
            token = gateway.state.sessions.find(program.sid).token
            client.call(
                step["backend"], token, **{name: value.format(**values) for name, value in step["parameters"].items()}
            )
            return
        answer = answer_of(program.client.get(step["request"].format(**values)))
        for name, path in step.get("keep", {}).items():
            values[name] = str(_value(answer, _path(path)))

    def _settle(self, expected: str, given: str) -> str:
        """Put the expected volatile values into the answer given; the spelling of the answer stays under test."""
        callback = expected.partition("(")[0] if expected.endswith(");") else ""
        inner = slice(len(callback) + 1, -2) if callback else slice(None)
        wanted, found = json.loads(expected[inner]), json.loads(given[inner])
        assert _spelled(found, callback) == given
        for path in self.content["volatile"]:
            _carry(wanted, found, _path(path))
        return _spelled(found, callback)

    def _headers(self, headers: Headers) -> tuple[str, str]:
        given = [f"{name}: {value}" for name, value in headers.items() if name in ("Location", "Set-Cookie")]
        expected = self.content["answer"]["headers"]
        return tuple("\n".join(sorted(map(self._masked, lines))) for lines in (expected, given))  # type: ignore[return-value]

    def _masked(self, line: str) -> str:
        for name in self.content["volatile"]:
            line = re.sub(rf"({name}=)[0-9a-f]+", lambda found: found[1] + "x" * (len(found[0]) - len(found[1])), line)
        return line


def load(folder: Path = FOLDER) -> list[Fixture]:
    """All files of a folder by name."""
    return [Fixture(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]


def _spelled(value: Any, callback: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"{callback}({text});" if callback else text


def _path(text: str) -> list[str | int]:
    return [int(part) if part.isdecimal() else part for part in re.findall(r"[^.\[\]]+", text)]


def _value(value: Any, path: list[str | int]) -> Any:
    for part in path:
        value = value[part]
    return value


def _carry(wanted: Any, found: Any, path: list[str | int]) -> None:
    first, *rest = path
    places = range(len(wanted)) if first == "*" else [first]
    for place in places:
        if rest:
            _carry(wanted[place], found[place], rest)
        else:
            assert type(wanted[place]) is type(found[place]), path
            found[place] = wanted[place]
