"""Parameters in addresses and bodies, as the bytes they are."""

import string
from io import BytesIO
from urllib.parse import parse_qsl, quote_from_bytes

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

Pairs = list[tuple[str, str]]


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
