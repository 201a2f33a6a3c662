"""Reads the body of an answer: JSON, JSON in a callback (JSONP), or bytes. Bodies are hostile input."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

DEEPEST = 200
"""Answers nest a dozen levels; what nests deeper than this is compared as bytes."""

_CALLBACK = re.compile(rb"\s*([A-Za-z_$][\w$.\[\]=]{0,99})\((.*)\);\s*", re.DOTALL)
_TEXT = rb'"(?:[^"\\]|\\.)*+"?'
"""A JSON text; one without an end goes on to the end, so that no body is looked through twice."""
_BRACKETS = re.compile(_TEXT + rb"|([\[{])|([\]}])", re.DOTALL)
_SEPARATOR = re.compile(_TEXT + rb"|[,:](\s?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Body:
    """A body: `value` is what JSON holds, `callback` the name around it, `form` tells which of three it is."""

    form: Literal["JSON", "JSONP", "bytes"]
    value: Any = None
    callback: str = ""
    spaced: bool | None = None
    """Whether a blank stands behind commas and colons, as dialect 2008 writes them; None where there are none."""
    padded: bool = False
    """Whether blanks or line ends stand before or behind it."""


def read(raw: bytes) -> Body:
    """Read a body; whatever is not JSON is bytes. Never raises."""
    value, is_json = _json(raw)
    if is_json:
        return Body("JSON", value, "", _spaced(raw), raw != raw.strip())
    found = _CALLBACK.fullmatch(raw)
    if found:
        value, is_json = _json(found[2])
        if is_json:
            return Body("JSONP", value, found[1].decode("ascii", "replace"), _spaced(found[2]), raw != raw.strip())
    return Body("bytes")


def is_spelled(raw: bytes, body: Body) -> bool:
    """Tell whether a body is spelled as the gateway would: no escapes but those JSON needs, no blanks but its own."""
    separators = (", ", ": ") if body.spaced else (",", ":")
    text = json.dumps(body.value, ensure_ascii=False, separators=separators)
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return raw == (f"{body.callback}({text});" if body.form == "JSONP" else text).encode("utf-8", "replace")


def _json(raw: bytes) -> tuple[Any, bool]:
    try:
        if _is_deep(raw):
            return None, False
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse), True
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of thousands of digits; NaN is no JSON either
        return None, False


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _is_deep(raw: bytes) -> bool:
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for found in _BRACKETS.finditer(raw):
        depth += bool(found[1]) - bool(found[2])
        if depth > DEEPEST:
            return True
    return False


def _spaced(raw: bytes) -> bool | None:
    """Tell by the first comma or colon outside of texts."""
    separators = (found[1] for found in _SEPARATOR.finditer(raw) if found[1] is not None)
    return next((blank != b"" for blank in separators), None)
