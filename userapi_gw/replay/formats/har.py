"""HAR 1.2, as browsers and mitmproxy write it. Our own has one line for each entry."""

import json
import re
import string
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, ValidationError
from urllib3.filepost import encode_multipart_formdata
from werkzeug.http import parse_options_header

from userapi_gw.replay.exchange import Exchange, Headers, without_transfer
from userapi_gw.replay.faults import CaptureError
from userapi_gw.replay.formats.checks import reason
from userapi_gw.replay.formats.times import iso, seconds
from userapi_gw.replay.parameters import as_bytes, as_text, query_pairs

NAME = "har"
ENDINGS = (".har",)

_ENTRIES = re.compile(r'"entries"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


class _Pair(BaseModel):
    name: str
    value: str | None = ""


class _Part(_Pair):
    file_name: str | None = Field(None, alias="fileName")
    content_type: str | None = Field(None, alias="contentType")


class _Body(BaseModel):
    mime_type: str | None = Field("", alias="mimeType")
    text: str | None = None
    encoding: str | None = None
    encoding_of_request: str | None = Field(None, alias="_encoding")
    params: list[_Part] | None = None

    def raw(self) -> bytes:
        text = self.text or ""
        if "base64" in (self.encoding, self.encoding_of_request):
            return b64decode(text)
        if not text and self.params:
            return self._form(self.params)
        return text.encode(errors="replace")

    def _form(self, params: list[_Part]) -> bytes:
        kind, options = parse_options_header(self.mime_type or "")
        if kind != "multipart/form-data":
            return urlencode([(part.name, part.value or "") for part in params]).encode()
        fields = [
            (part.name, (part.file_name, part.value or "") if part.file_name else part.value or "") for part in params
        ]
        return encode_multipart_formdata(fields, options.get("boundary"))[0]


class _Request(BaseModel):
    method: str
    url: str
    headers: list[_Pair] = []
    query: list[_Pair] = Field([], alias="queryString")
    body: _Body | None = Field(None, alias="postData")


class _Answer(BaseModel):
    status: int = 0
    headers: list[_Pair] = []
    content: _Body | None = None


class _Entry(BaseModel):
    began: str = Field("", alias="startedDateTime")
    request: _Request
    answer: _Answer | None = Field(None, alias="response")


def fits(start: bytes) -> bool:
    """Tell whether a file that begins so may be one."""
    return re.match(rb'(?:\xef\xbb\xbf)?\s*\{\s*"log"\s*:', start) is not None


def read(file: IO[bytes]) -> Iterator[Exchange]:
    """Read all entries. The whole file is held in memory, the exchanges are not."""
    text = file.read().decode("utf-8-sig", errors="replace")
    found = _ENTRIES.search(text)
    if found is None:
        raise CaptureError("the file breaks off before its first entry")
    place, number = _after(text, found.end()), 1
    while text[place : place + 1] != "]":
        try:
            value, place = _DECODER.raw_decode(text, place)
            yield _exchange(number, _Entry.model_validate(value))
        except json.JSONDecodeError:
            raise CaptureError("broken or cut off", number, "entry") from None
        except (ValidationError, ValueError) as error:
            raise CaptureError(reason(error), number, "entry") from None
        except RecursionError:
            raise CaptureError("nested too deeply", number, "entry") from None
        place, number = _after(text, place), number + 1


def _after(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _exchange(number: int, entry: _Entry) -> Exchange:
    request, answer = entry.request, entry.answer
    url = _as_bytes_text(request.url)
    if request.query and "?" not in url:
        url = f"{url}?{urlencode([(pair.name, pair.value or '') for pair in request.query])}"
    body = request.body.raw() if request.body else b""
    asked = (number, seconds(entry.began), request.method, url, _headers(request.headers), body)
    if answer is None or answer.status <= 0:  # browsers write 0 when no answer came
        return Exchange(*asked)
    return Exchange(*asked, answer.status, _headers(answer.headers), answer.content.raw() if answer.content else b"")


def _headers(pairs: list[_Pair]) -> Headers:
    return without_transfer(tuple((pair.name, _as_bytes_text(pair.value or "")) for pair in pairs))


def _as_bytes_text(text: str) -> str:
    return text.encode(errors="replace").decode("latin-1")


class Encoder:
    """Writes HAR."""

    head = b'{"log": {"version": "1.2", "creator": {"name": "userapi-gw", "version": "1"}, "entries": [\n'
    tail = b"]}}\n"

    def encode(self, exchange: Exchange, *, is_first: bool) -> bytes:
        """Return the line of an entry."""
        entry = {
            "startedDateTime": iso(exchange.began),
            "time": 0,
            "request": _request(exchange),
            "response": _answer(exchange),
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
        }
        return (b"" if is_first else b",") + json.dumps(entry, separators=(",", ":")).encode() + b"\n"


def _request(exchange: Exchange) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": _url(exchange.url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _header_rows(exchange.request_headers),
        "queryString": _named(query_pairs(exchange.query)),
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        kind = exchange.request_header("Content-Type")
        request["postData"] = {"mimeType": kind} | _text(exchange.request_body, "_encoding")
    return request


def _answer(exchange: Exchange) -> dict[str, Any]:
    kind = exchange.header("Content-Type")
    content = {"size": len(exchange.body), "mimeType": kind} | _text(exchange.body, "encoding")
    return {
        "status": exchange.status or 0,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _header_rows(exchange.headers),
        "content": content,
        "redirectURL": _url(exchange.header("Location")),
        "headersSize": -1,
        "bodySize": len(exchange.body),
    }


def _url(url: str) -> str:
    """HAR is a text: bytes of an address that are no ASCII are percent-encoded."""
    return quote(as_bytes(url), safe=string.printable)


def _named(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _header_rows(headers: Headers) -> list[dict[str, str]]:
    return _named((name, as_text(as_bytes(value))) for name, value in headers)


def _text(body: bytes, encoding: str) -> dict[str, str]:
    with suppress(UnicodeDecodeError):
        return {"text": body.decode()}
    return {"text": b64encode(body).decode(), encoding: "base64"}
