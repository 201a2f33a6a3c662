"""Captures to play back, made for the tests."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.replay.captures import encoded
from userapi_gw.playback.index import prepare
from userapi_gw.playback.tape import Tape
from userapi_gw.replay.exchange import Exchange, Headers

JSON: Headers = (("Content-Type", "application/json; charset=utf-8"),)


def asked(method: str = "GET", path: str = "/data", **sent: Any) -> Exchange:
    """A request nobody has answered yet."""
    query = urlencode(sent)
    if method == "POST":
        return Exchange(0, None, method, f"http://127.0.0.1{path}", (), query.encode())
    return Exchange(0, None, method, f"http://127.0.0.1{path}?{query}")


def answered(number: int, body: bytes = b"{}", path: str = "/data", headers: Headers = JSON, **sent: Any) -> Exchange:
    """A request as it was recorded."""
    return Exchange(number, None, "GET", f"http://userapi.com{path}?{urlencode(sent)}", (), b"", 200, headers, body)


def capture(path: Path, *exchanges: Exchange, name: str = "jsonl") -> Path:
    """Write a capture."""
    path.write_bytes(encoded([*exchanges], name))
    return path


def tape(folder: Path, *exchanges: Exchange) -> Tape:
    """Return the tape of a capture."""
    prepare(folder, capture(folder / "capture.jsonl", *exchanges))
    return Tape(folder)
