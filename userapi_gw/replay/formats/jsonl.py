"""JSON lines, a format of our own: a line that says so, then one line for each exchange.

    {"format": "userapi-gw capture", "version": 1}
    {"began": 1230768000.5, "request": {"method": "GET", "url": "http://userapi.com/data?act=wall&id=1&sid=...",
     "headers": [["User-Agent", "pyvk-t"]]}, "answer": {"status": 200, "headers": [...], "body": "{\"n\":1,...}"}}

`began` is unix seconds or null. Characters of `url` and of headers stand for bytes. A `body` is a text that was sent
as UTF-8, or `{"base64": "..."}` for other bytes; it is left out when empty. `answer` is null, or not there, where
there was none. The first line may be missing, and may come again where files were put together.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import IO, Any, Final, Literal

from pydantic import BaseModel, Field

from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.formats.checks import reason
from userapi_gw.replay.formats.lines import Faults

NAME = "jsonl"
ENDINGS = (".jsonl",)
FORMAT: Final = "userapi-gw capture"
VERSION = 1


class _Base64(BaseModel):
    base64: str


class _Request(BaseModel):
    method: str
    url: str
    headers: Headers = ()
    body: str | _Base64 = ""


class _Answer(BaseModel):
    status: int
    headers: Headers = ()
    body: str | _Base64 = ""


class _Line(BaseModel):
    format: Literal["userapi-gw capture"] = FORMAT
    version: int = Field(VERSION, le=VERSION)
    began: float | None = None
    request: _Request | None = None
    answer: _Answer | None = None


def fits(start: bytes) -> bool:
    """Tell whether a file that begins so may be one."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read(file: IO[bytes]) -> Iterator[Exchange]:
    """Read a file line by line. Bad lines are left out; when there were any, `CaptureError` is the end."""
    number, faults = 0, Faults()
    for place, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            row = _Line.model_validate_json(line.removeprefix(b"\xef\xbb\xbf"))
            exchange = _exchange(number + 1, row)
        except ValueError as error:
            faults.add(reason(error), place)
            continue
        if exchange:
            number += 1
            yield exchange
    faults.tell()


def _exchange(number: int, row: _Line) -> Exchange | None:
    """Return the exchange of a line, None for a line that only tells the format."""
    if row.request is None:
        return None
    request, answer = row.request, row.answer
    asked = (number, row.began, request.method, request.url, request.headers, _bytes(request.body))
    if answer is None:
        return Exchange(*asked)
    return Exchange(*asked, answer.status, answer.headers, _bytes(answer.body))


def _bytes(body: str | _Base64) -> bytes:
    return body.encode() if isinstance(body, str) else b64decode(body.base64, validate=True)


class Encoder:
    """Writes JSON lines."""

    head = json.dumps({"format": FORMAT, "version": VERSION}).encode() + b"\n"
    tail = b""

    def encode(self, exchange: Exchange, *, is_first: bool) -> bytes:
        """Return the line of an exchange."""
        request = {"method": exchange.method, "url": exchange.url, "headers": exchange.request_headers}
        row: dict[str, Any] = {"began": exchange.began, "request": request | _body(exchange.request_body)}
        if exchange.status is not None:
            row["answer"] = {"status": exchange.status, "headers": exchange.headers} | _body(exchange.body)
        return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def _body(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body": {"base64": b64encode(body).decode()}}
