"""Parameters in addresses and bodies, as the bytes they are."""

import re
import string
from collections.abc import Callable
from io import BytesIO
from urllib.parse import parse_qsl, quote, quote_from_bytes, unquote_to_bytes

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

Pairs = list[tuple[str, str]]
Change = Callable[[str, str], str | None]
"""Given a name and a value, the new value; None for one that stays. The characters are bytes."""

_FIELD = re.compile(
    r'(Content-Disposition:[^\r\n]*\bname="?([^";\r\n]*)"?(?![^\r\n]*filename)[^\r\n]*(?:\r\n[^\r\n]+)*\r\n\r\n)(.*?)'
    r"(?=\r\n--)",
    re.S | re.I,
)


def as_bytes(text: str) -> bytes:
    """Return the bytes a text stands for: latin-1 of a text of bytes, UTF-8 of any other."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", errors="replace")


def as_text(raw: bytes) -> str:
    """Return UTF-8 as text; bytes that are none are read as latin-1, so that nothing is lost."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def query_pairs(query: str) -> Pairs:
    """Read `name=value&...`, whose characters stand for bytes."""
    return _pairs(as_bytes(query))


def form_pairs(body: bytes, content_type: str) -> Pairs:
    """Read the fields of a form, files left out. Whatever is not multipart counts as urlencoded."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data":
        return _pairs(body)
    try:
        parser = FormDataParser(stream_factory=lambda *_, **__: BytesIO())
        _, fields, _ = parser.parse(BytesIO(body), kind, len(body), options)
    except (HTTPException, ValueError):  # cut off, or no boundary
        return []
    return list(fields.items(multi=True))


def _pairs(raw: bytes) -> Pairs:
    encoded = quote_from_bytes(raw, safe=string.printable)
    pairs = parse_qsl(encoded, keep_blank_values=True, encoding="latin-1")
    return [(as_text(as_bytes(name)), as_text(as_bytes(value))) for name, value in pairs]


def unquoted(text: str) -> str:
    """Undo the percent-encoding of a name or value of a form; the characters are bytes before and after."""
    return unquote_to_bytes(as_bytes(text.replace("+", " "))).decode("latin-1")


def changed_pairs(text: str, change: Change) -> str:
    """Change values of `name=value&...`; everything else stays as it is spelled."""
    return "&".join(_changed_pair(part, change) for part in text.split("&"))


def changed_fields(body: bytes, change: Change) -> bytes:
    """Change values of a form with files, which stay as they are."""

    def field(found: re.Match[str]) -> str:
        changed = change(found[2], found[3])
        return found[0] if changed is None else found[1] + changed

    return _FIELD.sub(field, body.decode("latin-1")).encode("latin-1", errors="replace")


def _changed_pair(part: str, change: Change) -> str:
    name, equals, value = part.partition("=")
    changed = change(unquoted(name), unquoted(value))
    return part if changed is None else f"{name}{equals}{quote(changed, safe='', encoding='latin-1')}"
