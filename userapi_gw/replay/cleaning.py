"""Finds the secrets of an exchange and puts stand-ins into their places, however they are encoded there.

Secrets are the values of the parameters, form fields and JSON keys in `SECRETS`, all cookies but the user id, what
`Authorization` says, e-mail addresses and hex numbers of 32 digits and more wherever they stand, and every other place
of the same exchange where one of the former is repeated.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_plus, unquote

from userapi_gw.replay.exchange import Exchange, Headers
from userapi_gw.replay.parameters import as_bytes, as_text, changed_fields, unquoted
from userapi_gw.replay.stand_ins import StandIns

SECRETS = frozenset(
    {
        *("sid", "pass", "password", "remixpassword", "remixsid", "email", "cid", "csid", "fcsid", "hash", "rhash"),
        *("token", "access_token", "secret", "client_secret", "api_key"),
        *("sign", "auth_key", "ticket"),  # of launches in a VK community, and of the pages they open
    }
)
NO_SECRETS = frozenset({"", "null", "undefined", "none", "false", "true", "deleted"})
"""What programs send for want of a secret; neither are numbers of one digit, such as a sid of -1."""
PUBLIC_COOKIES = frozenset({"remixmid"})
"""The user id, which stands everywhere."""
LEAST_REPEATED = 6
"""Secrets of fewer characters are not looked for in other places: they stand in every second number."""

_NAMES = "|".join(sorted(SECRETS, key=len, reverse=True))
_BEFORE = r"(?:(?<![0-9A-Za-z_%])|(?<=%[0-9A-Fa-f]{2}))"  # %26sid%3D is a place, too
_AT = r"(?:@|%40|\\u0040|&\#64;|&\#x40;)"
_INSIDE = r"""[^&;\#\s"'<>\\]"""
_LABEL = "[A-Za-z0-9-]{1,63}"
_SECRET = re.compile(
    rf"""
      {_BEFORE} (?P<place> (?:{_NAMES}) (?:=|(?P<nested>%3[Dd])) )
      (?P<value> (?(nested) (?:(?!%26|%23|%3[Bb]){_INSIDE})* | {_INSIDE}* ) )
    | (?P<key> "(?:{_NAMES})"(?:\s*:\s*|\svalue=) ) (?P<quoted> "(?:[^"\\]|\\.)*" )
    | (?P<name> [\w.+-]{{1,64}} (?:%2[Bb][\w.+-]{{1,64}})? ) (?P<at> {_AT} ) (?P<host> {_LABEL} (?:\.{_LABEL}){{1,8}} )
    | (?:{_BEFORE}|(?<=_)) (?P<hex> [0-9a-f]{{32,}} ) (?![0-9A-Za-z])
    """,
    re.ASCII | re.VERBOSE,
)
"""`sid=...`, `"hash": "..."`, `name="ticket" value="..."`, an e-mail address, a long hex number."""
_AT_SIGNS = ("@", "%40", "\\u0040", "&#")
_LIKELY = re.compile(rf'"(?:{_NAMES})"|[0-9a-f]{{32}}')
_LIKELY_PLACE = re.compile(rf"(?:{_NAMES})(?:=|%3[Dd])")
_COOKIE = re.compile(r"(^|;\s*)([^=;]+)=([^;]*)")
_PICTURES = ("image/", "audio/", "video/", "application/octet-stream")


class Cleaner:
    """Puts stand-ins into the places of secrets; the same secret gets the same one in all exchanges."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins

    def clean(self, exchange: Exchange) -> Exchange:
        """Return the exchange without secrets."""
        work = _Cleaning(self._stand_ins)
        kind = exchange.request_header("Content-Type")
        found = replace(
            exchange,
            url=work.address(exchange.url),
            request_headers=work.headers(exchange.request_headers),
            request_body=work.request_body(exchange.request_body, kind),
            headers=work.headers(exchange.headers),
            body=work.body(exchange.body, exchange.header("Content-Type")),
        )
        return work.without_repeated(found)


@dataclass
class _Cleaning:
    """The work on one exchange. Texts are bytes as latin-1; `found` are secrets with their stand-ins."""

    stand_ins: StandIns
    found: dict[str, str] = field(default_factory=dict)

    def address(self, url: str) -> str:
        """Clean an address, in and behind which parameters stand."""
        base, mark, rest = url.partition("?")
        query, sharp, fragment = rest.partition("#")
        return self.text(base) + mark + self.form(query) + sharp + self.text(fragment)

    def form(self, text: str) -> str:
        """Clean `name=value&...`; a value may be an address, percent-encoded."""
        return "&".join(self._parameter(part) for part in text.split("&"))

    def _parameter(self, part: str) -> str:
        name, equals, value = part.partition("=")
        plain = unquoted(value)
        if unquoted(name).lower() in SECRETS:
            return f"{name}={quote(self._of(plain), safe='@' if '@' in value else '')}" if equals and plain else part
        cleaned = self.text(plain)
        return self.text(name) + equals + (value if cleaned == plain else quote_plus(cleaned, encoding="latin-1"))

    def text(self, text: str) -> str:
        """Clean any text."""
        return _SECRET.sub(self._made, text) if _may_hold_secrets(text) else text

    def _made(self, found: re.Match[str]) -> str:
        if found["place"]:
            return found["place"] + quote(self._of(unquoted(found["value"])), safe="")
        if found["key"]:
            return f'{found["key"]}"{self._of(_of_json(found["quoted"]))}"'
        if found["at"]:
            return self._of(f"{unquote(found['name'])}@{found['host']}").replace("@", found["at"])
        return self._of(found["hex"])

    def headers(self, headers: Headers) -> Headers:
        """Clean headers."""
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def request_body(self, body: bytes, content_type: str) -> bytes:
        """Clean a form; the files in it stay as they are."""
        if content_type.lower().startswith("multipart/"):
            return changed_fields(body, self._field)
        return self.form(body.decode("latin-1")).encode("latin-1")

    def body(self, body: bytes, content_type: str) -> bytes:
        """Clean an answer; pictures stay as they are."""
        if not body or content_type.lower().startswith(_PICTURES):
            return body
        return self.text(body.decode("latin-1")).encode("latin-1")

    def without_repeated(self, exchange: Exchange) -> Exchange:
        """Look for what was found once in all other places, too."""
        spelled = {form: made for secret, made in self.found.items() for form in _spellings(secret)}
        if not spelled:
            return exchange
        every = re.compile("|".join(re.escape(form) for form in sorted(spelled, key=len, reverse=True)))

        def swap(text: str) -> str:
            return every.sub(lambda found: spelled[found[0]], text)

        is_picture = exchange.header("Content-Type").lower().startswith(_PICTURES)
        is_form = not exchange.request_header("Content-Type").lower().startswith("multipart/")
        return replace(
            exchange,
            url=swap(exchange.url),
            request_headers=tuple((name, swap(value)) for name, value in exchange.request_headers),
            request_body=_swapped(exchange.request_body, swap) if is_form else exchange.request_body,
            headers=tuple((name, swap(value)) for name, value in exchange.headers),
            body=exchange.body if is_picture else _swapped(exchange.body, swap),
        )

    def _of(self, secret: str) -> str:
        if secret.lower() in NO_SECRETS or len(secret.lstrip("-")) == 1:
            return secret
        made = self.stand_ins.of(secret)
        if len(secret) >= LEAST_REPEATED:
            self.found[secret] = made
        return made

    def _field(self, name: str, value: str) -> str:
        return self._of(value) if name.lower() in SECRETS else self.text(value)

    def _header(self, name: str, value: str) -> str:
        if name in ("cookie", "set-cookie"):
            return _COOKIE.sub(
                lambda found: found[1] + self._cookie(found[2], found[3]), value, count=int(name == "set-cookie")
            )
        if name in ("authorization", "proxy-authorization"):
            scheme, blank, secret = value.partition(" ")
            return scheme + blank + self._of(secret)
        return self.address(value) if name in ("location", "referer", "content-location") else self.text(value)

    def _cookie(self, name: str, value: str) -> str:
        return f"{name}={value if name in PUBLIC_COOKIES else self._of(value)}"


def _may_hold_secrets(text: str) -> bool:
    """Look quickly for what most answers do not have; `_SECRET` takes its time."""
    if any(sign in text for sign in _AT_SIGNS) or _LIKELY.search(text):
        return True
    return ("=" in text or "%3" in text) and _LIKELY_PLACE.search(text) is not None


def _of_json(quoted: str) -> str:
    """The text in quotes as bytes; one that is no JSON as it stands."""
    try:
        return str(json.loads(as_text(as_bytes(quoted)))).encode(errors="replace").decode("latin-1")
    except ValueError:
        return quoted[1:-1]


def _spellings(secret: str) -> set[str]:
    """A secret as it may be written elsewhere: plain, percent-encoded, in JSON."""
    quoted = {quote(secret, safe="", encoding="latin-1"), quote_plus(secret, encoding="latin-1")}
    small = {re.sub("%..", lambda found: found[0].lower(), text) for text in quoted}
    return {secret, json.dumps(as_text(as_bytes(secret)))[1:-1], *quoted, *small}


def _swapped(body: bytes, swap: Callable[[str], str]) -> bytes:
    return swap(body.decode("latin-1")).encode("latin-1")
